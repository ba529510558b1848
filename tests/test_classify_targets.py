"""What a user may type, on disk: paths, folders, standard input, names, and everything that is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from classify_run import BAD_YAML, CARD, HARDWARE_ONLY, METADATA_ONLY, PLAIN, RTF, classify

from analysis.classify.cards import classify_card
from analysis.classify.local_cards import MAX_CARD_BYTES
from analysis.classify.targets import repository_of
from mining.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("a.md", CARD), ("b/README.md", PLAIN), ("c.md", METADATA_ONLY), ("d.markdown", HARDWARE_ONLY)):
        path = tmp_path / "cards" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "cards" / "notes.csv").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cards"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("org/model", "org/model"),
        ("gpt2", "gpt2"),
        ("hub:org/model", "org/model"),
        ("https://huggingface.co/org/model", "org/model"),
        ("https://huggingface.co/org/model/", "org/model"),
        ("https://huggingface.co/org/model/tree/main", "org/model"),
        ("https://huggingface.co/org/model/blob/main/README.md?x=1#y", "org/model"),
        ("https://huggingface.co/gpt2", "gpt2"),
        ("https://huggingface.co/gpt2/resolve/main/README.md", "gpt2"),
        ("hub:https://hf.co/org/model", "org/model"),
    ],
)
def test_names_and_addresses_are_understood(typed: str, name: str) -> None:
    assert repository_of(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "https://huggingface.co/datasets/org/data",
        "https://huggingface.co/spaces/org/app",
        "https://huggingface.co/",
        "../../etc/passwd",
        "hub:../../etc/passwd",
        "org/../../x",
        "https://huggingface.co/../../etc/passwd",
        "a/b/c",
        "org/model name",
        "org/model\n",
        "",
        "org/",
        "-rf",
        "org/a--b",
        "org/a..b",
        "https://[bad/x",
    ],
)
def test_what_names_no_model_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        repository_of(typed)


def test_an_existing_path_wins_over_a_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("org").mkdir()
    Path("org/model").write_text(CARD, encoding="utf-8")
    said = classify(capsys, "org/model", "--json", "--endpoint", "http://127.0.0.1:9")
    assert said.code == 0
    assert said.json["emissions"]["grams"] == 12300
    assert said.json["input"] == "org/model"


def test_hub_in_front_forces_the_hub(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = classify(capsys, "hub:cards", "--endpoint", "http://127.0.0.1:9")
    assert said.code == 3


def test_a_folder_gives_every_card_in_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = classify(capsys, folder, "--jsonl")
    assert [line["input"] for line in said.lines] == [
        str(folder / name) for name in ("a.md", "b/README.md", "c.md", "d.markdown")
    ]
    assert [line["transparency"]["level"] for line in said.lines] == ["verifiable", "silent", "stated", "context"]


def test_batch_equals_single_byte_for_byte(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch = classify(capsys, folder, "--jsonl").out
    single = "".join(
        classify(capsys, path, "--jsonl").out
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".md", ".markdown"}
    )
    assert batch == single
    assert batch == classify(capsys, folder, "--jsonl").out


def test_a_list_for_several_and_an_object_for_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(classify(capsys, folder / "a.md", "--json").json, dict)
    both = classify(capsys, folder / "a.md", folder / "c.md", "--json").json
    assert both[0] == classify(capsys, folder / "a.md", "--json").json
    assert len(both) == 2


def test_standard_input(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(CARD.encode())

    monkeypatch.setattr("sys.stdin", Stdin())
    said = classify(capsys, "-", "--json")
    assert said.json["input"] == "-"
    assert said.json["emissions"]["grams"] == 12300


def test_a_missing_file_is_wrong_use_and_the_others_are_answered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = classify(capsys, "nosuch.md", folder / "a.md", "--jsonl")
    assert said.code == 2
    assert len(said.lines) == 1
    assert said.err == "hf-carbon: no such file: 'nosuch.md'\n"


def test_a_folder_without_cards_is_wrong_use(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "empty").mkdir()
    said = classify(capsys, folder.parent / "empty")
    assert said.code == 2
    assert "no model card" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("body", "looked_at", "code", "level"),
    [
        (b"", "empty", 0, "silent"),
        (b"   \n\n", "empty", 0, "silent"),
        (bytes(range(256)) * 40, "not-text", 3, "unknown"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 300, "not-text", 3, "unknown"),
        (RTF.encode(), "not-text", 3, "unknown"),
    ],
)
def test_odd_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes, looked_at: str, code: int, level: str
) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(body)
    said = classify(capsys, path, "--json")
    assert (said.json["looked_at"], said.code, said.json["transparency"]["level"]) == (looked_at, code, level)
    assert (said.json["problem"] is not None) == (code == 3)


def test_unreadable_yaml_is_not_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "README.md"
    path.write_text(BAD_YAML, encoding="utf-8")
    said = classify(capsys, path, "--json")
    assert said.code == 0
    found = {probe["id"]: probe["outcome"] for probe in said.json["transparency"]["probes"]}
    assert found["emissions-in-metadata"] != "reported" or said.json["emissions"]["grams"] == 5


def test_a_card_of_100_megabytes_is_not_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "README.md"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    said = classify(capsys, path, "--json")
    assert (said.code, said.json["looked_at"], said.json["transparency"]["level"]) == (3, "too-large", "unknown")
    assert said.json["problem"] == "the card is too large to be read whole"


def test_a_card_just_too_large_is_refused_in_memory_too() -> None:
    assert classify_card("x" * (MAX_CARD_BYTES + 1)).looked_at == "too-large"


def test_a_log_beside_the_card_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text(PLAIN, encoding="utf-8")
    head = "timestamp,project_name,duration,emissions,energy_consumed,country_name,cpu_model,gpu_model"
    (tmp_path / "emissions.csv").write_text(
        f"{head}\n2024-01-01T00:00:00,x,3600,0.5,2.0,France,x,1 x Tesla T4\n", encoding="utf-8"
    )
    said = classify(capsys, tmp_path / "README.md", "--json")
    assert (said.json["emissions"]["grams"], said.json["emissions"]["source"]) == (500, "file")


@pytest.mark.parametrize(("level", "code"), [("silent", 0), ("verifiable", 0)])
def test_a_gate_that_holds(folder: Path, capsys: pytest.CaptureFixture[str], level: str, code: int) -> None:
    assert classify(capsys, folder / "a.md", "--fail-below", level, "--quiet").code == code


@pytest.mark.parametrize(
    ("card", "level"), [("b/README.md", "context"), ("c.md", "explained"), ("d.markdown", "stated")]
)
def test_a_gate_that_does_not_hold(folder: Path, capsys: pytest.CaptureFixture[str], card: str, level: str) -> None:
    said = classify(capsys, folder / card, "--fail-below", level, "--quiet")
    assert said.code == 1
    assert f"is below '{level}'" in said.err


def test_the_gate_names_the_levels_of_the_rubric() -> None:
    from analysis.classify.rubric import rubric
    from analysis.commands.classify import LEVELS

    assert rubric().level_ids() == LEVELS


def test_pictures_take_one_target(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classify(capsys, folder / "a.md", folder / "c.md", "--svg", "x.svg").code == 2
    assert classify(capsys, folder, "--svg", "x.svg").code == 2
    assert classify(capsys, folder / "a.md", "--svg", "x.svg", "--html", "x.html", "--quiet").code == 0
    assert Path("x.svg").read_text(encoding="utf-8").startswith("<svg")
    assert Path("x.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_hostile_names_do_not_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = classify(capsys, "\x1b[2J\u202e.md", "--quiet")
    assert said.code == 2
    assert "\x1b" not in said.err
    assert "\u202e" not in said.err
