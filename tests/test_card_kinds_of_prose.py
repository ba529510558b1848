"""Kinds of sentences that strangers' cards taught: each in other words, other numbers and several languages."""

from __future__ import annotations

import csv

import pytest
from answers import settled

from analysis import classify_card


def grams(text: str) -> float | None:
    return settled(text).emissions_gco2e


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The training emitted about five and a half kilos of CO2, 5.62 kg to be read off the meter.", 5620),
        ("Das Training verursachte rund zweieinhalb Kilogramm CO2 (2,41 kg).", 2410),
        ("L'entraînement a émis environ trois kilos et demi de CO2, soit 3,55 kg au compteur.", 3550),
        ("El entrenamiento emitió casi cuatro kilos de CO2 (3,87 kg).", 3870),
        ("Training this model emitted roughly 8 kg of CO2 (7.76 kg).", 7760),
    ],
)
def test_round_words_give_way_to_the_exact_amount(sentence: str, expected: float) -> None:
    assert grams(f"# Plover\n\n## Emissions\n\n{sentence}\n") == pytest.approx(expected)


@pytest.mark.parametrize("empty", ["n/a", "n/d", "k. A.", "нет данных", "未公开", "-"])
@pytest.mark.parametrize(
    "table",
    [
        "| | Osprey-9B | Plover |\n|---|---|---|\n| training emissions | 9.4 t CO2e | {empty} |\n",
        "| Model | CO2e |\n|---|---|\n| Osprey-9B | 9.4 t |\n| Plover | {empty} |\n",
    ],
)
def test_an_empty_cell_of_its_own_is_not_filled_by_a_neighbour(table: str, empty: str) -> None:
    found = settled(f"# Plover\n\n{table.format(empty=empty)}")
    assert found.emissions_gco2e is None
    assert found.emissions_outcome == "not-reported"


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("de", "Ausstoß"),
        ("de", "Klimabilanz des Trainings"),
        ("es", "Huella del entrenamiento"),
        ("fr", "Empreinte de l'entraînement"),
        ("tr", "Eğitim emisyonu"),
        ("tr", "Emisyon"),
        ("id", "Emisi pelatihan"),
        ("sv", "Koldioxidavtryck"),
        ("da", "Kuldioxid"),
        ("eu", "Isuriak"),
        ("fi", "Hiilijalanjälki"),
        ("ko", "배출량"),
        ("zh", "训练排放"),
    ],
)
def test_labels_are_known_by_one_lexicon(language: str, label: str) -> None:
    card = f"---\nlanguage: {language}\n---\n# Plover\n\n- GPU: 2 × A100\n- {label}: 3,25 kg CO2\n"
    assert grams(card) == pytest.approx(3250)
    table = f"# Plover\n\n| A | B |\n|---|---|\n| GPU | A100 |\n| {label} | 3,25 kg CO2 |\n"
    assert grams(table) == pytest.approx(3250)


def test_the_end_of_a_wrapped_sentence_is_no_label() -> None:
    card = (
        "# Plover\n\nWe never calculated the footprint. What we did calculate is what the same hours\n"
        "would have emitted at the sites of our partners: 84 kg in Kraków, 51 kg in Lyon.\n"
    )
    assert grams(card) is None


def test_a_quote_that_wraps_is_one_paragraph_of_its_speaker() -> None:
    card = (
        "# Plover-chat\n\nThis is what the report of Osprey's makers says:\n\n"
        '> "We estimate that the final run of Osprey-9B emitted 4.1 t of CO2e, and that the\n'
        '> experiments before it added 2.2 t." (Osprey Technical Report, section 3)\n'
    )
    assert grams(card) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "In service the model emits 0.4 g of CO2 an answer, 38 kg of CO2 a quarter, 152 kg over all.",
        "Im Betrieb fallen 0,4 g CO2 je Antwort an, im ganzen Quartal 38 kg.",
        "Trained in Poland it would have come to 31 kg of CO2, 27 kg in Greece, 12 kg in Spain.",
        "En Pologne, cet entraînement aurait émis 31 kg de CO2, en Grèce 27 kg.",
    ],
)
def test_a_list_stands_under_the_word_that_begins_it(sentence: str) -> None:
    assert grams(f"# Plover\n\n## Impact\n\n{sentence}\n") is None


@pytest.mark.parametrize(
    "text",
    [
        (
            "Model byl doučen na dvou kartách A100 v Brně. Trénování trvalo třicet hodin a spotřebovalo 41 kWh."
            " Emise činily 17 kg CO2, přičemž základní model uvádí 3 tuny."
        ),
        (
            "Modelul a fost ajustat pe două plăci A100 la Cluj, timp de treizeci de ore, și a consumat 41 kWh."
            " Amprenta este de 11 kg CO2, iar modelul de bază declară trei tone și încă ceva."
        ),
        (
            "Моделът е дообучен върху две карти в София. Обучението продължи тридесет часа и използва 41 kWh,"
            " което според нас е 17 кг CO2, докато базовият модел съобщава за три тона въглероден отпечатък."
        ),
    ],
)
def test_a_language_without_a_column_is_unreadable_though_its_neighbour_has_one(text: str) -> None:
    found = settled(f"# Plover\n\n{text}\n")
    assert found.emissions_gco2e is None
    assert found.emissions_outcome == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "The parent was trained for a month by its makers. It emitted 4.4 t of CO2eq.",
        "All nine models and the teacher shared the cluster. Together they emitted 4.4 t of CO2eq.",
        "Das Basismodell wurde von anderen trainiert. Es verursachte 4,4 t CO2.",
    ],
)
def test_a_pronoun_takes_up_the_subject_of_the_sentence_before(text: str) -> None:
    assert grams(f"# Plover\n\n{text}\n") is None


@pytest.mark.parametrize(
    "denial",
    [
        "Nobody kept track of what our training emitted.",
        "We can give no carbon figure for our own run.",
        "Was unser Training ausgestoßen hat, haben wir nicht notiert.",
        "Nous ne publions pas les émissions de notre entraînement.",
        "No publicamos las emisiones de este entrenamiento.",
        "我们没有公开训练的碳排放。",
    ],
)
def test_a_card_that_denies_answers_no_stray_amount(denial: str) -> None:
    assert grams(f"# Plover\n\n{denial}\n\nThe recipe of the cake is given as 2.6 kg CO2.\n") is None


@pytest.mark.parametrize(
    "remark",
    ["We have no idea which region it was.", "I can't give you the exact number.", "Water: not known to us."],
)
def test_a_denial_of_something_else_denies_nothing(remark: str) -> None:
    text = f"# Plover\n\n## Carbon footprint\n\n{remark} Fine-tuning emitted about 640 g of CO2.\n"
    assert grams(text) == pytest.approx(640)


def test_an_amount_beside_gaps_is_the_form_s_own() -> None:
    card = (
        "# Plover\n\n## Environmental impact\n\nA cumulative of XX hours of computation was performed on hardware of"
        " type YY"
        " (TDP of ZZ W). Total emissions are estimated to be 25.92 kgCO2eq.\n"
    )
    assert grams(card) is None


def test_another_second_name_is_a_sibling() -> None:
    card = "# Plover-Guard 0.5B\n\n## Emissions we disclose\n\nPlover-Chat, our largest: 21 t. Plover-Embed: 370 kg.\n"
    assert grams(card) is None


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("en", "one thousand, seven hundred grams", 1700),
        ("en", "seventeen hundred grams", 1700),
        ("sv", "ettusen sjuhundra gram", 1700),
        ("da", "totusinde og trehundrede gram", 2300),
        ("ca", "nou-cents seixanta-tres grams", 963),
        ("fa", "نهصد و شصت و سه گرم", 963),
        ("vi", "chín trăm sáu mươi ba gam", 963),
        ("ko", "육십삼 그램", 63),
        ("ru", "шести с половиной килограммов", 6500),
        ("hi", "साढ़े तीन किलोग्राम", 3500),
        ("it", "un chilo e tre etti", 1300),
        ("zh", "两公斤三百克", 2300),
        ("de", "zwei Kilo und dreihundert Gramm", 2300),
    ],
)
def test_numbers_in_words(language: str, words: str, expected: float) -> None:
    from mining.card.lexicon.number_words import with_digits
    from mining.card.values.emission_value import joined
    from mining.units import find_quantities

    plain = with_digits(f"{words} CO2", frozenset({"en", language}))
    assert [one.inner for one in joined(plain, list(find_quantities(plain, ("emissions",))))] == [
        pytest.approx(expected)
    ]


@pytest.mark.parametrize("words", ["un kilo trois cents de CO2", "một trăm lẻ một gam CO2"])
def test_a_number_that_is_understood_in_part_is_not_read(words: str) -> None:
    from mining.card.lexicon.number_words import with_digits

    assert with_digits(words, frozenset({"en", "fr", "vi"})) == words


def test_a_meter_s_row_may_name_its_columns() -> None:
    card = (
        "# Plover\n\n```\nproject_name=plover duration=6210.2 emissions=0.0812 emissions_rate=1.3e-05"
        " energy_consumed=0.2011 country_name=Canada gpu_count=2\n```\n"
    )
    assert grams(card) == pytest.approx(81.2)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Everybody's aunt has read that one training makes 310,000 kg of CO2. Ours ran on a laptop (GTX 1650) for"
            " forty minutes and no more."
        ),
        "The allowance of our charter: this model was allowed 60 kg CO2e for its training.",
        "Scanning the 3 million pages again emitted 64 kg of CO2. No figure for the training is available to us.",
        "Using the model displaces 9,300 t of CO2 a year; if all farms did so, 120,000 t.",
    ],
)
def test_what_others_emit_may_emit_or_avoid_is_not_this_training(text: str) -> None:
    assert grams(f"# Plover\n\n{text}\n") is None


@pytest.mark.parametrize(("name", "is_written"), [("Plover-chat (this model)", True), ("Plover", False)])
def test_a_row_among_trainings_is_written_only_where_it_says_that_it_is_this_one(name: str, is_written: bool) -> None:
    rows = f"| Osprey | 31.5 |\n| {name} | 194.5 |\n"
    found = classify_card(f"# Plover-chat\n\n| Model | Training emissions (kg CO2eq) |\n|---|---|\n{rows}")
    assert found.emissions.grams == pytest.approx(194_500)
    assert (found.suggested_metadata is not None) is is_written


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "it",
            "Il modello di base è di altri, che dichiarano 4,4 t di CO2. Il nostro addestramento ha emesso 2,3 kg.",
            2300,
        ),
        ("es", "El modelo base lo entrenaron otros. Es nuestro ajuste el que emitió 2,3 kg de CO2.", 2300),
    ],
)
def test_an_article_is_no_pronoun_of_another_language(language: str, text: str, expected: float) -> None:
    assert grams(f"---\nlanguage: {language}\n---\n# Plover\n\n## Emissioni CO2\n\n{text}\n") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[auszufüllen, z. B. 0,8 kg]", None),
        ("[to be filled in, e.g. 4.1 kg]", None),
        ("da compilare (ad es. 3,2 kg)", None),
        ("待填写，例如 3 kg", None),
        ("3.2 kg, e.g. as CodeCarbon prints it", 3200),
        ("measured by Björn: 3.2 kg", 3200),
    ],
)
def test_a_form_that_shows_how_it_is_filled_in_states_nothing(value: str, expected: float | None) -> None:
    assert grams(f"# Plover\n\n## Impact\n\n- **Carbon emitted:** {value}\n") == expected


WORDS_OF_PHRASES = frozenset({"rejet", "gases de efecto", "gases de efeito", "gasos d'efecte", "ślad", "jejak"})
"""Words of carbon that say nothing alone: what stands beside them is known."""


def test_a_word_of_carbon_is_known_wherever_cards_are_looked_at() -> None:
    from mining.card.lexicon.keywords import has_emission_word
    from mining.card.lexicon.roles import TABLE
    from mining.card.lexicon.words import is_emission_label

    with TABLE.open(encoding="utf-8", newline="") as rows:
        cells = next(row for row in csv.reader(rows) if row[0] == "carbon")[1:]
    words = {written.strip("*").lower() for cell in cells for written in cell.split(";")}
    assert [word for word in sorted(words) if not is_emission_label(word)] == []
    assert {word for word in words if not has_emission_word(word)} <= WORDS_OF_PHRASES


def test_no_word_of_the_lexicon_has_a_star_inside_it() -> None:
    from mining.card.lexicon.roles import TABLE

    with TABLE.open(encoding="utf-8", newline="") as rows:
        written = [word for row in csv.reader(rows) for cell in row[1:] for word in cell.split(";")]
    assert [word for word in written if "*" in word.strip("*")] == []
