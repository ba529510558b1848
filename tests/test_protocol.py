"""The protocol: complete, ordered, hashed, and refused when it is not."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.questions import protocol
from analysis.questions.protocol import Protocol, load, parse, protocol_hash, read
from mining.errors import DamagedDataError, UsageError


@pytest.fixture
def content(project_dir: Path) -> dict[str, Any]:
    text = (project_dir / "analysis" / "questions" / "protocol.yml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def parsed(content: dict[str, Any]) -> Protocol:
    return parse(yaml.safe_dump(content).encode())


def test_hash_is_that_of_the_file(project_dir: Path) -> None:
    path = project_dir / "analysis" / "questions" / "protocol.yml"
    assert protocol_hash() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read(path) == load()


def test_the_questions_and_the_fourteen_tests() -> None:
    assert [question.id for question in load().questions] == [
        "RQ1.1", "RQ1.2", "RQ1.3", "RQ1.4", "RQ2.1", "RQ2.2", "RQ2.3", "RQ2.4", "RQ2.5",
        "RQ3.1", "RQ3.2", "RQ3.3", "RQ3.4", "RQ3.5",
    ]  # fmt: skip
    assert len(next(family for family in load().families if family.id == "published-2023").tests) == 14


def test_first_repair_of_the_label_is_one_scale() -> None:
    assert load().repairs_of("RQ2.5")[0].id == "one-scale"


@pytest.mark.parametrize(
    ("result", "family"),
    [
        ("rq2.4.domain.as-published", "published-2023"),
        ("rq1.2.trend.repaired", "emissions-trend"),
        ("rq2.2.model-size-like-for-like.repaired", "model-size"),
        ("rq2.4.direct.repaired", "domain-direct"),
    ],
)
def test_every_result_has_a_family(result: str, family: str) -> None:
    assert load().family_of(result) == family


def test_a_result_without_family_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no family .* 'rq9.9.as-published'"):
        load().family_of("rq9.9.as-published")


def test_flags_of_an_exclusion() -> None:
    assert load().flags_of("exercise") == ("exercise",)


def test_unknown_repair_is_refused(content: dict[str, Any]) -> None:
    content["questions"][0]["repairs"].append("magic")
    with pytest.raises(DamagedDataError, match="'magic' is not defined"):
        parsed(content)


def test_unused_repair_is_refused(content: dict[str, Any]) -> None:
    content["repairs"].append({"id": "idle", "meaning": "Nothing."})
    with pytest.raises(DamagedDataError, match="'idle' is used by no question"):
        parsed(content)


def test_repeated_name_is_refused(content: dict[str, Any]) -> None:
    content["families"].append(content["families"][0])
    with pytest.raises(DamagedDataError, match="defined twice"):
        parsed(content)


def test_unknown_exclusion_is_refused(content: dict[str, Any]) -> None:
    content["repairs"][1]["exclusion"] = "nothing"
    with pytest.raises(DamagedDataError, match="exclusion 'nothing'"):
        parsed(content)


def test_other_order_is_refused(content: dict[str, Any]) -> None:
    repairs = content["questions"][1]["repairs"]
    repairs[0], repairs[1] = repairs[1], repairs[0]
    with pytest.raises(DamagedDataError, match="order their repairs differently"):
        parsed(content)


@pytest.mark.parametrize("text", [b"version: [", b"version: 1", b"[]", b"unknown: 3"])
def test_what_is_no_protocol_is_refused_in_one_line(text: bytes) -> None:
    with pytest.raises(DamagedDataError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


def test_module_is_quick_to_import() -> None:
    assert not {"pandas", "numpy"} & set(vars(protocol))


@pytest.mark.parametrize("name", ["bootstrap", "draws"])
def test_a_seed_that_nothing_uses_cannot_be_written(content: dict[str, Any], name: str) -> None:
    content["seeds"][name] = 1
    with pytest.raises(DamagedDataError, match=f"unknown field `{name}`"):
        parsed(content)


def test_a_family_is_declared_once(content: dict[str, Any]) -> None:
    content["families"][1]["tests"].append(content["families"][2]["tests"][0])
    with pytest.raises(DamagedDataError, match="is in two families"):
        parsed(content)


def test_a_claim_needs_a_smallest_effect(content: dict[str, Any]) -> None:
    content["claims"][0]["smallest"] = "tiny"
    with pytest.raises(DamagedDataError, match="smallest effect 'tiny' is not defined"):
        parsed(content)


def test_a_grid_that_explodes_is_refused(content: dict[str, Any]) -> None:
    dimensions = content["multiverse"]["grids"][0]["dimensions"]
    more = {"meaning": "m", "options": [str(i) for i in range(300)], "published": "0", "headline": "0"}
    dimensions.append({"id": "more", **more})
    with pytest.raises(DamagedDataError, match=r"universes, at most 20,000"):
        parsed(content)


def test_too_few_draws_are_refused(content: dict[str, Any]) -> None:
    content["multiverse"]["draws"] = 100
    with pytest.raises(DamagedDataError, match="at least 999"):
        parsed(content)
