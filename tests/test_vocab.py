"""Closed vocabularies: their lists are disjoint, fixes hit, any text is answered, and unseen values stay unseen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.vocab import VOCABULARIES, Encoder, finder, fold, is_hopeless, machine, vocabulary
from mining.vocab.quarantine import Quarantine, Unseen
from mining.vocab.tables import read_table

TABLES = Path(__file__).resolve().parent.parent / "mining" / "vocab" / "tables"


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_vocabulary_has_three_disjoint_lists_and_fixes_that_hit(name: str) -> None:
    encoder = vocabulary(name)
    lists = [set(encoder.keys(status)) for status in ("standard", "fixed", "hopeless")]
    assert all(lists)
    assert not lists[0] & lists[1]
    assert not lists[0] & lists[2]
    assert not lists[1] & lists[2]
    assert all(encoder.encode(key).name in encoder for key in lists[0] | lists[1])
    assert all(encoder.encode(key).name is None for key in lists[2])
    assert [encoder.encode(standard).name for standard in encoder] == list(encoder)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_spellings_are_filed_folded_so_that_a_lookup_can_hit_them(name: str) -> None:
    for row in read_table(name):
        for alias in filter(None, row["aliases"].split(";")):
            spelling = alias.lstrip("?=")
            assert fold(spelling) == spelling, (row["name"], alias)


def test_every_packaged_table_is_shipped_as_package_data() -> None:
    patterns = (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '*.csv"' in patterns
    assert {*VOCABULARIES, "gloss", "hopeless", "machines", "intensity", "labels"} == {
        path.stem for path in TABLES.glob("*.csv")
    }
    assert (TABLES / "places.txt").is_file()
    assert '*.txt"' in patterns
    assert (TABLES / "__init__.py").is_file()


@pytest.mark.parametrize(
    ("standards", "fixes", "hopeless", "words"),
    [
        ({"France": {}}, [("francia", "Francia")], ["unknown"], "no standard name"),
        ({"France": {}, "Italy": {}}, [("lutetia", "France"), ("lutetia", "Italy")], [], "two places"),
        ({"France": {}}, [("unknown", "France")], ["Unknown"], "two places"),
        ({"France": {}, "FRANCE!": {}}, [], [], "two places"),
        ({"France": {}}, [], ["france"], "two places"),
        ({"--": {}}, [], ["**"], "two places"),
    ],
)
def test_an_encoder_refuses_lists_that_overlap_or_point_nowhere(
    standards: dict[str, dict[str, str]], fixes: list[tuple[str, str]], hopeless: list[str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Encoder("place", standards, fixes, hopeless).encode("a place")


@pytest.mark.parametrize(
    ("name", "text", "status", "standard"),
    [
        ("region", "France", "standard", "France"),
        ("region", "  FRANCIA. ", "fixed", "France"),
        ("region", "**Deutschland**", "fixed", "Germany"),
        ("region", "日本", "fixed", "Japan"),
        ("region", "us", "fixed", "United States"),
        ("region", "eastus", "fixed", "East US"),
        ("region", "us-east-1", "standard", "us-east-1"),
        ("region", "us-east1", "standard", "us-east1"),
        ("region", "N/A", "hopeless", None),
        ("region", "Middle-earth", "unseen", None),
        ("provider", "Amazon Web Services", "fixed", "AWS"),
        ("provider", "Google Colab Pro", "fixed", "Google Colab"),
        ("provider", "TBD", "hopeless", None),
        ("tool", "code carbon", "fixed", "codecarbon"),
        ("tool", "Machine Learning Impact calculator", "fixed", "mlco2"),
        ("training_type", "Finetuning", "fixed", "fine-tuning"),
        ("training_type", "pretraining + fine-tuning", "fixed", "both"),
        ("licence", "Apache License 2.0", "fixed", "apache-2.0"),
        ("licence", "unknown", "standard", "unknown"),
        ("licence", "openrail++", "standard", "openrail++"),
        ("licence", "openrail", "standard", "openrail"),
        ("task", "sentiment-analysis", "fixed", "text-classification"),
        ("library", "sentence transformers", "standard", "sentence-transformers"),
        ("generator", "generated_from_trainer", "fixed", "trainer"),
        ("hardware", "RTX 3090", "fixed", "NVIDIA GeForce RTX 3090"),
        ("hardware", "", "hopeless", None),
        ("hardware", "- **", "hopeless", None),
    ],
)
def test_written_values_are_filed(name: str, text: str, status: str, standard: str | None) -> None:
    coded = vocabulary(name).encode(text)
    assert (coded.status, coded.name) == (status, standard)


def test_an_unknown_vocabulary_is_an_error() -> None:
    with pytest.raises(KeyError):
        vocabulary("colour")


def test_quarantine_counts_the_same_values_in_any_order_to_the_same_rows() -> None:
    values = [("region", "Atlantis"), ("provider", "Skynet"), ("region", "atlantis!"), ("hardware", "Foo 9000")]
    one, other = Quarantine(), Quarantine()
    for vocabulary_name, text in values:
        one.note(vocabulary_name, text)
    for vocabulary_name, text in reversed(values):
        other.note(vocabulary_name, text)
    assert (
        one.rows()
        == other.rows()
        == [("region", "atlantis", 2), ("hardware", "foo 9000", 1), ("provider", "skynet", 1)]
    )
    assert len(one) == 3
    assert one.counts() == {
        "hardware": Unseen(1, (("foo 9000", 1),)),
        "provider": Unseen(1, (("skynet", 1),)),
        "region": Unseen(2, (("atlantis", 2),)),
    }


def test_quarantine_is_bounded_and_keeps_what_is_frequent() -> None:
    quarantine = Quarantine(most=10)
    for number in range(1_000):
        quarantine.note("library", f"seldom {number}")
        quarantine.note("library", "Often")
    assert len(quarantine) <= 20
    (unseen,) = quarantine.counts().values()
    assert (unseen.times, unseen.values[0], len(unseen.values)) == (2_000, ("often", 1_000), 10)
    assert quarantine.counts(1)["library"].values == (("often", 1_000),)


def test_quarantines_add_up() -> None:
    one, other, both = Quarantine(), Quarantine(), Quarantine()
    for place, text in enumerate(["a", "b", "b", "c", "a", "b"]):
        (one if place % 2 else other).note("task", text)
        both.note("task", text)
    total = Quarantine()
    total.add(one.counts())
    total.add(other.counts())
    assert total.counts() == both.counts()
    assert total.rows() == [("task", "b", 3), ("task", "a", 2), ("task", "c", 1)]


@given(st.text(max_size=300), st.sampled_from(VOCABULARIES))
def test_any_text_is_answered_and_never_raises(text: str, name: str) -> None:
    coded = vocabulary(name).encode(text)
    assert coded.status in {"standard", "fixed", "hopeless", "unseen"}
    assert (coded.name is None) == (coded.status in {"hopeless", "unseen"})
    assert isinstance(is_hopeless(text), bool)
    for match in finder(name).find(text, weak=True):
        assert 0 <= match.start < match.end <= len(text)


@given(st.text(max_size=120))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.sampled_from(list(vocabulary("hardware"))),
    st.sampled_from(["Trained on {}.", "({})", "8x {} for 3 days", "**{}**"]),
)
def test_every_hardware_name_is_found_inside_a_text(name: str, frame: str) -> None:
    found = finder("hardware").find(frame.format(name), weak=True)
    assert name in [match.name for match in found]


@pytest.mark.parametrize(
    "text",
    [
        "[More Information Needed]",
        "More information needed.",
        "unknown",
        "Unknown at this time",
        "N/A",
        "n.a.",
        "none",
        "TBD",
        "to be determined",
        "To be added soon",
        "-",
        "**",
        "",
        "  ",
        "(Forthcoming.)",
        "not specified in the paper",
        "não informado",
        "不明",
        '{{ hardware_type | default("[More Information Needed]", true)}}',
    ],
)
def test_placeholders_are_no_answer(text: str) -> None:
    assert is_hopeless(text)


@pytest.mark.parametrize(
    "text",
    ["A100", "Paris", "12", "unknown cluster in Lyon with 8 V100, measured by the operator over three weeks" * 3],
)
def test_answers_are_no_placeholders(text: str) -> None:
    assert not is_hopeless(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("8x NVIDIA A100 80GB", ["NVIDIA A100"]),
        ("RTX3090Ti", ["NVIDIA GeForce RTX 3090 Ti"]),
        ("RTX-3090 Ti", ["NVIDIA GeForce RTX 3090 Ti"]),
        ("Tesla V-100 hardware", ["NVIDIA V100"]),
        ("TPUv3-8 and a TTPU v3-256", ["TPU v3-8", "TPU v3-256"]),
        ("AMD MI 250X", ["AMD Instinct MI250X"]),
        ("after a 100 epochs", []),
        ("the data100 set and version v100x", []),
        ("deberta-v3-base at t5-large", []),
        ("Quadro RTX 6000 Ada", ["NVIDIA RTX 6000 Ada Generation"]),
    ],
)
def test_hardware_is_found_as_people_write_it(text: str, names: list[str]) -> None:
    assert [match.name for match in finder("hardware").find(text)] == names


def test_short_names_are_found_only_where_hardware_is_expected() -> None:
    assert finder("hardware").find("see table T4 and layer L4") == []
    assert [match.name for match in finder("hardware").find("2x T4", weak=True)] == ["NVIDIA T4"]


def test_a_count_glued_to_a_name_is_kept() -> None:
    assert [(match.name, match.pieces) for match in finder("hardware").find("4xH100, A100x8")] == [
        ("NVIDIA H100", 4),
        ("NVIDIA A100", 8),
    ]


def test_places_in_scripts_without_blanks_are_found() -> None:
    assert [match.name for match in finder("region").find("サーバーは東京にあります")] == ["Tokyo, Japan"]


def test_machines_hold_hardware_that_the_vocabulary_knows() -> None:
    assert machine("p3.16xlarge") == ("NVIDIA V100", 8)
    assert machine("toaster") is None
    assert all(row["hardware"] in vocabulary("hardware") for row in read_table("machines"))


def test_every_task_of_the_hub_has_a_domain() -> None:
    domains = {vocabulary("task").attributes(name)["domain"] for name in vocabulary("task")}
    assert domains == {"NLP", "Computer Vision", "Audio", "Multimodal", "Reinforcement Learning", "Tabular", "Other"}
    assert len(vocabulary("task")) >= 50


def test_importing_the_vocabularies_reads_no_table_and_nothing_heavy() -> None:
    code = (
        "import sys, mining.vocab, mining.vocab.load as load;"
        "assert load.vocabulary.cache_info().currsize == 0;"
        "heavy = {'pandas', 'pyarrow', 'numpy', 'yaml', 'huggingface_hub', 'codecarbon'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_time_to_search_grows_with_the_length_only() -> None:
    import time

    def seconds(times: int) -> float:
        text = "gpu tesla nvidia a " * times
        start = time.process_time()
        finder("hardware").find(text, weak=True)
        return time.process_time() - start

    seconds(10)
    small, large = max(seconds(500), 1e-4), seconds(5000)
    assert large < 40 * small


def test_a_label_announces_one_thing_and_is_filed_folded() -> None:
    labels = [label for row in read_table("labels") for label in row["labels"].split(";")]
    assert [label for label in labels if fold(label) != label] == []
    assert len(set(labels)) == len(labels)
    assert {row["strength"] for row in read_table("labels")} == {"hard", "soft"}
