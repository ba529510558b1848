"""Forms filled from cards: stated, derived and open items told apart; CycloneDX valid by its own schema.

Family trees.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from classify_run import classify
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from sample_snapshot import write_snapshot

from analysis import classify_card
from analysis.cli import main
from analysis.estimates.family import family_of, in_words
from analysis.label.forms import form_json, form_markdown, items_of
from analysis.questions.tables import Tables
from mining.paths import Home
from sample_hub.synthetic.sample import SampleHub

STATED = (
    "# A model\n\n- **Hardware Type:** 8 x A100 SXM4\n- **Hours used:** 120\n- **Cloud Provider:** AWS\n- "
    "**Compute Region:** France\n"
)
REPORTED = STATED + "- **Carbon Emitted:** 20 kg CO2eq\n- **Energy Consumed:** 345 kWh\n"
CARDS = sorted((Path(__file__).parents[1] / "examples" / "cards").glob("*.md"))


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_every_example_card_fills_every_form(path: Path) -> None:
    answer = classify_card(path.read_bytes(), name=path.name)
    for form in ("gpai", "climate-card"):
        items = items_of(answer, form)
        body = json.loads(form_json(answer, form))
        assert body["open"] == [one.item for one in items if one.status == "open"]
        assert all((one.value is None) == (one.status == "open") for one in items)
        assert all(one.item in form_markdown(answer, form) for one in items)


@pytest.mark.parametrize(
    "card", [STATED, REPORTED, "# Nothing\n", *(path.read_text(encoding="utf-8") for path in CARDS)]
)
def test_cyclonedx_is_valid_by_its_own_schema(card: str) -> None:
    answer = classify_card(card)
    body = form_json(answer, "cyclonedx")
    assert JsonStrictValidator(SchemaVersion.V1_7).validate_str(body) is None
    considerations = json.loads(body)["components"][0].get("modelCard", {}).get("considerations", {})
    used = considerations.get("environmentalConsiderations", {}).get("energyConsumptions", [])
    assert bool(used) == (answer.context.energy_kwh is not None)


def test_energy_is_derived_and_marked_where_the_card_states_the_run_only() -> None:
    silent, stated = (items_of(classify_card(card), "gpai") for card in (STATED, REPORTED))
    found = {one.item.split(" (")[0]: one for one in silent}
    assert found["Energy used for training"].status == "derived"
    assert "interval" in (found["Energy used for training"].value or "")
    assert {one.item.split(" (")[0]: one for one in stated}["Energy used for training"].value == "0.34"


def test_a_hostile_card_cannot_break_the_table() -> None:
    text = form_markdown(classify_card("# A | <script>`x`\n\n- **Hardware Type:** A100 | <b>\n"), "gpai")
    assert "<script>" not in text
    assert all(line.replace("\\|", "").count("|") == 5 for line in text.splitlines() if line.startswith("| "))


def test_the_command_prints_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = tmp_path / "README.md"
    card.write_text(REPORTED, encoding="utf-8")
    assert classify(capsys, card, "--form", "gpai").out.startswith("# Model documentation form")
    assert (
        json.loads(classify(capsys, card, "--form", "climate-card", "--json").out)["items"][6]["value"] == "20 kg CO2eq"
    )


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Model Card for MASK R-CNN", "MASK R-CNN"),
        ("Cool Japan Diffusion Model Card", "Cool Japan Diffusion"),
        ("Aira-2", "Aira-2"),
        ("Model Details", None),
        ("Model Trained Using AutoTrain", None),
        ("Model Card", None),
    ],
)
def test_a_general_heading_is_no_name_of_a_model(heading: str, name: str | None) -> None:
    assert items_of(classify_card(f"# {heading}\n\nText.\n"), "gpai")[0].value == name


def test_what_is_stated_tells_where_and_whose_hours_are_unsaid() -> None:
    card = """# m
- **Hardware Type:** 8 x V100
- **Hours used:** 168
- **Compute Region:** France
"""
    found = {one.item: one for form in ("gpai", "climate-card") for one in items_of(classify_card(card), form)}
    time = found["Time (duration) of training"]
    assert time.value == "168 h (wall-clock or device hours: not said)"
    assert time.where is not None
    assert time.where.endswith(":3")
    assert "wall-clock" not in time.where
    assert all(one.where for one in found.values() if one.status == "stated")
    assert (found["5. At which geo location were the computations performed?"].where or "").endswith(":4")


@pytest.mark.parametrize("form", ["gpai", "climate-card", "cyclonedx"])
def test_forms_of_several_cards_are_one_document(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    both = [str(tmp_path / "a.md"), str(tmp_path / "b.md")]
    main(["classify", *both, "--form", form, "--json"])
    assert len(json.loads(capsys.readouterr().out)) == 2
    main(["classify", *both, "--form", form, "--format", "jsonl"])
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 2


def row(name: str, bases: tuple[str, ...] = (), relation: str | None = None, **more: Any) -> dict[str, Any]:
    base = {"model_id": name, "base_models": bases, "base_relation": relation, "emissions_gco2e": None}
    return {**base, "emissions_flags": (), "downloads_count": 10, **more}


FAMILY = [
    row("org/base", emissions_gco2e=1000.0),
    row("org/chat", ("org/base",), "finetune", emissions_gco2e=50.0),
    row("me/chat-gguf", ("org/chat",), "quantized", emissions_gco2e=50.0, emissions_flags=("inherited",)),
    row("me/merge", ("org/chat", "org/base"), "merge"),
    row("you/tuned", ("org/chat", "gone/base"), "finetune"),
    row("a/circle", ("b/circle",), "finetune", emissions_gco2e=1.0),
    row("b/circle", ("a/circle",), "finetune", emissions_gco2e=2.0),
]


def test_each_training_counts_once() -> None:
    copy, merge = family_of("me/chat-gguf", FAMILY), family_of("me/merge", FAMILY)
    assert copy is not None
    assert merge is not None
    assert (copy.cumulative_gco2e, copy.is_lower_bound) == (1050.0, False)
    assert (merge.cumulative_gco2e, merge.is_lower_bound) == (1050.0, False)


def test_an_unknown_ancestor_makes_a_lower_bound() -> None:
    tuned = family_of("you/tuned", FAMILY)
    assert tuned is not None
    assert (tuned.cumulative_gco2e, tuned.is_lower_bound) == (1050.0, True)
    assert set(tuned.unknown) == {"you/tuned", "gone/base"}
    assert any("at least" in line for line in in_words(tuned))


def test_a_base_is_shared_among_its_descendants_and_circles_end() -> None:
    base, circle = family_of("org/base", FAMILY), family_of("a/circle", FAMILY)
    assert base is not None
    assert circle is not None
    assert [one.model_id for one in base.descendants] == ["me/merge", "org/chat", "me/chat-gguf", "you/tuned"]
    assert base.amortised_gco2e == pytest.approx(1000 / 5)
    assert base.per_download_g == pytest.approx(1000 / 50)
    assert circle.cumulative_gco2e == 3.0
    assert family_of("no/model", FAMILY) is None


def test_a_tree_says_what_is_unknown_and_never_nought() -> None:
    """No report is not 0 g; a relation that pandas lost is no "nan"; amounts have the unit that suits them."""
    lone = family_of("org/lone", [row("org/lone", relation=float("nan"))])  # type: ignore[arg-type]
    assert lone is not None
    assert (lone.model.relation, lone.descendants_gco2e) == ("", None)
    words = "\n".join(in_words(lone))
    assert "org/lone: not reported" in words
    assert "Descendants   none in this snapshot" in words
    base = family_of("org/base", [row("org/base", emissions_gco2e=16.2e6), row("me/x", ("org/base",))])
    assert base is not None
    words = "\n".join(in_words(base))
    assert "16.2 t CO2eq: its own training" in words
    assert "1, none reports its training" in words
    assert "me/x (relation not stated): not reported" in words
    assert "8.1 t CO2eq per model" in words


def test_the_tree_of_a_built_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_snapshot(tmp_path / "raw" / "s", SampleHub(seed=3, n_models=400, reporter_scale=3.0))
    main(["build", "s", "--out", str(tmp_path), "--quiet"])
    with Tables(Home(tmp_path).processed("s")) as tables:
        found = tables.query(
            "SELECT model_id, base_models[1] AS base FROM models WHERE len(base_models) > 0 ORDER BY 1"
        )
    name, base = found.iloc[0]
    capsys.readouterr()
    main(["tree", name, "--snapshot", "s", "--out", str(tmp_path), "--json"])
    tree = json.loads(capsys.readouterr().out)
    assert base in {one["model_id"] for one in tree["ancestors"]}
    with pytest.raises(SystemExit) as stopped:
        main(["tree", "no/model", "--snapshot", "s", "--out", str(tmp_path)])
    assert stopped.value.code == 3
    capsys.readouterr()
    for typed, wanted in ((base[:-1], f"nearest: {base}"), ("a/b/c", "neither a file nor the name of a model")):
        with pytest.raises(SystemExit):
            main(["tree", typed, "--snapshot", "s", "--out", str(tmp_path)])
        assert wanted in capsys.readouterr().err
    main(["tree", f"https://huggingface.co/{base}", "--snapshot", "s", "--out", str(tmp_path)])
    assert name in capsys.readouterr().out
