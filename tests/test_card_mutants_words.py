"""Numbers in words, languages of a text, and what Chinese and Japanese write, at their edges."""

from __future__ import annotations

import pytest

from mining.card.lexicon.gloss import Locale, gloss, locale_of, plain_digits
from mining.card.lexicon.keywords import cue_lines, cues_in
from mining.card.lexicon.number_words import with_digits
from mining.card.lexicon.roles import languages_of
from mining.card.lexicon.words import is_emission_label, is_placeholder
from mining.units import Number, find_quantities
from mining.units.numbers import find_number


@pytest.mark.parametrize(
    ("text", "languages", "grams"),
    [
        ("twenty-five kilograms of CO2", "en", 25_000),
        ("a hundred and five grams", "en", 105),
        ("two hundred and forty grams", "en", 240),
        ("three thousand two hundred grams", "en", 3_200),
        ("a thousand grams", "en", 1_000),
        ("six point four kilograms", "en", 6_400),
        ("half a ton", "en", 500_000),
        ("a quarter of a tonne", "en", 250_000),
        ("three quarters of a tonne", "en", 750_000),
        ("two and a half kilograms", "en", 2_500),
        ("a kilo and a quarter", "en", 1_250),
        ("a ton and a half", "en", 1_500_000),
        ("three kilos and three quarters", "en", 3_750),
        ("five kilos and a half", "en", 5_500),
        ("fünfundzwanzig Kilogramm", "de", 25_000),
        ("zwei Kilo und ein halbes", "de", 2_500),
        ("zwölf Komma fünf Kilogramm", "de", 12_500),
        ("anderthalb Tonnen", "de", 1_500_000),
        ("vingt-cinq kilogrammes", "fr", 25_000),
        ("deux kilos et demi", "fr", 2_500),
        ("un kilo et demi", "fr", 1_500),
        ("dos kilos y medio", "es", 2_500),
        ("doscientos cuarenta gramos", "es", 240),
        ("treinta y cinco kilos", "es", 35_000),
        ("dois quilos e meio", "pt", 2_500),
        ("due chili e mezzo", "it", 2_500),
        ("trois kilos et demi", "fr", 3_500),
        ("двадцать пять килограммов", "ru", 25_000),
        ("dwadzieścia pięć kilogramów", "pl", 25_000),
    ],
)
def test_masses_in_words(text: str, languages: str, grams: float) -> None:
    plain = with_digits(f"Es: {text} x", frozenset({languages}))
    assert len(plain) == len(f"Es: {text} x")
    assert [one.inner for one in find_quantities(plain, ("emissions",))][:1] == pytest.approx([grams])


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("二十五千克", 25_000),
        ("三百零五克", 305),
        ("十二公斤", 12_000),
        ("两千克", 2_000),
        ("二千五百克", 2_500),
        ("一百二十克", 120),
        ("十五トン", 15_000_000),
        ("三十キログラム", 30_000),
    ],
)
def test_masses_in_chinese_signs(text: str, grams: float) -> None:
    plain = with_digits(f"共{text}。", frozenset({"zh", "ja"}))
    assert [one.inner for one in find_quantities(plain, ("emissions",))] == [grams]


@pytest.mark.parametrize(
    ("text", "languages", "left"),
    [
        ("twenty-five birds", "en", "twenty-five birds"),  # no unit of mass behind it
        ("thirteen kilograms", "de", "thirteen kilograms"),  # a language that is not this text's
        ("point five kilograms", "en", "point five kilograms"),  # the tail of a number
        ("seventeen words and then at last a gram", "en", "seventeen words and then at last a gram"),
    ],
)
def test_words_that_are_no_mass_stay(text: str, languages: str, left: str) -> None:
    assert with_digits(text, frozenset({languages})) == left


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between 12 and 15 kg", 12_000, 15_000),
        ("zwischen 12 und 15 kg", 12_000, 15_000),
        ("entre 12 et 15 kg", 12_000, 15_000),
        ("от 12 до 15 kg", 12_000, 15_000),
        ("12至15 kg", 12_000, 15_000),
        ("12から15 kg", 12_000, 15_000),
    ],
)
def test_ends_of_a_range_joined_by_a_word(text: str, low: float, high: float) -> None:
    (one,) = find_quantities(with_digits(text, frozenset({"en"})), ("emissions",))
    factor = one.inner / one.number.value
    assert (one.number.low, one.number.high) == pytest.approx((low / factor, high / factor))


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [
        ("三个半小时", "zh", "3.5"),
        ("十二个半小时", "zh", "12.5"),
        ("一百零五小时", "zh", "105"),
        ("二〇小时", "zh", "20"),
        ("三百二十小时", "zh", "320"),
        ("两小时", "zh", "2"),
        ("3日と半", "ja", "3"),
        ("1.2万小时", "zh", "12000"),
        ("8時間半", "ja", "8"),
    ],
)
def test_numerals_of_time(text: str, language: str, says: str) -> None:
    number = find_number(gloss(text, Locale((language,))))
    assert isinstance(number, Number)
    assert number.value == float(says) if language == "zh" else number.value >= float(says)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("12 480 Stunden", "12480 Stunden"),
        ("12\u202f480 h", "12480 h"),
        ("12&nbsp;480 h", "12480 h"),
        ("1'200'000 h", "1200000 h"),
        ("12{,}480 h", "12480 h"),
        ("012 480", "012 480"),
        ("1234 567", "1234 567"),
        ("3 48", "3 48"),
        ("\u0661\u0662\u066b\u0665 h", "12.5 h"),
        ("\u0661\u066c\u0662\u0663\u0664 h", "1234 h"),
        ("\uff11\uff12 h", "12 h"),
        ("1\u200b2 h", "12 h"),
    ],
)
def test_numbers_without_marks_between_groups(text: str, plain: str) -> None:
    assert plain_digits(text) == plain


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Das Training dauerte zwei Stunden und wurde auf einer Karte gerechnet.", ("de",)),
        ("L'entraînement a duré deux heures sur une carte.", ("fr",)),
        ("训练用了两个小时。", ("zh",)),
        ("学習には二時間かかった。", ("ja",)),
        ("Обучение заняло два часа на одной карте.", ("ru",)),
        ("The training took two hours on one card.", ()),
        ("Qwxz brfl.", ()),
    ],
)
def test_languages_of_a_text_for_its_context(text: str, languages: tuple[str, ...]) -> None:
    assert locale_of(text).languages[: max(1, len(languages))] == languages


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The model was trained for two hours on one card.", "en"),
        ("Das Modell wurde zwei Stunden lang auf einer Karte trainiert.", "de"),
        ("Le modèle a été entraîné pendant deux heures sur une carte.", "fr"),
        ("El modelo se entrenó durante dos horas en una tarjeta.", "es"),
        ("このモデルは二時間学習した。", "ja"),
        ("", "en"),
        ("kg", "en"),
    ],
)
def test_the_likeliest_language(text: str, first: str) -> None:
    assert languages_of(text)[0] == first


def test_a_text_of_no_language_we_know_has_none() -> None:
    assert languages_of("Mfano huu ulifunzwa kwenye kadi nne za michoro ndani ya wiki mbili kwa jumla yake yote") == ()
    assert languages_of("Mfano huu ulifunzwa") == ("en",)
    assert languages_of("Модель ქართული ენის მოდელი გაწვრთნილია") == () or "ru" in languages_of("Модель обучена")
    assert languages_of("ქართული ენის მოდელი გაწვრთნილია") == ()


@pytest.mark.parametrize(
    ("label", "is_one"),
    [
        ("CO2 emissions", True),
        ("Carbon emitted", True),
        ("Carbon intensity of the grid (gCO2 per kWh)", False),
        ("Émissions de CO2", True),
        ("碳排放", True),
        ("CO2 emissions " + "x" * 400, False),
        ("Offset (carbon)", False),
        ("Hours used (carbon emissions)", False),
        ("Hardware", False),
    ],
)
def test_labels_of_an_amount(label: str, is_one: bool) -> None:
    assert is_emission_label(label) is is_one


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("", True),
        ("N/A", True),
        ("TBD", True),
        ("unknown", True),
        ("[More Information Needed]", True),
        ("e.g. 1.2 kg", True),
        ("not measured", True),
        ("[More Information Needed] 12 kg", False),
        ("3 kg", False),
        ("four tonnes", False),
    ],
)
def test_values_that_say_there_is_none(value: str, is_one: bool) -> None:
    assert is_placeholder(value) is is_one


def test_lines_with_hints_are_numbered_from_one_behind_what_came_before() -> None:
    text = "bird\nco2 emissions\n\nkwh and co2\nbird\nco2"
    lines = cue_lines(text)
    assert list(lines) == [2, 4, 6]
    assert lines[2] == lines[6] | lines[2]
    assert lines[4] & ~lines[2]
    assert list(cue_lines(text, 10)) == [12, 14, 16]
    assert cue_lines("bird\nbird") == {}


@pytest.mark.parametrize("word", ["emission", "выброс", "Выброс", "ВЫБРОС", "排放"])
def test_words_are_found_in_bytes_whatever_their_capitals(word: str) -> None:
    assert cues_in(f"## {word} x".encode()) == cues_in(b"emission") | cues_in(f"{word}".encode())
    assert cues_in(f"## {word} x".encode())
    assert not cues_in(b"a bird")
