"""Whose an amount is and what it covers, in the languages of the lexicon.

One-liners of our own, in roles, not in wordings.
"""

from __future__ import annotations

import pytest

from mining.card import ModelFacts, read_card, settle

# language: own statement; what must not settle (saved, planned, inference, another model's); grams of the first
ROWS: tuple[tuple[str, str, tuple[str, ...], float], ...] = (
    (
        "en",
        "Training this model released about 3.2 kg of CO2eq.",
        (
            "Using it instead of the large one saves 48 kg of CO2eq a month.",
            "Our target is to stay below 9 kg CO2eq per training.",
            "Each answer emits 0.7 g of CO2eq at inference.",
            "The base model's pre-training emitted 52 t CO2eq.",
            "GPT-3 has been estimated at 552 t CO2eq.",
        ),
        3200,
    ),
    (
        "de",
        "Beim Training dieses Modells entstanden 3,2 kg CO2-Äquivalente.",
        (
            "Gegenüber dem alten Verfahren werden 48 kg CO2 eingespart.",
            "Unser Ziel ist es, unter 9 kg CO2 zu bleiben.",
            "Jede Anfrage verursacht bei der Inferenz 0,7 g CO2.",
            "Das Basismodell verursachte laut seinen Autoren 52 t CO2.",
        ),
        3200,
    ),
    (
        "fr",
        "L'entraînement de ce modèle a émis 3,2 kg de CO2eq.",
        (
            "Son usage évite 48 kg de CO2 par mois.",
            "Notre objectif est de rester sous 9 kg de CO2.",
            "Chaque requête émet 0,7 g de CO2 en inférence.",
            "Le modèle d'origine avait émis 52 tonnes de CO2 selon ses auteurs.",
        ),
        3200,
    ),
    (
        "es",
        "El entrenamiento de este modelo emitió 3,2 kg de CO2eq.",
        (
            "Su uso ahorra 48 kg de CO2 al mes.",
            "Nuestro objetivo es no superar 9 kg de CO2.",
            "Cada consulta emite 0,7 g de CO2 en inferencia.",
            "El modelo base emitió 52 toneladas de CO2 según sus autores.",
        ),
        3200,
    ),
    (
        "pt",
        "O treino deste modelo emitiu 3,2 kg de CO2eq.",
        (
            "O seu uso poupa 48 kg de CO2 por mês.",
            "O nosso objetivo é ficar abaixo de 9 kg de CO2.",
            "Cada consulta emite 0,7 g de CO2 na inferência.",
            "O modelo original emitiu 52 toneladas de CO2 segundo os autores.",
        ),
        3200,
    ),
    (
        "it",
        "L'addestramento di questo modello ha emesso 3,2 kg di CO2eq.",
        (
            "Il suo impiego risparmia 48 kg di CO2 al mese.",
            "Il nostro obiettivo è restare sotto 9 kg di CO2.",
            "Ogni richiesta emette 0,7 g di CO2 in inferenza.",
            "Il modello di base ha emesso 52 tonnellate di CO2 secondo gli autori.",
        ),
        3200,
    ),
    (
        "ca",
        "L'entrenament d'aquest model va emetre 3,2 kg de CO2eq.",
        (
            "El seu ús estalvia 48 kg de CO2 al mes.",
            "El nostre objectiu és no superar 9 kg de CO2.",
            "Cada consulta emet 0,7 g de CO2 en inferència.",
            "El model base va emetre 52 tones de CO2 segons els seus autors.",
        ),
        3200,
    ),
    (
        "nl",
        "De training van dit model stootte 3,2 kg CO2-equivalent uit.",
        (
            "Het gebruik bespaart 48 kg CO2 per maand.",
            "Ons doel is onder 9 kg CO2 te blijven.",
            "Elk verzoek stoot 0,7 g CO2 uit bij inferentie.",
            "Het basismodel stootte volgens de auteurs 52 ton CO2 uit.",
        ),
        3200,
    ),
    (
        "pl",
        "Trening tego modelu wyemitował 3,2 kg ekwiwalentu CO2.",
        (
            "Jego użycie oszczędza 48 kg CO2 miesięcznie.",
            "Naszym celem jest nie przekroczyć 9 kg CO2.",
            "Każde zapytanie emituje 0,7 g CO2 podczas inferencji.",
            "Model bazowy wyemitował według autorów 52 tony CO2.",
        ),
        3200,
    ),
    (
        "ru",
        "Обучение этой модели привело к выбросу 3,2 кг CO2-экв.",
        (
            "Её использование экономит 48 кг CO2 в месяц.",
            "Наша цель: не превысить 9 кг CO2.",
            "Каждый запрос при инференсе даёт 0,7 г CO2.",
            "Базовая модель, по данным авторов, дала 52 т CO2.",
        ),
        3200,
    ),
    (
        "uk",
        "Навчання цієї моделі спричинило викиди 3,2 кг CO2-екв.",
        (
            "Її використання заощаджує 48 кг CO2 на місяць.",
            "Наша мета: не перевищити 9 кг CO2.",
            "Кожен запит під час інференсу дає 0,7 г CO2.",
            "Базова модель, за словами авторів, дала 52 т CO2.",
        ),
        3200,
    ),
    (
        "tr",
        "Bu modelin eğitimi 3,2 kg CO2 eşdeğeri salıma yol açtı.",
        (
            "Kullanımı ayda 48 kg CO2 tasarruf sağlıyor.",
            "Hedefimiz 9 kg CO2 değerini aşmamak.",
            "Çıkarım sırasında her sorgu 0,7 g CO2 salıyor.",
            "Temel model yazarlarına göre 52 ton CO2 saldı.",
        ),
        3200,
    ),
    (
        "id",
        "Pelatihan model ini menghasilkan emisi 3,2 kg CO2eq.",
        (
            "Pemakaiannya menghemat 48 kg CO2 per bulan.",
            "Target kami adalah di bawah 9 kg CO2.",
            "Setiap kueri menghasilkan 0,7 g CO2 saat inferensi.",
            "Model dasar menghasilkan 52 ton CO2 menurut penulisnya.",
        ),
        3200,
    ),
    (
        "vi",
        "Quá trình huấn luyện mô hình này phát thải 3,2 kg CO2eq.",
        (
            "Việc sử dụng giúp tiết kiệm 48 kg CO2 mỗi tháng.",
            "Mục tiêu của chúng tôi là dưới 9 kg CO2.",
            "Mỗi truy vấn phát thải 0,7 g CO2 khi suy luận.",
            "Mô hình gốc phát thải 52 tấn CO2 theo tác giả.",
        ),
        3200,
    ),
    (
        "zh",
        "本模型的训练共排放3.2千克二氧化碳当量。",
        (
            "使用它每月可节省48千克二氧化碳。",
            "我们的目标是低于9千克二氧化碳。",
            "推理时每次查询排放0.7克二氧化碳。",
            "据作者称，基座模型的训练排放了52吨二氧化碳。",
        ),
        3200,
    ),
    (
        "ja",
        "本モデルの学習で3.2kgのCO2が排出されました。",
        (
            "これにより毎月48kgのCO2が削減されます。",
            "目標は9kgのCO2以下です。",
            "推論では1回答あたり0.7gのCO2を排出します。",
            "元のモデルの学習では52トンのCO2が排出されました。",
        ),
        3200,
    ),
    (
        "ko",
        "이 모델의 학습으로 3.2kg의 CO2가 배출되었습니다.",
        (
            "이 모델을 쓰면 매달 48kg의 CO2를 절감합니다.",
            "목표는 9kg CO2 이하입니다.",
            "추론 시 답변 하나당 0.7g의 CO2가 배출됩니다.",
            "기반 모델의 학습은 52톤의 CO2를 배출했습니다.",
        ),
        3200,
    ),
    (
        "ar",
        "أدى تدريب هذا النموذج إلى انبعاث 3.2 كغ من مكافئ CO2.",
        (
            "استخدامه يوفر 48 كغ من CO2 شهريا.",
            "هدفنا ألا نتجاوز 9 كغ من CO2.",
            "كل استعلام أثناء الاستدلال يسبب 0.7 غ من CO2.",
            "النموذج الأساسي أطلق 52 طنا من CO2 حسب مؤلفيه.",
        ),
        3200,
    ),
    (
        "fa",
        "آموزش این مدل ۳٫۲ کیلوگرم معادل CO2 منتشر کرد.",
        (
            "استفاده از آن ماهانه ۴۸ کیلوگرم CO2 صرفه‌جویی می‌کند.",
            "هدف ما کمتر از ۹ کیلوگرم CO2 است.",
            "هر پرسش در استنتاج ۰٫۷ گرم CO2 منتشر می‌کند.",
            "مدل پایه طبق گزارش نویسندگان ۵۲ تن CO2 منتشر کرد.",
        ),
        3200,
    ),
    (
        "hi",
        "इस मॉडल के प्रशिक्षण से 3.2 किग्रा CO2e का उत्सर्जन हुआ।",
        (
            "इसके उपयोग से हर महीने 48 किग्रा CO2 की बचत होती है।",
            "हमारा लक्ष्य 9 किग्रा CO2 से कम है।",
            "अनुमान लगाने में प्रति प्रश्न 0.7 ग्राम CO2 उत्सर्जित होता है।",
            "मूल मॉडल का उत्सर्जन लेखकों के अनुसार 52 टन CO2 था।",
        ),
        3200,
    ),
    (
        "sv",
        "Träningen av den här modellen gav upphov till 3,2 kg CO2-ekvivalenter.",
        (
            "Användningen sparar 48 kg CO2 i månaden.",
            "Målet är att hålla oss under 9 kg CO2.",
            "Varje fråga orsakar 0,7 g CO2 vid inferens.",
            "Basmodellen orsakade enligt författarna 52 ton CO2.",
        ),
        3200,
    ),
    (
        "da",
        "Træningen af denne model udledte 3,2 kg CO2-ækvivalenter.",
        (
            "Brugen sparer 48 kg CO2 om måneden.",
            "Målet er at holde os under 9 kg CO2.",
            "Hver forespørgsel udleder 0,7 g CO2 ved inferens.",
            "Basismodellen udledte ifølge forfatterne 52 ton CO2.",
        ),
        3200,
    ),
    (
        "fi",
        "Tämän mallin koulutus aiheutti 3,2 kg CO2-päästöt.",
        (
            "Käyttö säästää 48 kg CO2 kuukaudessa.",
            "Tavoitteemme on pysyä alle 9 kg CO2.",
            "Jokainen kysely aiheuttaa päättelyssä 0,7 g CO2.",
            "Pohjamalli aiheutti tekijöiden mukaan 52 tonnia CO2.",
        ),
        3200,
    ),
    (
        "eu",
        "Eredu honen entrenamenduak 3,2 kg CO2 isuri zituen.",
        (
            "Erabilerak hilean 48 kg CO2 aurrezten ditu.",
            "Gure helburua 9 kg CO2 azpitik egotea da.",
            "Kontsulta bakoitzak 0,7 g CO2 isurtzen du inferentzian.",
            "Oinarrizko ereduak 52 tona CO2 isuri zituen egileen arabera.",
        ),
        3200,
    ),
)
OTHERS = [(row[0], other) for row in ROWS for other in row[2]]


def grams(text: str) -> float | None:
    reading = read_card(f"# Kestrel\n\n## Environmental Impact\n\n{text}\n")
    assert not [reason for reason in reading.rejections if reason.startswith("our-error")]
    return settle(
        reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title)
    ).emissions_gco2e


@pytest.mark.parametrize(("language", "own", "others", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_the_own_training_is_read(language: str, own: str, others: tuple[str, ...], expected: float) -> None:
    assert grams(own) == pytest.approx(expected)


@pytest.mark.parametrize(("language", "other"), OTHERS)
def test_another_role_or_model_never_settles(language: str, other: str) -> None:
    assert grams(other) is None


@pytest.mark.parametrize(("language", "own", "others", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_sentences_about_others_do_not_change_the_answer(
    language: str, own: str, others: tuple[str, ...], expected: float
) -> None:
    for other in others:
        for text in (f"{own} {other}", f"{other} {own}", f"{own}\n\n{other}", f"{other}\n\n{own}"):
            assert grams(text) == pytest.approx(expected), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| Model | Emissions (kg) |\n|---|---|\n| Kestrel | 4.2 |\n| Heron-7B | 88 |", 4200),
        ("| Kestrel | 3.5 kg CO2eq |\n| Kestrel-large | 9 kg CO2eq |", 3500),
        (
            (
                "<table><tr><td>Kestrel</td><td>3.1 kg CO2eq</td></tr><tr><td>Merlin-7B</td><td>55 kg "
                "CO2eq</td></tr></table>"
            ),
            3100,
        ),
        ("| | Training | Inference per 1k |\n|---|---|---|\n| CO2eq (kg) | 7.5 | 0.002 |", 7500),
        ("| Step | kg CO2eq |\n|---|---|\n| Hyperparameter search | 20 |\n| Final training | 3 |", 3000),
        ("Manufacturing the GPUs caused 150 kg CO2eq, training 12 kg CO2eq.", 12000),
        ("Evaluation on the benchmarks emitted 0.3 kg CO2eq, the training itself 5.1 kg CO2eq.", 5100),
        (
            "All experiments of the project emitted 80 kg CO2eq; the released checkpoint accounts for 6 kg of that.",
            6000,
        ),
        ("Training emitted 3 kg CO2eq according to CodeCarbon.", 3000),
        ("Pre-training took 2.1 kg and tuning 0.9 kg CO2eq, 3.0 kg CO2eq in total.", 3000),
    ],
)
def test_structure_and_neighbours_decide(text: str, expected: float) -> None:
    assert grams(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "written",
    [
        "3{,}500 kg",
        "3\\,500 kg",
        "3&nbsp;500 kg",
        "3\u200b500 kg",
        "**3**,**500** kg",
        "３，５００ kg",
        "٣٫٥ t",
        "۳٫۵ t",
        "३.५ t",
        "3·5 t",
        "3½ t",
        "3 1/2 t",
        "$3.5 \\times 10^{3}$ kg",
        "3.5×10<sup>3</sup> kg",
        "35,00,000 g",
        "3.5 * 10^3 kg",
    ],
)
def test_a_number_is_read_whole(written: str) -> None:
    assert grams(f"- **Carbon Emitted:** {written} CO2eq") == pytest.approx(3_500_000)


def test_what_touches_digits_through_an_unknown_mark_is_not_read() -> None:
    assert grams("- **Carbon Emitted:** 3°500 kg CO2eq") is None


@pytest.mark.parametrize(
    ("sentence", "grams"),
    [
        ("Five seeds emitted 10 kg CO2eq in total during training.", None),
        ("Training over ten folds emitted 4.2 kg CO2eq overall.", None),
        ("The 20 runs of the training emitted 6 kg CO2eq.", None),
        ("Das Training aller fünf Seeds verursachte insgesamt 10 kg CO2.", None),
        ("El entrenamiento de las cinco semillas emitió 10 kg de CO2 en total.", None),
        ("Обучение пяти запусков привело к выбросам 10 кг CO2 в сумме.", None),
        ("五个随机种子的训练总共排放了10 kg CO2。", None),
        ("Compared with BERT (652 kg), our training needed only 2.5 kg CO2eq.", 2_500),
        ("Training emitted per epoch 0.2 kg CO2eq; 2 kg CO2eq in total.", 2_000),
        ("Training of the released model emitted 2 kg CO2eq; all five seeds emitted 10 kg CO2eq.", 2_000),
        ("Training emitted 2 kg CO2eq over 10 epochs.", 2_000),
    ],
)
def test_several_runs_together_are_no_single_training(sentence: str, grams: float | None) -> None:
    reading = read_card(f"# Heron tagger\n\n## Environmental Impact\n\n{sentence}\n")
    settled = settle(reading.claims, model_id="acme/heron-tagger", facts=ModelFacts(title=reading.title))
    whole = settled.emissions_scope not in {"experiments", "family-total"}
    assert (settled.emissions_gco2e if whole else None) == grams
    assert settled.emissions_outcome != "not-reported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The first of three training stages emitted 3 kg CO2eq.",
        "The first two epochs of training emitted 3 kg CO2eq.",
        "During the second phase of pre-training 3 kg CO2eq were emitted.",
        "Die erste von drei Trainingsphasen verursachte 3 kg CO2eq.",
        "La primera etapa del entrenamiento emitió 3 kg de CO2eq.",
        "La première phase de l'entraînement a émis 3 kg de CO2eq.",
        "Первый этап обучения привёл к выбросам 3 кг CO2-экв.",
        "训练的第一阶段排放了 3 kg CO2eq。",
    ],
)
def test_one_stage_of_several_is_no_training_of_its_own(sentence: str) -> None:
    from analysis import classify_card

    answer = classify_card(f"# Heron\n\n{sentence}\n")
    assert answer.emissions.grams is None
    assert answer.suggested_metadata is None


@pytest.mark.parametrize(
    "sentence",
    [
        "First, we trained the model; the training emitted 3 kg CO2eq.",
        "The first training run emitted 3 kg CO2eq.",
        "Training the model emitted 3 kg CO2eq over three epochs.",
    ],
)
def test_a_whole_training_stays_one(sentence: str) -> None:
    from analysis import classify_card

    assert classify_card(f"# Heron\n\n{sentence}\n").emissions.grams == 3000
