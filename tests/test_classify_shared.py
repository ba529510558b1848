"""The published reporters, classified by the functions that the study and ``classify`` share."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from analysis.classify import classification
from analysis.classify import reference as cohort
from analysis.classify.cards import classify_card
from analysis.classify.classes_2023 import AWARENESS, BASIC, published_class, repaired_class
from analysis.classify.efficiency import Switches, rate, stored
from analysis.classify.rateable import why_not_comparable
from analysis.published import recipe
from analysis.questions import rq1_4, rq2_5

csv.field_size_limit(sys.maxsize)
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def mined(shared_dir: Path) -> pd.DataFrame:
    with gzip.open(shared_dir / "published" / "HFStreamlit.csv.gz", "rt", encoding="utf-8") as stream:
        return pd.read_csv(io.StringIO(stream.read()))


@pytest.fixture(scope="module")
def merged(shared_dir: Path) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "published" / "HFCO2.csv")


def test_the_published_reporters_have_the_published_classes(mined: pd.DataFrame) -> None:
    """Printed: 1,338 Basic and 79 Awareness of 1,417 reporters."""
    assert len(mined) == 1417
    assert Counter(recipe.reporting_classes(mined)) == {BASIC: 1338, AWARENESS: 79}


def test_study_and_classify_ask_the_same_functions() -> None:
    shared = {
        rq1_4: (published_class, repaired_class),
        rq2_5: (rate, stored, why_not_comparable),
        classification: (why_not_comparable,),
    }
    for room, functions in shared.items():
        for function in functions:
            assert vars(room)[function.__name__] is function
    assert cohort.published_reference().repaired == stored("repaired")


def test_the_published_rows_have_the_published_labels(merged: pd.DataFrame) -> None:
    """Printed: A 37, B 486, C 826, D 55, E 15; one scale for cut points and values changes 888 of the 1,419."""
    rows = recipe.label_rows(merged)
    labels = [rate(row, stored("as-published")).label for row in rows]
    assert Counter(labels) == {"A": 37, "B": 486, "C": 826, "D": 55, "E": 15}
    one_scale = recipe.label_cut_points(merged, Switches(one_scale=True))
    assert sum(old != rate(row, one_scale).label for old, row in zip(labels, rows, strict=True)) == 888


def test_cards_of_published_reporters_are_never_silent(shared_dir: Path) -> None:
    folder = shared_dir / "cards" / "published"
    levels = Counter(classify_card(path.read_bytes()).transparency.level for path in sorted(folder.glob("*.md")))
    assert levels["unknown"] == 0
    assert levels["stated"] + levels["explained"] + levels["verifiable"] >= 0.9 * sum(levels.values())
