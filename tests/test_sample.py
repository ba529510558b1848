"""The synthetic sample: deterministic, shaped like the Hub, and true to its own truth."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present

from sample_hub import SampleHub
from sample_hub.synthetic import timeline as tl
from sample_hub.synthetic.carbon import CONSTANTS
from sample_hub.synthetic.draw import normal
from sample_hub.synthetic.world import KIND_OF, PLANTED

N = 6_000


@pytest.fixture(scope="module")
def sample() -> SampleHub:
    return SampleHub(seed=7, n_models=N)


@pytest.fixture(scope="module")
def records(sample: SampleHub) -> list[dict[str, Any]]:
    return [sample.record(index) for index in range(N)]


@pytest.fixture(scope="module")
def truths(sample: SampleHub) -> list[dict[str, Any]]:
    return [sample.truth(index) for index in range(N)]


def front_matter(card: str) -> Any:
    match = re.match(r"---\n(.*?)\n---\n", card, re.DOTALL)
    return None if match is None else yaml.load(match[1], getattr(yaml, "CSafeLoader", yaml.SafeLoader))


# --- determinism


def digest_of(sample: SampleHub, indices: range) -> str:
    total = hashlib.sha256()
    for index in indices:
        total.update(msgspec.json.encode([sample.record(index), sample.truth(index), sample.commits(index)]))
        for name, content in sorted(sample.files(index).items()):
            total.update(name.encode() + content)
    return total.hexdigest()


def test_same_seed_same_bytes_in_any_order_and_in_another_process(sample: SampleHub) -> None:
    indices = range(0, N, 37)
    forwards = digest_of(sample, indices)
    fresh = SampleHub(seed=7, n_models=N)
    for index in reversed(indices):
        fresh.record(index)
    assert digest_of(fresh, indices) == forwards
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_sample import *; print(digest_of(SampleHub(7, N), "
        "range(0, N, 37)))"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "1"}
    )
    assert done.stdout.strip() == forwards


def test_another_seed_is_another_hub(sample: SampleHub) -> None:
    other = SampleHub(seed=8, n_models=N)
    assert sum(sample.record(i)["id"] == other.record(i)["id"] for i in range(0, N, 50)) < 3


def test_it_imports_nothing_from_the_card_reader() -> None:
    root = Path(__file__).resolve().parent.parent / "mining" / "loopback"
    for path in root.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for name in names:
                assert not name.startswith(("mining", "analysis")) or name.startswith("sample_hub"), (
                    f"{path.name} imports {name}"
                )


# --- addressing


@settings(max_examples=60, deadline=None)
@given(index=st.integers(0, 2_999_999))
def test_names_lead_back_to_their_model(index: int) -> None:
    sample = BIG
    record = sample.record(index)
    assert sample.find(record["id"]) == index
    assert record["_id"] == sample.key(index)
    assert record["createdAt"] == sample.created(index)


BIG = SampleHub(seed=1, n_models=3_000_000)


@pytest.mark.parametrize(
    "name",
    ["gpt2", "nobody/nothing", "synthetic-x/bert-00zz10", "synthetic-amber-0/gpt2-birds-000001", "", "../x-000001"],
)
def test_unknown_names_lead_nowhere(sample: SampleHub, name: str) -> None:
    assert sample.find(name) is None
    assert sample.moved(name) is None
    assert sample.dataset(name) is None


@settings(max_examples=100, deadline=None)
@given(index=st.integers(0, 2_999_998))
def test_creation_ascends_with_the_index(index: int) -> None:
    assert (BIG.created(index), BIG.key(index)) < (BIG.created(index + 1), BIG.key(index + 1))


def test_newer_models_than_the_last_can_be_made(sample: SampleHub) -> None:
    newest = [(sample.created(i), sample.key(i)) for i in range(N - 1, N + 4)]
    assert newest == sorted(set(newest))


@pytest.mark.parametrize("count", [1, 2, 59, 61, 200])
def test_small_hubs_work(count: int) -> None:
    small = SampleHub(seed=2, n_models=count)
    keys = {small.record(i)["_id"] for i in range(count)}
    assert len(keys) == count
    assert all(small.truth(i)["index"] == i for i in range(count))


@pytest.mark.parametrize("count", [0, -1, 2**24])
def test_impossible_sizes_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="models can be generated"):
        SampleHub(n_models=count)


# --- shape of the records


def test_ids_dates_and_the_floor(
    sample: SampleHub, records: list[dict[str, Any]], truths: list[dict[str, Any]]
) -> None:
    floor = "2022-03-02T23:29:04.000Z"
    assert min(r["createdAt"] for r in records) == floor
    for record, truth in zip(records, truths, strict=True):
        assert int(record["_id"][:8], 16) == tl.FLOOR_SECOND or record["createdAt"] == truth["first_commit"]
        assert record["lastModified"] >= record["createdAt"]
    old = [t for r, t in zip(records, truths, strict=True) if r["createdAt"] == floor]
    assert 0.02 < len(old) / N < 0.05
    assert min(t["first_commit"] for t in old) < "2020"
    for truth in old[:40]:
        assert sample.commits(truth["index"])[-1]["date"] == truth["first_commit"]


def test_every_name_key_and_commit_is_unique(records: list[dict[str, Any]]) -> None:
    for field in ("_id", "id", "sha"):
        assert len({r[field] for r in records}) == N


def test_records_are_as_large_and_tagged_as_on_the_hub(records: list[dict[str, Any]]) -> None:
    sizes = [len(msgspec.json.encode(r)) for r in records]
    assert sum(sizes) / N >= 1_300
    within = sum(5 <= len(r["tags"]) <= 13 for r in records) / N
    assert within >= 0.90, within
    assert all(len(set(r["tags"])) >= 3 for r in records)
    assert 0.20 < sum(bool(r.get("model-index")) for r in records) / N < 0.32


def test_some_two_percent_report(truths: list[dict[str, Any]], records: list[dict[str, Any]]) -> None:
    share = sum("co2_eq_emissions" in r["tags"] for r in records) / N
    assert 0.015 < share < 0.03, share
    assert {"metadata", "card", "file"} <= {t["place"] for t in truths if t["reports"]}
    many = SampleHub(seed=7, n_models=N, reporter_scale=3.0)
    assert sum(bool(many.planner.kind(i).reports) for i in range(N)) > 2 * sum(
        bool(KIND_OF[t["kind"]].reports) for t in truths
    )


def test_years_grow_and_generators_come_and_go(truths: list[dict[str, Any]]) -> None:
    per_year = Counter(t["first_commit"][:4] for t in truths)
    assert [year for year, _ in sorted(per_year.items())] == [str(y) for y in range(2019, 2027)]
    assert per_year["2021"] < per_year["2022"] < per_year["2023"] < per_year["2024"] < per_year["2025"]
    years: dict[str, set[str]] = {}
    for truth in truths:
        years.setdefault(truth["kind"], set()).add(truth["first_commit"][:4])
    assert max(years["autotrain"]) == "2023"
    assert min(years["st-carbon"]) == "2024"
    assert years["exercise"] == {"2026"}
    assert set(years) == set(KIND_OF)


def test_domains_licences_and_authors_are_spread(truths: list[dict[str, Any]], records: list[dict[str, Any]]) -> None:
    domains = Counter(t["domain"] for t in truths)
    assert domains.most_common(1)[0][0] == "NLP"
    assert len(domains) == 6
    licenses = Counter((r.get("cardData") or {}).get("license") for r in records)
    assert licenses[None] > 0.2 * N
    assert len(licenses) >= 8
    owned = Counter(t["author"] for t in truths)
    top = sum(count for _, count in owned.most_common(len(owned) // 100))
    assert top > 0.10 * N  # one account in a hundred owns a tenth of the models
    assert sum(count == 1 for count in owned.values()) > 0.3 * len(owned)
    assert sum(t["author"] is None for t in truths) > 0


def test_everything_is_labelled_synthetic(sample: SampleHub, records: list[dict[str, Any]]) -> None:
    assert sample.label.startswith("SYNTHETIC")
    assert all(r["id"].startswith("synthetic-") for r in records)
    assert all("synthetic" in r["tags"] for r in records if r.get("cardData"))


def test_access_states_have_their_shares(truths: list[dict[str, Any]], records: list[dict[str, Any]]) -> None:
    states = Counter(t["access"] for t in truths)
    assert 0.013 < states["gated"] / N < 0.027
    assert states["disabled"] > 0
    assert states["gone"] > 0
    assert {str(r["gated"]) for r in records} == {"False", "auto", "manual"}
    assert all(bool(r["gated"]) == (t["access"] == "gated") for r, t in zip(records, truths, strict=True))


def test_lineage_points_backwards_and_repeats_in_tags(
    sample: SampleHub, records: list[dict[str, Any]], truths: list[dict[str, Any]]
) -> None:
    relations: Counter[str] = Counter()
    for record, truth in zip(records, truths, strict=True):
        for base in truth["base_models"]:
            assert (sample.find(base) or 0) < truth["index"]
        if "baseModels" not in record:
            continue
        relation = record["baseModels"]["relation"]
        relations[relation] += 1
        if relation == "finetune":
            assert (
                truth["parameters_count"]
                == sample.truth(present(sample.find(truth["base_models"][0])))["parameters_count"]
            )
        assert {m["id"] for m in record["baseModels"]["models"]} == set(truth["base_models"])
        named = record["cardData"]["base_model"]
        assert ([named] if isinstance(named, str) else named) == truth["base_models"]
        assert all(f"base_model:{relation}:{m['id']}" in record["tags"] for m in record["baseModels"]["models"])
        assert all(m["_id"] == sample.key(present(sample.find(m["id"]))) for m in record["baseModels"]["models"])
    assert set(relations) == {"finetune", "adapter", "quantized", "merge"}


def test_weights_say_what_the_hub_would_say(records: list[dict[str, Any]], truths: list[dict[str, Any]]) -> None:
    for record, truth in zip(records, truths, strict=True):
        names = [item["rfilename"] for item in record["siblings"]]
        assert names == sorted(names)
        assert ("README.md" in names) == (truth["kind"] != "bare")
        assert ("emissions.csv" in names) == (truth["kind"] == "meter-file")
        if truth["kind"] == "exercise":
            assert not any(name.endswith((".safetensors", ".bin", ".gguf")) for name in names)
            assert record["usedStorage"] < 10_000
        elif truth["kind"] in ("gguf", "heir"):
            assert record["gguf"]["total"] == truth["parameters_count"]
        elif truth["kind"] == "packed":
            assert record["safetensors"]["total"] < truth["parameters_count"] / 4
        elif "safetensors" in record and truth["lineage"] != "adapter":
            assert record["safetensors"]["total"] == truth["parameters_count"]


# --- cards


def test_front_matter_and_metadata_are_the_same(
    sample: SampleHub, records: list[dict[str, Any]], truths: list[dict[str, Any]]
) -> None:
    checked: Counter[str] = Counter()
    for record, truth in zip(records, truths, strict=True):
        card = sample.card(truth["index"])
        if card is None:
            assert "cardData" not in record
            continue
        if "metadata-not-at-start" in truth["flags"]:
            assert "cardData" not in record
            assert not card.startswith("---")
            assert "co2_eq_emissions" in card
        else:
            assert front_matter(card) == record["cardData"], truth["model_id"]
        checked[truth["kind"]] += 1
    assert set(checked) == set(KIND_OF) - {"bare"}


def stated_in(card: str, truth: dict[str, Any]) -> bool:
    digits = re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", card)
    return any(math.isclose(float(text), truth["stated_value"], rel_tol=1e-3, abs_tol=1e-12) for text in digits)


def test_what_is_stated_stands_where_the_truth_says(
    sample: SampleHub, records: list[dict[str, Any]], truths: list[dict[str, Any]]
) -> None:
    for record, truth in zip(records, truths, strict=True):
        if not truth["reports"]:
            if "placeholder" not in truth["flags"]:
                assert "co2_eq_emissions" not in (record.get("cardData") or {})
            continue
        if truth["place"] == "file":
            rows = list(csv.DictReader(io.StringIO(sample.files(truth["index"])["emissions.csv"].decode())))
            assert math.isclose(float(rows[0]["emissions"]), truth["stated_value"])
            assert math.isclose(float(rows[0]["emissions"]) * 1e3, truth["true_grams"])
            continue
        assert stated_in(present(sample.card(truth["index"])), truth), truth
        if truth["place"] == "metadata":
            assert (record.get("cardData") or {}).get("co2_eq_emissions") == truth["metadata_value"]
            assert "co2_eq_emissions" in record["tags"]


def test_stated_values_are_the_true_ones_where_nothing_is_odd(truths: list[dict[str, Any]]) -> None:
    odd = {"constant", "zero"}
    checked = 0
    for truth in truths:
        if truth["counts"] and not odd & set(truth["flags"]):
            assert math.isclose(truth["stated_grams"], truth["true_grams"], rel_tol=2e-3), truth
            checked += 1
        if "constant" in truth["flags"]:
            assert truth["stated_value"] in CONSTANTS
    assert checked > 80


def test_oddities_of_every_sort_are_there() -> None:
    sample = SampleHub(seed=7, n_models=40_000)
    flags: Counter[str] = Counter()
    for index in range(len(sample)):
        if sample.planner.kind(index).reports:
            flags.update(sample.truth(index)["flags"] or ["plain"])
    wanted = {
        "plain", "kg-mistake", "kg-mistake-silent", "placeholder", "zero", "unit-in-text", "constant", "exercise",
        "metadata-not-at-start",
        "inherited", "copied-card", "family-total-beside",
    }  # fmt: skip
    assert wanted == set(flags)
    assert flags["plain"] > sum(flags.values()) / 2


def test_kilogram_mistakes_are_a_thousandth_of_the_truth(truths: list[dict[str, Any]]) -> None:
    wrong = [t for t in truths if "kg-mistake" in t["flags"] and t["counts"]]
    assert wrong
    for truth in wrong:
        value = (
            truth["metadata_value"]["emissions"]
            if isinstance(truth["metadata_value"], dict)
            else truth["metadata_value"]
        )
        assert math.isclose(value * 1e3, truth["true_grams"], rel_tol=2e-3)


def test_exercises_follow_their_formula_and_train_nothing(sample: SampleHub, truths: list[dict[str, Any]]) -> None:
    exercises = [t for t in truths if t["kind"] == "exercise"]
    assert exercises
    for truth in exercises:
        energy = 400 * truth["hardware_count"] * truth["duration_h"] * 1.2 / 1e3
        assert math.isclose(truth["energy_kwh"], energy)
        assert math.isclose(truth["stated_grams"], energy * truth["intensity_g_per_kwh"], rel_tol=1e-3)
        assert truth["true_grams"] is None
        assert not truth["counts"]


def test_inherited_statements_are_their_sources(sample: SampleHub) -> None:
    seen: Counter[str] = Counter()
    sample = SampleHub(seed=7, n_models=40_000)
    for index in range(len(sample)):
        if sample.planner.kind(index).name not in ("heir", "copy"):
            continue
        truth = sample.truth(index)
        if "inherited" not in truth["flags"]:
            continue
        source = sample.truth(present(sample.find(truth["base_models"][0])))
        assert (truth["stated_value"], truth["stated_unit"]) == (source["stated_value"], source["stated_unit"])
        assert truth["true_grams"] is None
        assert not truth["counts"]
        if truth["lineage"] == "copy":
            assert sample.card(index) == sample.card(source["index"])
            assert "baseModels" not in sample.record(index)
        seen[truth["lineage"]] += 1
    assert min(seen["copy"], seen["quantized"]) >= 10


def test_family_tables_hold_the_models_own_row(sample: SampleHub, truths: list[dict[str, Any]]) -> None:
    for truth in (t for t in truths if t["kind"] == "foundation"):
        rows = dict(re.findall(r"^\| (\S+) \| ([\d.]+) \|$", present(sample.card(truth["index"])), re.MULTILINE))
        assert len(rows) == 4
        own = rows[truth["model_id"].rpartition("/")[2].rpartition("-")[0]]
        assert math.isclose(float(own) * 1e6, truth["stated_grams"])
        assert math.isclose(float(rows["Total"]), sum(float(v) for k, v in rows.items() if k != "Total"), rel_tol=2e-3)


def test_bodies_of_the_meters_print_kilograms_to_three_decimals(
    sample: SampleHub, truths: list[dict[str, Any]]
) -> None:
    meters = [t for t in truths if t["kind"] in ("st-carbon", "setfit-carbon")]
    assert meters
    for truth in meters:
        text = present(
            re.search(r"- \*\*Carbon Emitted\*\*: (\d+\.\d{3}) kg of CO2", present(sample.card(truth["index"])))
        )[1]
        assert text == f"{truth['true_grams'] / 1e3:.3f}"
        assert math.isclose(truth["metadata_value"]["emissions"], truth["true_grams"])
        if truth["kind"] == "st-carbon":
            factor = truth["metadata_value"]["emissions"] / truth["metadata_value"]["energy_consumed"]
            assert math.isclose(factor, truth["intensity_g_per_kwh"])


def test_some_cards_tell_the_machine_but_no_carbon(sample: SampleHub, truths: list[dict[str, Any]]) -> None:
    told = [t for t in truths if t["context_only"]]
    assert told
    for truth in told:
        card = present(sample.card(truth["index"]))
        assert truth["hardware"] in card
        assert "Carbon Emitted" in card
        assert not truth["reports"]


# --- the law behind the numbers


def design(truths: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    domains = [name for name, _ in PLANTED.domain]
    columns = [
        [1.0] * len(truths),
        [math.log(t["parameters_count"]) for t in truths],
        [math.log(t["dataset_bytes"]) for t in truths],
        [float(t["training_type"] == "pre-training") for t in truths],
        [float(t["months_since_2022"]) for t in truths],
        *[[float(t["domain"] == name) for t in truths] for name in domains],
    ]
    return np.array(columns).T, np.array([math.log(t["true_grams"]) for t in truths]), domains


def test_least_squares_finds_the_planted_coefficients(truths: list[dict[str, Any]]) -> None:
    trained = [t for t in truths if t["true_grams"] is not None]
    x, y, domains = design(trained)
    found, *_ = np.linalg.lstsq(x, y, rcond=None)
    rest = y - x @ found
    sigma = math.sqrt(rest @ rest / (len(y) - x.shape[1]))
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x))) * sigma
    planted = [
        PLANTED.intercept,
        PLANTED.size,
        PLANTED.data,
        PLANTED.pretraining,
        PLANTED.trend_per_month,
        *(PLANTED.of_domain(d) for d in domains),
    ]
    assert np.all(np.abs(found - planted) < 4 * errors), (found, planted)
    assert math.isclose(sigma, PLANTED.sigma, rel_tol=0.05)
    assert errors[1] < 0.02
    assert PLANTED.of_domain("NLP") == 0.0


def test_emissions_are_of_a_sensible_size(truths: list[dict[str, Any]]) -> None:
    grams = {
        kind: sorted(t["true_grams"] for t in truths if t["kind"] == kind and t["true_grams"])
        for kind in ("autotrain", "foundation")
    }
    assert 0.5 < grams["autotrain"][len(grams["autotrain"]) // 2] < 60
    assert grams["foundation"][-1] > 5e6
    for truth in truths:
        run_wh = truth["duration_h"] * truth["hardware_count"]
        assert run_wh >= 0
        if truth["kind"] != "exercise":
            assert math.isclose(
                truth["energy_kwh"] * truth["intensity_g_per_kwh"],
                truth["true_grams"] or truth["energy_kwh"] * truth["intensity_g_per_kwh"],
            )


def test_data_sets_have_the_sizes_that_drive_the_emissions(sample: SampleHub, truths: list[dict[str, Any]]) -> None:
    named = [t for t in truths if t["names_dataset"] and "metadata-not-at-start" not in t["flags"]]
    assert named
    for truth in named[::20]:
        assert truth["dataset"] in sample.record(truth["index"])["cardData"]["datasets"]
        info = present(sample.dataset(truth["dataset"]))
        assert info["cardData"]["dataset_info"]["dataset_size"] == truth["dataset_bytes"]


# --- the parts


def test_the_timeline_and_its_inverse_agree() -> None:
    for share in (0.0, 0.001, 0.035, 0.5, 0.999):
        assert abs(tl.share_of(tl.second_of(share)) - share) < 1e-6
    assert tl.second_of(1.0) == tl.LAST_SECOND
    assert tl.stamp(tl.FLOOR_SECOND) == "2022-03-02T23:29:04.000Z"
    assert tl.months(tl.FLOOR_SECOND) == 2
    assert [tl.era(second) for second in (0, tl.FLOOR_SECOND, tl.LAST_SECOND)] == [0, 2, 6]


def test_normal_deviates_are_bounded() -> None:
    assert normal(0.5) == pytest.approx(0.0, abs=1e-12)
    # R: qnorm(0.975)
    assert normal(0.975) == pytest.approx(1.959963984540054, rel=1e-12)
    assert [normal(0.0), -normal(1.0)] == pytest.approx([-5.9978, -5.9978], abs=1e-3)
