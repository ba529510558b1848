"""History over crawls of our own: the Hub's own ids, cards, and three snapshots of a simulated Hub."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_history import history, notes, run, table

from analysis.history.counts import ALL
from analysis.stats.durations import BUCKETS, clustered_hazard
from analysis.stats.joint_hazards import e_value, joint_hazards, watches_of
from benchmarks.simulated_archive import FIRST_REPORT, GONE, simulate
from mining.errors import UsageError
from mining.schema import Envelope, Source
from mining.snapshot import SnapshotWriter

CREATED = "2026-01-02T03:04:05.000Z"


def key(number: int) -> str:
    return f"{int(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()):08x}{number:016x}"


def row(number: int, name: str, co2: Any = None) -> dict[str, Any]:
    card = {"license": "mit"} | ({} if co2 is None else {"co2_eq_emissions": co2})
    return {"_id": key(number), "id": name, "createdAt": CREATED, "lastModified": CREATED, "cardData": card}


def crawl(home: Path, day: int, rows: list[dict[str, Any]], sides: list[Envelope] = [], source: Source = "hub") -> str:  # noqa: B006
    """A complete crawl of the whole Hub, finished on a day of 2026-09, and built."""
    name = f"{source}-{day:02}"
    writer = SnapshotWriter.create(
        home / "raw" / name,
        source=source,
        plan={"frame": "census"},
        plan_hash=name,
        clock=lambda: datetime(2026, 9, day, tzinfo=UTC),
    )
    listed = [
        Envelope(kind="model", id=one["id"], key=one["_id"], address="/api/models", body=json.dumps(one))
        for one in rows
    ]
    writer.append([*listed, *sides])
    writer.complete()
    writer.close()
    done = run("build", name, "--out", home, "--quiet")
    assert done.exit_code == 0, done.output + repr(done.exception)
    return name


def card(number: int, name: str, text: str | None) -> Envelope:
    """The card of a model; None where it is gated."""
    address = f"/{name}/resolve/main/README.md"
    if text is None:
        return Envelope(kind="failure", id=name, key=key(number), address=address, status=403, failure="gated")
    return Envelope(kind="card", id=name, key=key(number), address=address, body=text)


def test_a_renamed_model_stays_the_same_and_every_planted_event_is_found(tmp_path: Path) -> None:
    crawl(tmp_path, 1, [row(1, "a/old", 5), row(2, "a/silent"), row(3, "a/gone", 7), row(4, "a/stops", 9)])
    crawl(tmp_path, 8, [row(1, "a/new", 5), row(2, "a/silent", 3), row(4, "a/stops"), row(5, "b/born")])
    context = {"emissions": 3, "hardware_used": "A100"}
    crawl(tmp_path, 15, [row(1, "a/new", 6), row(2, "a/silent", context), row(4, "a/stops"), row(5, "b/born", 2)])
    found = history(tmp_path / "raw", tmp_path / "h")
    names = ("date", "models_count", "entered_count", "left_count", "began_count", "stopped_count", "changed_count")
    assert [tuple(line[name] for name in names) for line in found] == [
        ("2026-09-01", "4", "", "", "", "", ""),
        ("2026-09-08", "4", "1", "1", "1", "1", "0"),
        ("2026-09-15", "4", "0", "0", "1", "0", "1"),
    ]
    assert table(tmp_path / "h", "flows")[1]["renamed_count"] == "1"
    assert "a/old is a/new now: the Hub's own id is the same" in notes(tmp_path / "h")
    page = (tmp_path / "h" / "history.html").read_text(encoding="utf-8")
    assert "crawls of the whole Hub" in page


def test_a_card_that_could_not_be_read_is_no_removal(tmp_path: Path) -> None:
    stated = "# Model\n\nTraining emitted 12 kg CO2eq on 8 A100 GPUs.\n"
    for day, text in ((1, stated), (8, None), (15, stated.replace("12 kg", "13 kg"))):
        crawl(tmp_path, day, [row(1, "a/m"), row(2, "a/n", 4)], [card(1, "a/m", text)])
    found = history(tmp_path / "raw", tmp_path / "h")
    assert [(line["reporters_count"], line["stopped_count"], line["began_count"]) for line in found[1:]] == [
        ("1", "0", "0"),
        ("2", "0", "0"),
    ]


def test_several_sources_and_crawls_that_are_not_built(tmp_path: Path) -> None:
    crawl(tmp_path, 1, [row(1, "a/m", 5)])
    name = crawl(tmp_path, 8, [row(1, "a/m", 5)])
    (tmp_path / "processed" / name / "models.parquet").unlink()
    found = history(tmp_path / "raw", tmp_path / "h", code=4)
    assert [line["date"] for line in found] == ["2026-09-01"]
    assert f"hf-carbon build {name}" in notes(tmp_path / "h")
    crawl(tmp_path, 9, [row(1, "a/m", 5)], source="sample")
    refused = run("history", "--from", tmp_path / "raw", "--quiet")
    assert isinstance(refused.exception, UsageError)
    assert "several sources" in str(refused.exception)


def test_three_snapshots_of_a_simulated_hub_give_the_planted_hazards() -> None:
    cells = simulate(seed=3, owners=20_000, dates=3).durations.first
    assert clustered_hazard(cells["generator", "A"], 1).estimate == pytest.approx(FIRST_REPORT, rel=0.1)
    assert clustered_hazard(cells[ALL, ALL], 2).estimate == pytest.approx(GONE, rel=0.1)


def test_joint_hazards_tell_exposures_apart_that_go_together() -> None:
    """Planted: B twice A, y three times x, and most of B is y: alone, B looks like four times A."""
    draw, cells = np.random.default_rng(1), []
    for group in range(BUCKETS):
        for one in "AB":
            for two in "xy":
                watched = 800 if (one == "A") == (two == "x") else 200
                hazard = 0.4 * (2 if one == "B" else 1) * (3 if two == "y" else 1)
                events = int(draw.binomial(watched, -np.expm1(-hazard * 7 / 365.25)))
                cells.append((7.0, group, watched, events, {"one": one, "two": two}))
    watches = watches_of(cells)
    found = joint_hazards(watches)
    for name, planted in ((("one", "B"), 2.0), (("two", "y"), 3.0)):
        low, high = found[name].low or 0, found[name].high or 0
        assert found[name].estimate == pytest.approx(planted, rel=0.1)
        assert low < planted < high
    watches.events[:] = watches.events // 40
    assert all(each.refused for each in joint_hazards(watches).values())
    assert e_value(2.0) == pytest.approx(2 + 2**0.5)


def test_joint_hazards_of_a_simulated_archive() -> None:
    found = joint_hazards(simulate(seed=5, owners=6_000).durations.joint.watches("first report"))
    assert found["generator", "B"].estimate == pytest.approx(2.0, rel=0.15)
