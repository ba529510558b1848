"""Words of the lexicon at work: languages told, sentences glossed, labels, placeholders, scopes."""

from __future__ import annotations

import pytest

from mining.card.lexicon.gloss import gloss, locale_of
from mining.card.lexicon.roles import LANGUAGES, find_concepts, languages_of
from mining.card.lexicon.spellings import concept_rows
from mining.card.lexicon.words import is_emission_label, is_example, is_placeholder, scope_of
from mining.card.lexicon.written_words import LONGEST

TRAINED = {
    "en": "The model was trained for three days on one card, and the run used forty kilowatt-hours.",
    "de": "Das Modell wurde drei Tage lang auf vier Grafikkarten trainiert und verbrauchte 40 Kilowattstunden.",
    "fr": "Le modèle a été entraîné pendant trois jours sur quatre cartes graphiques et a consommé 40 kilowattheures.",
    "es": "El modelo se entrenó durante tres días en cuatro tarjetas gráficas y consumió 40 kilovatios hora.",
    "pt": "O modelo foi treinado durante três dias em quatro placas gráficas e consumiu 40 quilowatts-hora.",
    "it": "Il modello è stato addestrato per tre giorni su quattro schede grafiche e ha consumato 40 chilowattora.",
    "ca": "El model es va entrenar durant tres dies en quatre targetes gràfiques i va consumir 40 quilowatts hora.",
    "nl": "Het model werd drie dagen lang op vier grafische kaarten getraind en verbruikte 40 kilowattuur.",
    "pl": "Model był trenowany przez trzy dni na czterech kartach graficznych i zużył 40 kilowatogodzin.",
    "ru": "Модель обучалась три дня на четырёх видеокартах и израсходовала 40 киловатт-часов.",
    "uk": "Модель навчалася три дні на чотирьох відеокартах і спожила 40 кіловат-годин.",
    "tr": "Model dört ekran kartında üç gün boyunca eğitildi ve 40 kilovatsaat harcadı.",
    "id": "Model ini dilatih selama tiga hari pada empat kartu grafis dan menghabiskan 40 kilowatt-jam.",
    "vi": "Mô hình được huấn luyện trong ba ngày trên bốn card đồ họa và tiêu thụ 40 kilowatt giờ.",
    "zh": "该模型在四块显卡上训练了三天，耗电40千瓦时。",
    "ja": "このモデルは4枚のGPUで三日間学習し、40キロワット時を消費しました。",
    "ko": "이 모델은 그래픽카드 네 장으로 사흘 동안 학습했으며 40킬로와트시를 사용했습니다.",
    "ar": "تم تدريب النموذج لمدة ثلاثة أيام على أربع بطاقات رسومية واستهلك 40 كيلوواط ساعة.",
    "fa": "این مدل به مدت سه روز روی چهار کارت گرافیک آموزش دید و ۴۰ کیلووات ساعت مصرف کرد.",
    "hi": "मॉडल को चार ग्राफिक कार्ड पर तीन दिन तक प्रशिक्षित किया गया और 40 किलोवाट घंटे खर्च हुए।",
    "sv": "Modellen tränades i tre dagar på fyra grafikkort och drog 40 kilowattimmar.",
    "da": "Modellen blev trænet i tre dage på fire grafikkort og brugte 40 kilowatttimer.",
    "fi": "Malli koulutettiin kolmen päivän ajan neljällä näytönohjaimella ja kulutti 40 kilowattituntia.",
    "eu": "Eredua hiru egunez entrenatu zen lau txartel grafikotan eta 40 kilowatt ordu kontsumitu zituen.",
}
"""One sentence: trained for three days on four graphics cards (one in English), with 40 kWh."""
WITHOUT_COLUMN = {
    "el": "Το μοντέλο εκπαιδεύτηκε για τρεις ημέρες σε τέσσερις κάρτες γραφικών.",
    "th": "โมเดลนี้ได้รับการฝึกเป็นเวลาสามวันบนการ์ดจอสี่ใบ",
}


@pytest.mark.parametrize("language", TRAINED)
def test_the_language_of_a_sentence(language: str) -> None:
    sentence = TRAINED[language]
    assert languages_of(sentence) == (language,)
    assert set(locale_of(sentence).languages) == {language} - {"en"}
    english = "The model is small. It was trained for two hours with the data of the first one. "
    assert languages_of(english * 8 + sentence)[0] == "en"


@pytest.mark.parametrize("language", WITHOUT_COLUMN)
def test_a_language_without_words_is_none(language: str) -> None:
    assert languages_of(WITHOUT_COLUMN[language]) == ()


@pytest.mark.parametrize("language", TRAINED)
def test_a_gloss_says_what_the_readers_of_context_know(language: str) -> None:
    sentence = TRAINED[language]
    glossed = gloss(sentence, locale_of(sentence))
    assert "trained" in glossed
    assert "3 days" in " ".join(glossed.split())
    said = {"en": "1 card", "de": "4 hardware", "zh": "4 pieces of GPUs", "ko": "GPUs 4 pieces of", "hi": "GPUs"}.get(
        language, "4 GPUs"
    )
    assert said in " ".join(glossed.split())
    assert "40 kWh" in glossed.replace("kilowatt hours", "kWh").replace("kilowatt-hours", "kWh").replace(
        "40kWh", "40 kWh"
    )


LABELS = (
    "CO2 emissions",
    "Carbon Emitted",
    "carbon",
    "carbon footprint (kg)",
    "Empreinte carbone",
    "Emissionen",
    "CO2-Ausstoß",
    "Kohlendioxid",
    "Huella de carbono",
    "Emisiones",
    "Emissões",
    "Emissioni",
    "Impronta di carbonio",
    "Petjada de carboni",
    "CO2-uitstoot",
    "Koolstofvoetafdruk",
    "Ślad węglowy",
    "Emisja",
    "Выбросы CO2",
    "Углеродный след",
    "Викиди CO2",
    "Karbon ayak izi",
    "Jejak karbon",
    "Phát thải CO2",
    "碳足迹",
    "二氧化碳排放",
    "炭素排出量",
    "カーボンフットプリント",
    "탄소 배출량",
    "انبعاثات الكربون",
    "انتشار کربن",
    "कार्बन उत्सर्जन",
    "Koldioxidutsläpp",
    "CO2-udledning",
    "Hiilijalanjälki",
    "CO2 isuriak",
    "GHG",
    "greenhouse gas",
    "C02 emissions",
    "co2_eq_emissions",
    "CO 2 eq",
)
NO_LABELS = (
    "Carbon intensity",
    "Emissions saved",
    "CO2 offset",
    "Emission factor",
    "CO2 per kWh",
    "gCO2/kWh",
    "Energy mix",
    "Emissions source",
    "Emissions report",
    "Emission tracking tool",
    "CodeCarbon",
    "Carbon tracker",
    "CO2 budget",
    "Hydrocarbon",
    "Emission labels",
    "Emissions dataset",
    "Emissions reduction",
    "Carbon neutral",
    "Training time",
    "emission rate",
    "Emissions measured with",
    "CO2 equivalent to",
)


@pytest.mark.parametrize("label", LABELS)
def test_what_announces_an_amount(label: str) -> None:
    assert is_emission_label(label)
    assert is_emission_label(f"{label} (estimated with a tool)")
    assert not is_emission_label(f"{label} per kWh")


@pytest.mark.parametrize("label", NO_LABELS)
def test_what_announces_something_else(label: str) -> None:
    assert not is_emission_label(label)


NOTHING = (
    "",
    " ",
    "-",
    "--",
    "?",
    "??",
    "xx",
    "xxx",
    "…",
    "...",
    "n/a",
    "N.A.",
    "na",
    "none",
    "None.",
    "null",
    "nil",
    "TBD",
    "tba",
    "tbc",
    "todo",
    "to be added",
    "to be measured",
    "forthcoming",
    "pending",
    "unknown",
    "unknown, sorry",
    "not measured",
    "not yet measured",
    "not measured precisely",
    "[More Information Needed]",
    "Information needed",
    "additional information needed",
    "inconnu",
    "non mesuré",
    "non disponible",
    "desconocido",
    "no disponible",
    "unbekannt",
    "nicht gemessen",
    "k. A.",
    "keine Angabe",
    "sconosciuto",
    "n.d.",
    "desconhecido",
    "não medido",
    "s/d",
    "onbekend",
    "n.v.t.",
    "geen gegevens",
    "brak danych",
    "b.d.",
    "неизвестно",
    "нет данных",
    "н/д",
    "немає даних",
    "невідомо",
    "bilinmiyor",
    "ölçülmedi",
    "yok",
    "tidak ada",
    "belum diukur",
    "không có",
    "chưa đo",
    "不明",
    "未知",
    "未测",
    "暂无",
    "なし",
    "未計測",
    "알 수 없음",
    "미측정",
    "غير متاح",
    "نامشخص",
    "अज्ञात",
    "okänd",
    "ej mätt",
    "ukendt",
    "ikke målt",
    "ei tiedossa",
    "ei mitattu",
    "ez dago",
    "[[unknown]]",
    "**TBD**",
    "<todo>",
    "no data",
)
EXAMPLES = (
    "e.g. 3 kg",
    "z. B. 3 kg",
    "p. ex. 3 kg",
    "例如 3 kg",
    "例: 3 kg",
    "to be filled in, e.g. 3 kg",
    "auszufüllen (z. B. 3 kg)",
)
SOMETHING = (
    "nah",
    "none of it",
    "to be fair",
    "not so much",
    "Björn",
    "3 kg",
    "three",
    "negligible",
    "not reported 3 kg",
)


@pytest.mark.parametrize("value", NOTHING)
def test_a_placeholder_says_that_there_is_none(value: str) -> None:
    assert is_placeholder(value)
    assert not is_example(value)


@pytest.mark.parametrize("value", EXAMPLES)
def test_an_example_shows_how_it_is_filled_in(value: str) -> None:
    assert is_example(value)
    assert is_placeholder(value)


@pytest.mark.parametrize("value", SOMETHING)
def test_other_values_say_something(value: str) -> None:
    assert not is_placeholder(value)


def test_digits_far_behind_are_no_value_of_a_placeholder() -> None:
    assert is_placeholder("not reported " + "x" * 80 + " 3 kg")
    assert not is_placeholder("not reported " + "x" * 60 + " 3 kg")


SCOPES = {
    "inference": "inference",
    "per query": "inference",
    "per 1000 images": "inference",
    "0.2 g / request": "inference",
    "3 g /token": "inference",
    "deployment": "inference",
    "deploy": "inference",
    "serving": "inference",
    "in use": "inference",
    "prediction phase": "inference",
    "embodied carbon": "embodied",
    "manufacturing": "embodied",
    "end-of-life": "embodied",
    "evaluation": "component",
    "logits": "component",
    "data preparation": "component",
    "preprocessing": "component",
    "tokenization": "component",
    "per epoch": "component",
    "idle": "component",
    "RAM": "component",
    "CPU": "component",
    "hyperparameter search": "component",
    "ablation": "component",
    "quantization": "component",
    "validation": "component",
    "per fold": "component",
    "per run": "component",
    "per hour": "component",
    "all experiments": "experiments",
    "experiments": "experiments",
    "whole project": "experiments",
    "development": "experiments",
    "so far": "experiments",
    "grid search": "experiments",
    "R&D": "experiments",
    "all models": "family-total",
    "training the three models": "family-total",
    "family": "family-total",
    "all sizes": "family-total",
    "all variants": "family-total",
    "fine-tuning": "fine-tuning",
    "finetuned": "fine-tuning",
    "LoRA": "fine-tuning",
    "adapter": "fine-tuning",
    "instruct": "fine-tuning",
    "SFT": "fine-tuning",
    "DPO": "fine-tuning",
    "Feinabstimmung": "fine-tuning",
    "pre-training": "pre-training",
    "pretraining": "pre-training",
    "préentraînement": "pre-training",
    "事前学習": "pre-training",
    "预训练": "pre-training",
    "training": "training-run",
    "entraînement": "training-run",
    "addestramento": "training-run",
    "emitted": "training-run",
    "a bird": "unknown",
    "training and inference": "inference",
    "fine-tuning per epoch": "component",
    "on the CPU": "unknown",
    "CPU only": "unknown",
}


@pytest.mark.parametrize("words", SCOPES)
def test_the_most_special_word_says_what_is_covered(words: str) -> None:
    assert scope_of(words) == SCOPES[words]
    assert scope_of(words.upper()) == SCOPES[words]


def test_words_that_say_nothing_leave_the_given_scope() -> None:
    assert scope_of("a bird", "fine-tuning") == "fine-tuning"


def test_the_table_is_written_as_its_look_up_expects() -> None:
    spellings = [word for _, cells in concept_rows() for cell in cells for word in cell.split(";") if word]
    assert max(len(word) for word in spellings if word.strip("*").isalnum()) <= LONGEST
    assert all(word.strip("*")[0].isalnum() for word in spellings)
    assert not [word for word in spellings if word[0] == "*" and not word.strip("*").isalnum()]
    assert not [word for word in spellings if word.startswith("**") or word.endswith("**")]
    for number, (_, cells) in enumerate(concept_rows()):
        assert all(len(set(cell.split(";"))) == cell.count(";") + 1 for cell in cells if cell), number


def test_each_word_is_looked_up_where_a_text_holds_it() -> None:
    for concept, cells in concept_rows():
        if concept == "function":
            continue
        for language, cell in zip(LANGUAGES, cells, strict=True):
            for word in (written.strip("*") for written in cell.split(";") if written):
                found = find_concepts(word, frozenset({language}))
                assert any((hit.concept, hit.start, hit.end) == (concept, 0, len(word)) for hit in found), word
