"""Lineage: what is inherited, copied, constant or an exercise, found by general rules."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from present import present

from mining.normalize.lineage import (
    CONSTANT_LEAST,
    EmissionRecord,
    digits,
    emission_record_of,
    exact_formula,
    find,
    stem,
)
from mining.normalize.similar import PLACES, groups, signature, similarity
from mining.schema import Claim, Context, ModelRecord, Settlement

DICE = random.Random(3)
WORDS = ["".join(DICE.choices(string.ascii_lowercase, k=DICE.randint(3, 9))) for _ in range(600)]


def text(seed: int, words: int = 150) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def emission_record(key: str, stated: float | None = 123.0, **values: Any) -> EmissionRecord:
    values.setdefault("created_at", f"2024-01-{int(key.strip(string.ascii_letters) or 1):02d}T00:00:00Z")
    values.setdefault("model_id", f"{values.get('author') or 'someone'}/{values.get('name', key)}")
    values.setdefault("grams", stated)
    return EmissionRecord(key=key, stated=stated, **values)


def kinds(*emission_records: EmissionRecord) -> dict[str, tuple[str, ...]]:
    return find(emission_records).flags()


# ---------------------------------------------------------------- similarity of texts


def test_same_text_with_other_numbers_is_near_identical() -> None:
    one = text(1) + " it took 12.5 hours and 3,400 g"
    other = text(1) + " it took 7 hours and 81 g"
    assert similarity(signature(one), signature(other)) == 1.0


def test_front_matter_does_not_count() -> None:
    assert signature("---\nlicense: mit\n---\n" + text(2)) == signature(
        "---\nlicense: apache-2.0\ntags: [a]\n---\n" + text(2)
    )


def test_other_texts_are_not_similar_and_short_ones_say_nothing() -> None:
    assert present(similarity(signature(text(3)), signature(text(4)))) < 0.2
    assert signature("too short to say anything") is None
    assert similarity(None, signature(text(3))) is None


def test_estimate_is_close_to_the_true_jaccard_similarity() -> None:
    base = text(5, 400).split()
    for changed in (5, 20, 60):
        other = base.copy()
        for place in range(changed):
            other[place * 6] = f"new{chr(97 + place % 26)}{chr(97 + place // 26)}"
        one, two = ({*zip(w, w[1:], w[2:], strict=False)} for w in (base, other))
        true = len(one & two) / len(one | two)
        estimate = similarity(signature(" ".join(base)), signature(" ".join(other)))
        assert estimate == pytest.approx(true, abs=4 * (true * (1 - true) / PLACES) ** 0.5 + 0.01)


def test_groups_join_near_identical_texts_only() -> None:
    texts = [text(10), text(11), text(10) + " and one more", text(12), text(11), None, "short"]
    found = groups([signature(one) if one else None for one in texts])
    assert found == [0, 1, 0, 3, 1, 5, 6]


def test_groups_of_nothing() -> None:
    assert groups([]) == []
    assert groups([None, None]) == [0, 1]


def test_many_copies_are_grouped_in_bounded_time() -> None:
    copies = [signature(text(20))] * 3000 + [signature(text(seed)) for seed in range(100, 130)]
    found = groups(copies)
    assert set(found[:3000]) == {0}
    assert len(set(found[3000:])) == 30


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("value", "count"),
    [(149200, 4), (0.0363, 3), (17, 2), (60.0, 1), (28.53, 4), (0.1, 1), (1 / 3, 16), (0.0, 1), (1e-7, 1), (-2.5, 2)],
)
def test_significant_digits(value: float, count: int) -> None:
    assert digits(value) == count


@given(st.floats(min_value=1e-12, max_value=1e12))
def test_digits_do_not_depend_on_the_scale_by_ten(value: float) -> None:
    assert 1 <= digits(value) <= 17


def test_stem() -> None:
    assert stem("It5-base-x") == "it5"
    assert stem("") == ""


# ---------------------------------------------------------------- inherited


def test_a_quantized_copy_inherits_its_base() -> None:
    base = emission_record("a1", 149200.0, author="x", name="base")
    copy = emission_record("b2", 149200.0, author="y", name="base-GGUF", bases=("x/base",), relation="quantized")
    found = find([copy, base])
    assert found.flags() == {"b2": ("inherited",)}
    assert found.rows[0].of_model_key == "a1"
    assert "quantized" in found.rows[0].evidence


def test_a_thousandfold_of_the_base_is_the_same_value() -> None:
    base = emission_record("a1", 41.1, author="x", name="base")
    copy = emission_record("b2", 41100.0, author="y", name="c", bases=("x/base",), relation="finetune")
    assert kinds(base, copy) == {"b2": ("inherited",)}


def test_a_finetune_with_its_own_value_is_its_own_training() -> None:
    base = emission_record("a1", 149200.0, author="x", name="base")
    tuned = emission_record("b2", 12.0, author="y", name="tuned", bases=("x/base",), relation="finetune")
    assert kinds(base, tuned) == {}


def test_quantizing_is_no_training_even_where_the_base_is_not_known() -> None:
    assert kinds(emission_record("b2", 12.0, bases=("x/unknown",), relation="quantized")) == {"b2": ("inherited",)}
    assert kinds(emission_record("b2", 12.0, bases=("x/unknown",), relation="adapter")) == {}


def test_a_quantized_model_with_a_value_of_its_own_beside_a_known_base_is_left_alone() -> None:
    base = emission_record("a1", 149200.0, author="x", name="base")
    assert kinds(base, emission_record("b2", 3.0, author="y", bases=("x/base",), relation="quantized")) == {}


def test_a_model_that_names_itself_as_base_does_not_inherit_from_itself() -> None:
    assert kinds(emission_record("a1", 5.0, model_id="x/m", bases=("x/m",), relation="finetune")) == {}


# ---------------------------------------------------------------- constants


@pytest.mark.parametrize(
    ("count", "value", "is_constant"), [(5, 17.0, True), (4, 17.0, False), (3, 0.0334, True), (2, 0.0334, False)]
)
def test_constants_of_one_author(count: int, value: float, is_constant: bool) -> None:
    models = [emission_record(f"m{n}", value, author="one", signature=signature(text(n))) for n in range(1, count + 1)]
    assert all(("constant" in kinds(*models).get(model.key, ())) is is_constant for model in models)


def test_round_values_of_different_authors_are_no_constant() -> None:
    assert (
        kinds(*(emission_record(f"m{n}", 17.0, author=f"author{n}", signature=signature(text(n))) for n in range(1, 8)))
        == {}
    )


def test_zero_is_no_constant() -> None:
    assert kinds(*(emission_record(f"m{n}", 0.0, author="one") for n in range(1, 8))) == {}


def test_unknown_authors_are_told_by_set_up_else_by_name() -> None:
    by_setup = [
        emission_record(f"m{n}", 17.0, name=f"any{n}", hardware="TPU v3-8", region="Netherlands") for n in range(1, 6)
    ]
    assert set(kinds(*by_setup)) == {model.key for model in by_setup}
    by_name = [emission_record(f"m{n}", 0.0363, name=f"doe-{n}", hardware="T4") for n in range(1, CONSTANT_LEAST + 1)]
    assert set(kinds(*by_name)) == {model.key for model in by_name}
    unrelated = [emission_record(f"m{n}", 17.0, name=f"{chr(100 + n)}x-model") for n in range(1, 6)]
    assert kinds(*unrelated) == {}


def test_the_first_of_a_constant_stands_for_the_others() -> None:
    rows = find([emission_record(f"m{n}", 17.0, author="one", signature=signature(text(n))) for n in range(1, 6)]).rows
    assert {row.of_model_key for row in rows} == {"m1"}
    assert {row.group for row in rows} == {"m1"}


# ---------------------------------------------------------------- copies


def test_a_long_value_that_comes_twice_was_copied() -> None:
    value = 0.8335491678002559
    assert kinds(
        emission_record("a1", value, author="x", generator="autotrain"),
        emission_record("b2", value, author="y", generator="autotrain"),
    ) == {"b2": ("copied-card",)}


def test_an_equal_value_with_near_identical_text_was_copied() -> None:
    same = signature(text(1))
    assert kinds(
        emission_record("a1", 0.1, author="x", signature=same), emission_record("b2", 0.1, author="y", signature=same)
    ) == {"b2": ("copied-card",)}
    assert kinds(
        emission_record("a1", 0.1, author="x", signature=same), emission_record("b2", 0.1, author="X", signature=same)
    ) == {"b2": ("near-duplicate",)}


def test_a_shared_template_is_no_sign_of_copying() -> None:
    same = signature(text(1))
    pair = [emission_record(key, 0.59, author=key, signature=same, generator="autotrain") for key in ("a1", "b2")]
    assert kinds(*pair) == {}


def test_an_equal_value_and_region_was_copied_but_not_where_the_value_is_round() -> None:
    assert kinds(emission_record("a1", 7540.0, region="USA"), emission_record("b2", 7540.0, region="USA")) == {
        "b2": ("copied-card",)
    }
    assert kinds(emission_record("a1", 100.0, region="USA"), emission_record("b2", 100.0, region="USA")) == {}
    assert kinds(emission_record("a1", 7540.0, region="USA"), emission_record("b2", 7540.0, region="France")) == {}


def test_a_copy_that_was_converted_by_its_name_inherits() -> None:
    assert kinds(
        emission_record("a1", 149200.0, name="m", region="x"),
        emission_record("b2", 149200.0, name="m-GGUF", region="x"),
    ) == {"b2": ("inherited",)}


def test_the_oldest_counts_whatever_the_order() -> None:
    models = [emission_record(f"m{n}", 0.1234567890123, author=f"a{n}") for n in range(1, 5)]
    for order in (models, models[::-1], [models[2], models[0], models[3], models[1]]):
        assert kinds(*order) == {f"m{n}": ("copied-card",) for n in (2, 3, 4)}


# ---------------------------------------------------------------- exercises


def test_exercises_have_no_weights_and_share_a_text() -> None:
    same = signature(text(1))
    empty = [
        emission_record(f"m{n}", 10.0 * n + 3, author=f"a{n}", has_weights=False, signature=same) for n in range(1, 4)
    ]
    assert kinds(*empty) == {f"m{n}": ("exercise",) for n in (1, 2, 3)}
    full = [
        emission_record(f"m{n}", 10.0 * n + 3, author=f"a{n}", has_weights=True, signature=same) for n in range(1, 4)
    ]
    assert kinds(*full) == {}
    assert kinds(*empty[:2]) == {}


def test_exercises_follow_a_formula_exactly() -> None:
    run = {"power_w": 400.0, "hardware_count": 8, "duration_h": 24.0, "pue": 1.2, "energy_kwh": 92.16}
    assert kinds(emission_record("m1", 1.0, has_weights=False, **run)) == {"m1": ("exercise",)}
    assert kinds(emission_record("m1", 1.0, has_weights=None, **run)) == {}
    assert kinds(emission_record("m1", 1.0, has_weights=False, **(run | {"energy_kwh": 91.0}))) == {}


@pytest.mark.parametrize(
    ("values", "formula"),
    [
        ({"energy_kwh": 10.0, "intensity": 300.0, "stated": 3000.0}, "emissions = energy x intensity"),
        (
            {"energy_kwh": 10.0, "intensity": 300.0, "pue": 1.1, "stated": 3300.0},
            "emissions = energy x intensity x PUE",
        ),
        ({"energy_kwh": 9.6, "power_w": 400.0, "duration_h": 24.0, "stated": 1.0}, "energy = power x devices x hours"),
        ({"energy_kwh": 10.0, "intensity": 300.0, "stated": 2900.0}, None),
        ({"stated": 2900.0}, None),
    ],
)
def test_formulas(values: dict[str, float], formula: str | None) -> None:
    assert exact_formula(emission_record("m1", **values)) == formula


# ---------------------------------------------------------------- emission_records, groups, determinism


def test_only_models_that_state_emissions_take_part() -> None:
    record = ModelRecord(model_key="k")
    assert emission_record_of(record, [Claim(quantity="hardware", text="A100", where="card::1")], None) is None
    claimed = emission_record_of(record, [Claim(quantity="emissions", text="5 kg", where="card::1")], None)
    assert claimed is not None
    assert claimed.stated is None


def test_the_metadata_value_is_compared_before_the_corrected_one() -> None:
    record = ModelRecord(
        model_key="k",
        emissions_metadata_value=7540.0,
        carbon=Settlement(emissions_gco2e=714.6, emissions_original=0.7146),
        training=Context(region="USA", pue_ratio=1.2),
    )
    found = emission_record_of(record, [], b"x")
    assert found is not None
    assert (found.stated, found.grams, found.region, found.pue) == (7540.0, 714.6, "USA", 1.2)


def test_groups_of_cards_are_named_after_their_oldest_and_leave_templates_out() -> None:
    same = signature(text(1))
    cards = [
        emission_record("b2", 1.0, signature=same),
        emission_record("a1", 2.0, signature=same),
        emission_record("c3", 3.0, signature=same, generator="autotrain"),
    ]
    assert find(cards).duplicate_groups == {"a1": "a1", "b2": "a1"}


def test_findings_do_not_depend_on_the_order_of_models() -> None:
    dice = np.random.default_rng(5)
    pool = [signature(text(n)) for n in range(6)]
    models = [
        emission_record(
            f"m{n:03d}",
            float(dice.choice([17.0, 8.0, 0.1234567890123, 5.5])),
            author=f"a{n % 7}",
            signature=pool[n % 6],
            created_at=f"2024-{n % 12 + 1:02d}-01",
        )
        for n in range(200)
    ]
    first = find(models)
    shuffled = [models[place] for place in dice.permutation(200)]
    assert find(shuffled) == first
    assert first.rows


@pytest.mark.shared
def test_copies_and_constants_of_the_published_study_are_found(shared_dir: Path) -> None:
    """Known of the study: 149,200 g copied twice, 7,540 g once; re-uploads.

    Constants 17 x 18, 51 x 9, 8 x 9, 40 x 8, and six more.
    """
    import pandas as pd

    from mining.card.extract.context import context
    from mining.card.read import read_card

    frame = pd.read_csv(shared_dir / "published" / "HFStreamlit.csv.gz", low_memory=False)
    repeated = frame[frame.duplicated("co2_eq_emissions", keep=False)]
    assert len(repeated) == 87
    emission_records = []
    for number, row in zip(repeated.index, repeated.to_dict("records"), strict=True):
        card = row["modelcard_text"] if isinstance(row["modelcard_text"], str) else ""
        stated = {key: row[key] for key in ("hardware_used", "geographical_location") if row[key] != "Not Specified"}
        reading = read_card(card, metadata={"co2_eq_emissions": {"emissions": row["co2_eq_emissions"], **stated}})
        record = ModelRecord(
            model_key=f"row-{number:04d}",
            name=row["modelId"],
            created_at=row["created_at"],
            downloads_count=int(row["downloads"]),
            generator="autotrain" if row["auto"] else None,
            emissions_metadata_value=row["co2_eq_emissions"],
            training=context(reading.claims),
        )
        emission_records.append(present(emission_record_of(record, reading.claims, signature(card))))
    flags = find(emission_records).flags()
    by_value: dict[float, list[tuple[str, ...]]] = {}
    for one in emission_records:
        by_value.setdefault(present(one.stated), []).append(flags.get(one.key, ()))
    for value, count in ((17.0, 18), (51.0, 9), (8.0, 9), (40.0, 8), (0.0363, 6)):
        assert by_value[value] == [("constant",)] * count, value
    assert sorted(by_value[149200.0]) == [(), ("copied-card",), ("copied-card",)]
    assert sorted(by_value[7540.0]) == [(), ("copied-card",)]
    assert sorted(by_value[0.1069]) == [(), ("copied-card",)]
    long_values = [value for value in by_value if digits(value) >= 9]
    assert len(long_values) == 7
    assert all(sorted(by_value[value]) == [(), ("copied-card",)] for value in long_values)
    assert by_value[0.21] == [(), ()]
    assert by_value[100.0].count(()) >= 1
