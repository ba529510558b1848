"""The methods page and the data dictionary are what the code says, no more and no less."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from analysis import results
from analysis.classify import classes_2023, efficiency
from analysis.classify.explain import explain
from analysis.classify.rubric import rubric
from analysis.classify.terms import terms
from analysis.estimates import boundaries
from analysis.questions import protocol
from mining import fields
from mining.card.resolve import settling


@pytest.fixture(scope="module")
def generator(project_dir: Path) -> ModuleType:
    """The generating module, which lies outside the packages."""
    spec = importlib.util.spec_from_file_location("generate_methods", project_dir / "docs" / "generate_methods.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["methods.md", "dictionary.md", "words.md"])
def test_the_committed_page_is_the_generated_one(
    project_dir: Path, tmp_path: Path, generator: ModuleType, name: str
) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in generator.write(tmp_path)}
    assert (project_dir / "docs" / name).read_text(encoding="utf-8") == written[name], (
        "run: python -m docs.generate_methods"
    )


def test_every_rule_flag_probe_and_repair_stands_on_the_page(generator: ModuleType) -> None:
    page = generator.methods()
    plan = protocol.load()
    names = [
        *settling.RULES,
        *get_args(fields.EmissionFlag),
        *get_args(fields.Quantity),
        *get_args(fields.UnitStatus),
        *(probe.id for probe in rubric().probes),
        *(repair.id for repair in plan.repairs),
        *(family.id for family in plan.families),
        *(entry.id for entry in plan.exclusions),
    ]
    assert [name for name in names if f"`{name}`" not in page] == []
    assert all(f"**{question.id}**" in page for question in plan.questions)
    assert sum(probe.weight for probe in rubric().probes) == 100


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("rule", settling.RULES),
        ("flag", get_args(fields.EmissionFlag)),
        ("unit status", get_args(fields.UnitStatus)),
        ("scope", get_args(fields.Scope)),
        ("outcome", get_args(fields.Outcome)),
        ("card", get_args(fields.CardStatus)),
        ("row", get_args(fields.RowFailure)),
        ("class of 2023", classes_2023.CLASSES),
        ("efficiency class", efficiency.LETTERS),
        ("verdict", get_args(results.ClaimVerdict)),
        ("estimate", (*get_args(boundaries.Route), *get_args(boundaries.Boundary))),
    ],
)
def test_every_closed_list_has_its_words_and_no_others(kind: str, names: Sequence[str]) -> None:
    assert {term.name for term in terms() if term.kind == kind} == set(names)
    assert all(name in explain(name) for name in names)


def test_no_words_are_kept_for_what_is_gone(generator: ModuleType) -> None:
    assert set(generator.INNER_UNITS) == set(get_args(fields.Quantity))


def test_tables_are_whole(generator: ModuleType) -> None:
    for block in re.findall(r"(?:^\|.*\n)+", generator.methods(), re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(columns) == 1, block[:200]
