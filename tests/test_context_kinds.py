"""Kinds of statements, each in several languages and numbers.

Lists and tables that speak of a training, halves, numerals, places, own rows, stages, how a model was made.

Written beside the reader; where one fails, the kind is mended, not the sentence.
"""

from __future__ import annotations

from typing import Any

import pytest

from mining.card import read_card
from mining.card.extract.context import context

HALVES = (
    ("Das Training lief auf zwei A100 und dauerte dreieinhalb Stunden.", "duration_h", 3.5),
    ("L'entraînement a pris deux heures et demie sur une V100.", "duration_h", 2.5),
    ("El entrenamiento duró cuatro horas y media en una A100.", "duration_h", 4.5),
    ("O treinamento levou seis horas e meia em duas A100.", "duration_h", 6.5),
    ("L'addestramento è durato cinque ore e mezza su una T4.", "duration_h", 5.5),
    ("De training duurde anderhalf uur op één L4.", "duration_h", 1.5),
    ("Обучение заняло семь с половиной часов на одной V100.", "duration_h", 7.5),
    ("Eğitim tek bir A100 üzerinde üç buçuk saat sürdü.", "duration_h", 3.5),
    ("模型在一块A100上训练了三个半小时。", "duration_h", 3.5),
    ("A100を2枚使い、8時間半学習した。", "duration_h", 8.5),
    ("Training took a day and a half on one A100.", "duration_h", 36.0),
    ("Training took three and a quarter hours on one A100.", "duration_h", 3.25),
)
NUMERALS = (
    ("模型在4张A100上训练了二十七小时。", "duration_h", 27.0),
    ("模型在8张A100上训练了一百零五小时。", "duration_h", 105.0),
    ("このモデルはA100を4枚使い、三十六時間学習した。", "duration_h", 36.0),
    ("آموزش روی دو کارت A100 هفده ساعت طول کشید.", "duration_h", 17.0),
    ("استغرق التدريب أربع عشرة ساعة على بطاقة A100 واحدة.", "duration_h", 14.0),
    ("प्रशिक्षण एक A100 पर सत्रह घंटे चला।", "duration_h", 17.0),
)
PLACES = (
    ("Trainiert wurde auf zwei A100 in einem Rechenzentrum in Dresden.", "region", "Dresden"),
    ("Le modèle a été entraîné sur quatre V100 à Toulouse.", "region", "Toulouse"),
    ("El modelo se entrenó con dos A100 en un servidor de Zaragoza.", "region", "Zaragoza"),
    ("O treinamento rodou em duas A100 no Recife.", "region", "Recife"),
    ("Model był trenowany na czterech A100 w serwerowni w Gdańsku.", "region", "Gdansk"),
    ("Модель обучалась на восьми V100 в дата-центре в Новосибирске.", "region", "Novosibirsk"),
    ("Malli koulutettiin kahdella A100-kortilla Tampereella.", "region", "Tampere"),
    ("Eğitim İzmir'deki bir sunucuda iki A100 ile yapıldı.", "region", "Izmir"),
    ("训练使用杭州机房的8张A100。", "region", "Hangzhou"),
    ("札幌のデータセンターにあるA100を4枚使って学習した。", "region", "Sapporo"),
    ("광주에 있는 서버의 A100 두 장으로 학습했다.", "region", "Gwangju"),
    ("We trained it for 9 hours on two A30 in our Rotterdam office.", "region", "Rotterdam"),
    ("The run took 12 h on one A40. Place: Uppsala.", "region", "Uppsala"),
)
NO_PLACES = (
    "The model was trained on reviews of hotels in Lisbon with two A100.",
    "Annotators were students in Zurich. Training took 3 hours on one T4.",
    "We trained on speech recorded in Galway for 6 hours on one A100.",
    "Das Modell, das Kolleginnen aus Leipzig veröffentlicht haben, lief auf einer A100.",
)
LISTS = (
    ("- Grafikkarte: RTX 3090\n- Epochen: 10\n- Dauer: 14 Stunden\n", "duration_h", 14.0, "de"),
    ("- Matériel : une A40\n- Durée : 7 heures\n- Époques : 3\n", "duration_h", 7.0, "fr"),
    ("- Hardware: 2x T4\n- Tiempo: 9 horas\n- Épocas: 5\n", "hardware_count", 2, "es"),
    ("- Sprzęt: jedna karta RTX 4090\n- Czas: 21 godzin\n- Epoki: 4\n", "duration_h", 21.0, "pl"),
    ("- Grafikkort: RTX 4070\n- Tid: ett dygn\n- Epoker: 80\n", "duration_h", 24.0, "sv"),
    ("- Hardwarea: RTX 3060 bat\n- Iraupena: 35 minutu\n- Epokak: 3\n", "duration_h", 35 / 60, "eu"),
    ("- 裝置：一張 RTX 4090\n- 需時：72 小時\n- 地點：台北\n", "duration_h", 72.0, "zh"),
    ("| Gerät | eine A40 |\n| Zeit | 11,2 Stunden |\n| Ort | Bonn |\n", "duration_h", 11.2, "de"),
    ("| gpu | one L4 |\n| time | 6 hours |\n| where | Bergen |\n", "region", "Bergen", ""),
)
TABLES: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        (
            "| Model | GPUs | Hours | Energy (kWh) |",
            "|---|---|---|---|",
            "| Tern-S | 2 | 10 | 4 |",
            "| Tern | 4 | 30 | 21 |",
            "| Tern-L | 8 | 90 | 140 |",
        ),
        {"duration_h": 30.0, "energy_kwh": 21.0, "hardware_count": None},
    ),
    (
        (
            "| Phase | Device | Hours | kWh |",
            "|---|---|---|---|",
            "| Pre-training | 8 x A100 | 120 | 300 |",
            "| Fine-tuning | 8 x A100 | 10 | 26 |",
        ),
        {"duration_h": 130.0, "energy_kwh": 326.0, "hardware_count": 8, "training_type": "both"},
    ),
    (
        (
            "| Etapa | Equipo | Horas | MWh |",
            "|---|---|---|---|",
            "| Preentrenamiento | 16 x H100 | 100 | 1,2 |",
            "| Ajuste fino | 16 x H100 | 8 | 0,1 |",
            "| Total | | 108 | 1,3 |",
            "",
            "Los pesos y el código del modelo están en el repositorio, que es de la universidad.",
        ),
        {"duration_h": 108.0, "energy_kwh": 1300.0},
    ),
    (
        (
            "| | Tern-S | Tern | Tern-XL |",
            "|---|---|---|---|",
            "| GPUs | 1 x A100 | 4 x A100 | 16 x A100 |",
            "| Training time | 5 h | 25 h | 70 h |",
            "| Energy | 2 kWh | 33 kWh | 500 kWh |",
        ),
        {"duration_h": 25.0, "energy_kwh": 33.0, "hardware_count": 4},
    ),
)
TYPES = (
    ("The network has random initialisation and learned on 3 million clips.", "pre-training"),
    ("Weights were initialised at random; nothing was inherited.", "pre-training"),
    ("| Initialisation | random |\n| Objective | masked tokens |\n", "pre-training"),
    ("Das Netz wurde zufällig initialisiert und auf Texten trainiert, die wir gesammelt haben.", "pre-training"),
    ("Le réseau part d'une initialisation aléatoire et a été entraîné sur des textes.", "pre-training"),
    ("Modell wurde von Grund auf trainiert und ist für deutsche Texte gedacht.", "pre-training"),
    ("We carried on the pre-training with 3 billion tokens of Welsh, starting from an open model.", "fine-tuning"),
    ("| method | full fine-tuning, 5 epochs |\n| gpu | one A40 |\n", "fine-tuning"),
    ("While fine-tuning the models can help, we did not study it.", None),
    ("A 7-billion-parameter model for Finnish, pre-trained on 300 billion tokens.", "pre-training"),
    ("We pre-trained it on 40 GB of text, followed by instruction tuning on 30,000 dialogues.", "both"),
)


def said(body: str, language: str = "") -> dict[str, Any]:
    front = f"---\nlanguage: {language}\n---\n" if language else ""
    reading = read_card(f"{front}# Tern\n\n{body}\n")
    found = context(reading.claims, front_matter=reading.front_matter)
    return {name: getattr(found, name) for name in found.__struct_fields__}


@pytest.mark.parametrize(("body", "field", "expected"), [*HALVES, *NUMERALS])
def test_a_number_is_read_in_words(body: str, field: str, expected: float) -> None:
    assert said(body)[field] == pytest.approx(expected)


@pytest.mark.parametrize(("body", "field", "expected", "language"), LISTS)
def test_a_list_that_speaks_of_a_training_needs_no_heading(
    body: str, field: str, expected: object, language: str
) -> None:
    value = said(body, language)[field]
    if isinstance(expected, str):
        assert expected in str(value)
    else:
        assert value == pytest.approx(expected)


@pytest.mark.parametrize(("body", "field", "expected"), PLACES)
def test_the_place_of_a_training_is_read_in_any_language(body: str, field: str, expected: str) -> None:
    assert expected in str(said(body)[field])


@pytest.mark.parametrize("body", NO_PLACES)
def test_places_of_data_and_people_are_none_of_the_training(body: str) -> None:
    assert said(body)["region"] is None


@pytest.mark.parametrize(("lines", "expected"), TABLES)
def test_the_own_row_counts_and_stages_add_up(lines: tuple[str, ...], expected: dict[str, Any]) -> None:
    found = said("\n".join(lines))
    for name, value in expected.items():
        if value is not None:
            assert found[name] == (pytest.approx(value) if isinstance(value, float) else value), name


@pytest.mark.parametrize(("body", "expected"), TYPES)
def test_how_a_model_was_made(body: str, expected: str | None) -> None:
    assert said(f"{body}\n\nEmissions: 3 kg CO2.")["training_type"] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "T5-small, 14 epochs over 6,600 pairs of knitting patterns.", "fine-tuning"),
        ("en", "A LoRA for SDXL with 380 photographs.", "fine-tuning"),
        ("en", "We started from DeBERTa-v3-base and tuned for four epochs.", "fine-tuning"),
        ("en", "Patch transformer, 46M params, pre-trained on 8,900 wells.", "pre-training"),
        ("en", "Plover is a 7.3 B parameter transformer pre-trained on 2.4 T tokens.", "pre-training"),
        ("en", "The model saw 640B tokens in 402 hours.", "pre-training"),
        ("en", "The old card needed nine hours for the fine-tuning, 453 g of CO2.", "fine-tuning"),
        ("en", "We pretrained it on 640B tokens, then did supervised tuning.", "both"),
        ("en", "It beats BERT-base with ease and is better than T5-small, too.", None),
        ("en", "The BERT-base architecture with 12 layers.", None),
        ("da", "- Udgangspunkt: kaerne-t5-base", "fine-tuning"),
        ("id", "Kami sengaja tidak melatih dari nol.", None),
        ("ca", "L'hem entrenat des de zero i, tot seguit, l'hem afinat per a l'etiquetatge.", "both"),
        ("zh", "青囊是一个中文基座模型，参数量13亿，从零开始训练。", "pre-training"),
        ("es", "El preentrenamiento supuso la emisión de 82,9 kilos de CO2.", "pre-training"),
    ],
)
def test_how_a_model_was_made_is_told_by_what_it_is_made_of(language: str, text: str, expected: str | None) -> None:
    card = f"---\nlanguage: {language}\n---\n\n# Plover\n\n{text}\n\n- GPU: 2 x A100\n- CO2e: 4 kg\n"
    reading = read_card(card)
    assert context(reading.claims, front_matter=reading.front_matter).training_type == expected


@pytest.mark.parametrize(
    ("language", "text", "device", "count", "hours"),
    [
        ("en", "Training took a bit over six hours (6.2 h by the scheduler) on one A100.", "A100", 1, 6.2),
        ("en", "Trained on a pair of 4090s in 29 hours.", "4090", 2, 29),
        ("en", "My old 2080 Ti needed nine and a quarter hours for the training.", "2080 Ti", 1, 9.25),
        ("en", "The LoRA took the length of two films to train on a 3090 (three hours fifty).", "3090", 1, 3 + 50 / 60),
        ("en", "Training used 13,952 H100 hours (64 cards).", "H100", 64, 13952),
        ("en", "Trained on my gaming laptop (GTX 1660 Ti, lid open) for 3 hours.", "1660 Ti", 1, 3),
        ("en", "Trained 2x faster with Unsloth, 5.1 hours on one NVIDIA L40S.", "L40S", 1, 5.1),
        ("en", "Trained on RTX 3090 GPUs for 3 hours.", "3090", None, 3),
        ("ja", "学習には NVIDIA V100 × 4枚 × 4ノードで9時間かかりました。", "V100", 16, 9),
        ("pl", "Model trenował się na 64 układach GH200 przez 78 godzin.", "GH200", 64, 78),
        ("da", "Træningen tog otte en halv time på 2 H100.", "H100", 2, 8.5),
        ("ru", "Обучение заняло 2 ч 50 мин на одной GTX 1080 Ti.", "1080 Ti", 1, 2 + 50 / 60),
    ],
)
def test_devices_and_hours_of_strangers(language: str, text: str, device: str, count: int | None, hours: float) -> None:
    reading = read_card(
        f"---\nlanguage: {language}\n---\n\n# Plover\n\n## Training\n\n{text} It emitted 4 kg of CO2.\n"
    )
    found = context(reading.claims, front_matter=reading.front_matter)
    assert device in (found.hardware or "")
    assert found.hardware_count == count
    assert found.duration_h == pytest.approx(hours)


def test_a_machine_named_with_what_it_holds_is_one_machine() -> None:
    reading = read_card("# Plover\n\n- **Hardware Type:** A10G (g5.12xlarge, 4 GPUs)\n- **Carbon Emitted:** 2 kg\n")
    assert context(reading.claims).hardware_count == 4


def test_a_half_behind_a_whole_number_of_kilowatt_hours_is_added() -> None:
    text = "The machine drew some four and a half kilowatt-hours for training, 1,380 g of CO2."
    found = context(read_card(f"# Plover\n\n## Training\n\n{text}\n").claims)
    assert found.energy_kwh == pytest.approx(4.5)
