"""The explorer: exact counts, one file that asks for nothing, hostile names that stay text, keys and phone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import explorer_truth
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from browser import Browser, needs_chromium
from sample_snapshot import write_snapshot
from test_verdicts import cases_of

from analysis.classify.probes import probe_all
from analysis.classify.verdict import judge
from analysis.explorer.facets import MAX_VALUES, OTHER, Facet, arranged, coded
from analysis.explorer.packing import pack
from analysis.explorer.page import page
from analysis.questions.tables import Tables
from mining.build.run import build
from mining.paths import Home, Processed
from sample_hub import SampleHub
from sample_hub.server.catalog import RecordHub

N = 5_000
STATES = 50
HOSTILE = "</script><script>window.stolen=1</script><img src=x onerror=window.stolen=1>"


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Processed:
    home = Home(tmp_path_factory.mktemp("explorer"))
    build(write_snapshot(home.raw("snap"), SampleHub(11, N, 4.0)), home.processed("snap"))
    return home.processed("snap")


def write(processed: Processed, path: Path, names: int = 200_000) -> str:
    packed = pack(processed, names)
    path.write_text(page(packed, snapshot="snap", source=packed.source, digest=packed.digest), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def address(processed: Processed, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(processed, tmp_path_factory.mktemp("page") / "explorer.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as running:
        yield running


def show(browser: Browser, address: str, **look: Any) -> None:
    browser.open(address, **look)
    browser.page.wait_for_selector("html[data-claims=read]", state="attached")


@pytest.mark.skipif(
    shutil.which("node") is None, reason="no node on this machine: the engine is tested through the page alone"
)
def test_the_engine_of_filters_alone(project_dir: Path) -> None:
    done = subprocess.run(
        ["node", "--test", "tests/explorer_engine.mjs"], cwd=project_dir, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "# pass 6" in done.stdout


@pytest.mark.browser
@needs_chromium
def test_counts_are_those_of_duckdb_in_fifty_states(browser: Browser, address: str, processed: Processed) -> None:
    with Tables(processed) as tables:
        levels = {case.record.model_key: judge(case, probe_all(case)).level for case in cases_of(tables)}
    connection = explorer_truth.truth(str(processed.table("models")), levels, explorer_truth.routes_of(processed))
    values = explorer_truth.values_of(connection)
    show(browser, address)
    seen = set()
    for state in explorer_truth.random_states(values, ["bert", "synthetic-lab", "7b lab", "a", "none such"], STATES):
        browser.run(explorer_truth.GO % json.dumps(explorer_truth.address(state)))
        expected = explorer_truth.counts(connection, state)
        assert browser.run(explorer_truth.READ) == expected, state
        assert browser.run("document.querySelector('#sentence strong').textContent") == f"{expected['']['']:,}"
        seen.add(expected[""][""])
    assert len(seen) > STATES / 4


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (390, True)])
def test_the_page_is_alone_quiet_fits_and_is_accessible(browser: Browser, address: str, width: int, dark: bool) -> None:
    show(browser, address, width=width, dark=dark)
    assert browser.requests() == [address]
    assert browser.problems() == []
    assert browser.run("document.documentElement.scrollWidth") <= width
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.axe() == []
    browser.run("document.querySelector('#models .name').click()")
    assert browser.axe() == []


@pytest.mark.browser
@needs_chromium
def test_the_page_by_keys_alone(browser: Browser, address: str) -> None:
    show(browser, address)
    browser.press("/")
    assert browser.run("document.activeElement.id") == "search"
    browser.page.keyboard.type("synthetic-lab")
    assert "synthetic-lab" in browser.run("document.getElementById('sentence').textContent")
    browser.page.focus("#facets li:not([hidden]) input")
    browser.press(" ")
    assert browser.run("location.hash").startswith("#q=synthetic-lab&level=")
    browser.page.focus("#models th[data-sort=parameters] button")
    browser.press("Enter")
    assert browser.run("document.querySelector('th[data-sort=parameters]').getAttribute('aria-sort')") == "descending"
    sizes = browser.run(
        "[...document.querySelectorAll('#models tbody tr')].map(row => row.cells[0].innerText.split(' ')[0])"
    )
    browser.page.focus("#models .name")
    browser.press("Enter")
    assert browser.run("document.getElementById('panel').open")
    assert browser.run("document.getElementById('panel-title').textContent") == sizes[0]
    kept = browser.run("location.hash")
    browser.press("Escape")
    assert not browser.run("document.getElementById('panel').open")
    show(browser, address + kept)
    assert browser.run("document.getElementById('panel').open"), "the address opens the same model"
    assert browser.run("document.getElementById('search').value") == "synthetic-lab"
    browser.press("Escape")
    browser.page.click("#reset")
    assert browser.run("document.querySelector('#sentence strong').textContent") == f"{N:,}"


@pytest.mark.browser
@needs_chromium
def test_the_table_downloads_what_is_seen(browser: Browser, address: str, processed: Processed) -> None:
    show(browser, address + "#outcome=reported&sort=-downloads")
    with browser.page.expect_download() as waited:
        browser.page.click("#download")
    rows = list(csv.DictReader(io.StringIO(Path(waited.value.path()).read_text(encoding="utf-8"))))
    with Tables(processed) as tables:
        frame = tables.query(
            "SELECT model_id, emissions_gco2e, downloads_count FROM models WHERE emissions_outcome = 'reported'"
        )
    expected = dict(zip(frame["model_id"], frame["emissions_gco2e"], strict=True))
    assert {row["model"]: float(row["emissions_gco2e"]) for row in rows} == expected
    downloads = [float(row["downloads_count"]) for row in rows]
    assert downloads == sorted(downloads, reverse=True)
    assert all(row["evidence"] for row in rows)


@pytest.mark.browser
@needs_chromium
def test_a_chart_and_an_organisation_filter(browser: Browser, address: str) -> None:
    show(browser, address)
    bars = browser.page.locator("#months .u-over")
    box = bars.bounding_box()
    assert box
    bars.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert browser.run("location.hash").startswith("#month=20")
    browser.page.click("#reset")
    browser.page.click("#owners button")
    assert browser.run("document.getElementById('search').value").endswith("/")
    assert browser.run("hfCarbon.counts().total") == browser.run("hfCarbon.passing().length") > 0


@pytest.mark.browser
@needs_chromium
def test_a_page_with_few_names_counts_all_and_says_how_many_names_it_holds(
    browser: Browser, processed: Processed, tmp_path: Path
) -> None:
    packed = pack(processed, 10)
    with Tables(processed) as tables:
        states = tables.query("SELECT count(DISTINCT model_key) AS n FROM claims")["n"].iloc[0]
        reported = tables.query("SELECT count(*) AS n FROM models WHERE emissions_outcome = 'reported'")["n"].iloc[0]
    assert packed.models == N
    assert packed.named >= states > 10, "whoever states something has a name"
    show(browser, write(processed, tmp_path / "few.html", 10))
    assert browser.run("hfCarbon.counts().total") == N
    assert f"{reported:,}" in browser.run("document.getElementById('sentence').textContent")
    browser.page.fill("#search", "none such")
    said = browser.run("document.getElementById('names').textContent")
    assert said.startswith("No name holds “none such”. The page holds ")
    assert f"{packed.named:,} of {N:,} names" in said


def hostile_snapshot(folder: Path, records: list[dict[str, object]], cards: dict[str, str]) -> Processed:
    home = Home(folder)
    hub = RecordHub(records, cards)
    import msgspec
    from sample_snapshot import fixed_clock

    from mining.schema import Envelope
    from mining.snapshot import SnapshotWriter

    writer = SnapshotWriter.create(
        home.raw("h"), source="hub", plan={"plan": "census"}, plan_hash="x", clock=fixed_clock
    )
    for index in range(len(hub)):
        record = hub.record(index)
        body = msgspec.json.encode(record).decode()
        lines = [Envelope(kind="model", id=record["id"], key=record["_id"], address="/api/models", body=body)]
        if record["id"] in cards:
            lines.append(
                Envelope(kind="card", id=record["id"], key=record["_id"], address="/x", body=cards[record["id"]])
            )
        writer.append(lines)
    writer.complete()
    writer.close()
    build(home.raw("h"), home.processed("h"))
    return home.processed("h")


@pytest.mark.browser
@needs_chromium
def test_hostile_names_and_texts_stay_text(browser: Browser, tmp_path: Path) -> None:
    name = f"evil/{HOSTILE}\u202e"
    records: list[dict[str, object]] = [
        {
            "id": name,
            "library_name": HOSTILE,
            "tags": [f"license:{HOSTILE}"],
            "cardData": {"license": HOSTILE, "co2_eq_emissions": 12},
        },
        {"id": "=cmd|'/c calc'!A0/x", "downloads": 3},
    ]
    processed = hostile_snapshot(tmp_path, records, {name: f"CO2 emissions of training: 12 g CO2eq {HOSTILE}\n"})
    path = tmp_path / "hostile.html"
    show(browser, write(processed, path))
    assert HOSTILE not in path.read_text(encoding="utf-8")
    for place in range(browser.run("document.querySelectorAll('#models .name').length")):
        browser.run(f"document.querySelectorAll('#models .name')[{place}].click()")
        browser.run("document.getElementById('panel').close()")
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert HOSTILE in browser.run("document.body.textContent")
    assert browser.run("window.stolen") is None
    assert browser.problems() == []
    assert "'=cmd" in browser.run("hfCarbon.csv()")
    assert "\u202e" not in browser.run("document.body.textContent")
    links = browser.run("[...document.querySelectorAll('#models a')].map(each => each.href)")
    assert all(link.startswith("https://huggingface.co/") for link in links)


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("records", [[], [{"id": "a/b"}, {"id": "c/d"}]], ids=["no model", "no reporter"])
def test_a_snapshot_without_reporters_works(browser: Browser, tmp_path: Path, records: list[dict[str, object]]) -> None:
    show(browser, write(hostile_snapshot(tmp_path, records, {}), tmp_path / "page.html"))
    assert browser.problems() == []
    assert browser.run("hfCarbon.counts().total") == len(records)
    assert "No reporting model" in browser.run("document.getElementById('months-title').textContent")
    assert browser.axe() == []


def test_the_same_snapshot_gives_the_same_bytes(processed: Processed) -> None:
    assert pack(processed) == pack(processed)


def test_rare_values_are_counted_together() -> None:
    facet = Facet(id="licence", title="Licence", column="license")
    column = pa.chunked_array([[f"value {number:04}" for number in range(MAX_VALUES + 5)] + ["value 0000", None]])
    done = coded(facet, column)
    assert len(done.values) == MAX_VALUES + 1
    assert done.values[0] == "value 0000"
    counted = dict(zip(done.values, [int((done.codes == code).sum()) for code in range(len(done.values))], strict=True))
    assert counted[OTHER] == 6
    assert sum(counted.values()) == MAX_VALUES + 7


def test_an_unused_value_takes_no_place() -> None:
    import numpy as np

    facet = Facet(id="size", title="Size", order=("small", "large"))
    done = arranged(facet, np.array([1, 1, 2]), ["large", "small", "odd"])
    assert done.values == ("small", "odd")
    assert done.codes.tolist() == [0, 0, 1]


def test_a_damaged_or_missing_table_is_refused(processed: Processed, tmp_path: Path) -> None:
    from mining.errors import DamagedDataError, UsageError

    with pytest.raises(UsageError):
        pack(Processed(tmp_path / "absent"))
    copy = shutil.copytree(processed.folder, tmp_path / "copy")
    pq.write_table(pa.table({"a": [1]}), copy / "models.parquet")
    with pytest.raises(DamagedDataError):
        pack(Processed(copy))


def test_vendored_files_are_those_that_were_pinned(project_dir: Path) -> None:
    folder = project_dir / "analysis" / "explorer" / "vendored"
    pinned = {
        name: digest
        for library in json.loads((folder / "vendored.json").read_text(encoding="utf-8")).values()
        for name, (_, digest) in library["files"].items()
    }
    found = {path.name for path in folder.iterdir()} - {"vendored.json", "README.md"}
    assert found == set(pinned)
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in pinned} == pinned
