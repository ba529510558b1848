"""Amounts that only a language writes so, the gloss of a text, and the words of concepts: what is put for what."""

from __future__ import annotations

import pytest

from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.number_forms import (
    is_behind_between,
    spoken,
    with_halves,
    with_plain_ranges,
    with_two_units,
    with_units_beside,
)
from mining.card.lexicon.number_words import with_digits
from mining.card.lexicon.roles import find_concepts, languages_of, may_name
from mining.card.lexicon.words import has_split_formula, is_example, scope_of


@pytest.mark.parametrize(
    ("signs", "value"),
    [
        ("零", 0),
        ("两", 2),
        ("九", 9),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("二十五", 25),
        ("百", 100),
        ("一百二十", 120),
        ("三百零五", 305),
        ("千", 1000),
        ("两千", 2000),
        ("两千三百四十五", 2345),
    ],
)
def test_numbers_in_chinese_signs(signs: str, value: int) -> None:
    assert spoken(signs) == value


def same_width(before: str, after: str) -> str:
    """What stands there now, without the blanks that keep its place."""
    assert len(before) == len(after)
    return " ".join(after.split())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("between 3 and 4 kg", "between 3 - 4 kg"),
        ("zwischen 3 und 4 kg", "zwischen 3 - 4 kg"),
        ("entre 3,5 y 4,25 kg", "entre 3,5 - 4,25 kg"),
        ("de 3 à 4 kg", "de 3 - 4 kg"),
        ("3到4公斤", "3-4公斤"),
        ("3 至 4 kg", "3- 4 kg"),
        ("بين 3 و 4 كجم", "بين 3- 4 كجم"),
        ("between 3 and 4", "between 3 and 4"),  # nothing behind it that could be a unit
        ("with 3 and 4 kg", "with 3 and 4 kg"),
    ],
)
def test_ends_of_a_range_are_joined_in_their_place(text: str, plain: str) -> None:
    assert same_width(text, with_plain_ranges(text)) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a kilo and a half", "1.5 kilo"),
        ("two kilos and a quarter", "2.25 kilos"),
        ("3 tonnes and three quarters", "3.75 tonnes"),
        ("12 kilos and a half", "12.5 kilos"),
        ("zwei Kilo und ein halbes", "2.5 Kilo"),
        ("ein Kilo und ein viertel", "1.25 Kilo"),
        ("dos kilos y cuarto", "2.25 kilos"),
        ("x2 kilos and a half", "x2 kilos and a half"),
        ("eleven kilos and a half", "eleven kilos and a half"),
        ("三公斤半", "3½公斤"),
        ("3 公斤半", "3½公斤"),
        ("两吨半", "2½吨"),
        ("5 kg rưỡi", "5.5 kg"),
        ("كيلوجرامين", "2 كيلوجرام"),
        ("كيلوجرام ونصف", "1.5 كيلوجرام"),
        ("طنين ونصف", "2.5 طن"),
        ("طن", "طن"),
        ("3 كيلوجرام ونصف", "3 كيلوجرام ونصف"),  # a half behind a number in digits is another rule's
    ],
)
def test_fractions_behind_a_unit_stand_before_it(text: str, plain: str) -> None:
    assert same_width(text, with_halves(text)) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("两公斤三百克", "2.3公斤"),
        ("3公斤250克", "3.25公斤"),
        ("2トン300キログラム", "2.3トン"),
        ("1吨20公斤", "1.02吨"),
        ("3 キロ 5 グラム", "3.005キロ"),
        ("9公斤7克", "9公斤7克"),  # no room for 9.007
        ("共一公斤五百克。", "共1.5公斤 。"),
    ],
)
def test_two_units_are_one(text: str, plain: str) -> None:
    assert same_width(text, with_two_units(text)) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("it returned 0.418, which is in kg of CO2", "it returned 0.418 kg of CO2"),
        ("12 expressed in grams of CO2", "12 grams of CO2"),
        ("12 angegeben in Gramm CO2", "12 Gramm CO2"),
        ("table 3 measured in kg CO2", "table 3 measured in kg CO2"),
        ("12 measured in kg of flour", "12 measured in kg of flour"),
    ],
)
def test_a_unit_told_apart_stands_beside_its_number(text: str, plain: str) -> None:
    assert same_width(text, with_units_beside(text)) == plain


def test_between_stands_right_before_an_amount() -> None:
    assert is_behind_between("it is between ")
    assert is_behind_between("zwischen  ")
    assert not is_behind_between("between 3 ")
    assert not is_behind_between("between")


@pytest.mark.parametrize(
    ("language", "text", "plain"),
    [
        ("en", "two hundred grams and three thousand kilograms", "200 grams and 3000 kilograms"),
        ("en", "between two and three kilograms", "between 2-3 kilograms"),
        ("en", "two or three kilograms", "two or 3 kilograms"),
        (
            "en",
            "between two hundred and two hundred and sixty grams",
            "between 200-260 grams",
        ),
        (
            "en",
            "two hundred and two hundred and sixty grams",
            "two hundred and two hundred and sixty grams",
        ),  # two amounts, and no "between": which is meant is not known
        ("en", "one hundred and ninety-nine kilograms", "199 kilograms"),
        ("en", "nine hundred ninety nine grams", "999 grams"),
        ("en", "one thousand, two hundred kilograms", "1200 kilograms"),
        ("en", "two thousand and twelve kilograms", "2012 kilograms"),
        ("en", "twelve thousand four hundred kilograms", "12400 kilograms"),
        ("en", "a dozen kilograms", "12 kilograms"),
        ("en", "a twenty kilo sack", "a 20 kilo sack"),
        ("en", "xtwo kilograms", "xtwo kilograms"),
        ("en", "half a tonne", "0.5 tonne"),
        ("en", "three and a half tonnes", "3.5 tonnes"),
        ("en", "Two\nkilograms", "2 kilograms"),
        ("es", "dos mil kilos", "2000 kilos"),
        ("es", "trescientos veinte gramos", "320 gramos"),
        ("fr", "deux cents kilos", "200 kilos"),
        ("fr", "un kilo trois cents", "un kilo trois cents"),  # 1.3 kg, which is written in no way we know
        ("fr", "un kilo trois cents grammes", "1 kilo 300 grammes"),
        ("de", "eintausend zweihundert Gramm", "1200 Gramm"),
        ("de", "zweiunddreißig Gramm", "32 Gramm"),
        ("ko", "삼십 킬로그램", "30 킬로그램"),
        ("vi", "hai mươi lăm tấn", "25 tấn"),
    ],
)
def test_words_before_a_unit_of_mass_are_digits(language: str, text: str, plain: str) -> None:
    assert same_width(text, with_digits(text, frozenset({language}))) == plain


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        ("zh", "训练了二十五天", "trained 了 25 days"),
        ("zh", "8张A100显卡", "8 pieces of A100 GPUs"),
        ("zh", "两台机器", "2 nodes"),
        ("zh", "1.5万千瓦时", "15000 kWh"),
        ("zh", "耗电30度", "energy 30 kWh"),
        ("zh", "三个半小时", "3.5 hours"),
        ("ja", "学習に3日間かかった", "trained に 3 days かかった"),
        ("ja", "12日", "12 days"),
        ("ja", "8時間半", "8.5 hours"),
        ("ja", "2日と12時間", "2 days と 12 hours"),
        ("de", "zweieinhalb Stunden", "2.5 hours"),
        ("de", "3 Stunden und eine halbe", "3.5 hours"),
        ("de", "Grafikkarten", "hardware"),
        ("es", "tres horas y media", "3.5 hours"),
        ("es", "2 kWh y medio", "2.5 kWh"),
        ("fr", "une heure et quart", "1.25 hours"),
        ("fr", "2 kWh et demi kg", "2 kWh and 0.5 kg"),  # half a kilogram, not of a kilowatt-hour
        ("hi", "साढ़े 3 घंटे", "3.5 hours"),
        ("ru", "за неделю", "за 1 weeks"),
        ("ru", "три недели", "3 weeks"),
        ("vi", "huấn luyện ba giờ", "trained 3 hours"),
        ("ko", "3시간", "3hours"),
        ("ar", "ساعتان ونصف", "2.5 hours"),
        ("tr", "İki saat", "2 hours"),
        ("fr", "two pelicans", "two pelicans"),
    ],
)
def test_what_is_said_in_the_english_that_is_read(language: str, text: str, english: str) -> None:
    assert gloss(text, Locale((language,))).replace("two", "2").split() == english.replace("two", "2").split()


ENGLISH = frozenset({"en"})


@pytest.mark.parametrize(
    ("text", "languages", "found"),
    [
        ("the whole family of models", None, {("family", "whole family"), ("members", "models")}),
        ("epochs", ENGLISH, {("stage", "epoch")}),  # words may go on
        ("xepoch", ENGLISH, set()),  # and not begin within one
        ("Training", frozenset({"fr"}), set()),
        ("entraînement", ENGLISH, set()),
        ("entraînement", frozenset({"fr"}), {("train", "entraîn")}),
        ("İ the whole family", None, {("family", "whole family")}),
        ("训练和推理", None, {("train", "训练"), ("infer", "推理")}),
        ("Kohlenstoffausstoß", frozenset({"de"}), {("carbon", "Kohlen"), ("carbon", "ausstoß")}),
        ("", None, set()),
        ("of the", ENGLISH, set()),
    ],
)
def test_words_of_concepts(text: str, languages: frozenset[str] | None, found: set[tuple[str, str]]) -> None:
    hits = find_concepts(text, languages)
    assert {(hit.concept, text[hit.start : hit.end]) for hit in hits} == found
    assert len(hits) == len(found)
    assert [hit.end for hit in hits] == sorted(hit.end for hit in hits)


def test_a_quick_look_finds_the_letters_of_a_concept_in_any_language() -> None:
    assert may_name("carbon", "the carbon of it")
    assert may_name("carbon", "углеродный след")
    assert not may_name("carbon", "a pelican")


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("O modelo foi treinado durante duas horas em uma placa", ("pt",)),
        ("Mô hình đã được huấn luyện trong ba giờ trên một thẻ", ("vi",)),
        ("The model was trained for two hours, und das war gut.", ("en",)),
        ("ελληνικά μοντέλο εκπαίδευση for", ()),
        ("Modelul a fost antrenat timp de două săptămâni pe patru plăci grafice și rezultatele sunt bune", ()),
        ("Modell", ("en",)),
    ],
)
def test_languages_a_text_may_be_in(text: str, languages: tuple[str, ...]) -> None:
    assert languages_of(text) == languages


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("per epoch", "component"),
        ("for inference", "inference"),
        ("per 1k queries", "inference"),
        ("embodied carbon", "embodied"),
        ("all experiments", "experiments"),
        ("all models", "family-total"),
        ("fine-tuning", "fine-tuning"),
        ("pretraining", "pre-training"),
        ("the training", "training-run"),
        ("evaluation of the training", "component"),
        ("on the CPU", "unknown"),
    ],
)
def test_the_most_special_word_says_what_is_covered(text: str, scope: str) -> None:
    assert scope_of(text) == scope
    assert scope_of(text, "data") == ("data" if scope == "unknown" else scope)


def test_a_formula_may_be_split_and_a_value_may_be_an_example() -> None:
    assert has_split_formula("kgCO~2~")
    assert has_split_formula("CO 2")
    assert not has_split_formula("kg CO2")
    assert not has_split_formula("TACO 2")
    assert is_example("(e.g., 1 kg)")
    assert not is_example("12 kg e.g.")
