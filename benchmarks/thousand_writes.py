"""A thousand writes: every suggestion on real cards, and on their texts behind every shape of front matter.

Held to what a write may do. Run ``python -m benchmarks.thousand_writes [FOLDER OF CARDS] [WRITES]``. A real YAML loader
has to find a mapping before and after, equal but for the one key; the text behind it stays byte for byte; the verdict
keeps grams, level and every probe but ``emissions-in-metadata``; the unit is stated afterwards. Exits 1 where one write
does not hold.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from analysis.classify.apply_suggestion import applied
from analysis.classify.cards import classify_card
from analysis.classify.local_cards import card_envelope
from mining.errors import HfCarbonError

KEY = "co2_eq_emissions"
PROBE = "emissions-in-metadata"
SHAPES = {
    "none": "",
    "plain": "---\nlicense: mit\n---\n",
    "nested": "---\nmodel-index:\n- name: m\n  results:\n  - task:\n      type: t\n    metrics:\n    - {type: a, "
    "value: 0.5}\n---\n",
    "block scalar": "---\nlicense: mit\nnote: |\n  one\n  two\n---\n",
    "folded last": "---\nnote: >-\n  one\n\n  two\n---\n",
    "comment last": "---\nlicense: mit\n# end\n---\n",
    "odd types": "---\ndate: 2026-01-01\nlanguage: no\nn: 1_000\nx: 0x1f\nt: ~\n---\n",
    "quotes": "---\n\"license\": 'mit: it''s'\ntags: [\"a, b\", 'c#d']\n---\n",
    "emoji": '---\nlicense: mit\ntitle: "🦉 über ё"\n---\n',
    "stars": "---\nlicense: mit\nnote: 2 * 3 & more *words*\n---\n",
    "dots": "---\nlicense: mit\n...\n",
    "blank lines": "---\n\nlicense: mit\n\n\n---\n\n",
    "empty": "---\n---\n",
    "key is empty": f"---\n{KEY}:\nlicense: mit\n---\n",
    "key is a word": f"---\n{KEY}: unknown\n---\n",
    "late": "\n\n---\nlicense: mit\n---\n",
    "fenced": "```yaml\n---\nlicense: mit\n---\n```\n",
    "unclosed": "---\nlicense: mit\n",
    "twice": "---\n---\nlicense: mit\n---\n",
    "indented": "---\n  license: mit\n---\n",
    "JSON": '---\n{"license": "mit"}\n---\n',
    "list": "---\n- license\n- mit\n---\n",
    "number": "---\n42\n---\n",
    "tab": "---\nbase:\n\t- x\n---\n",
    "broken": "---\nlicense: [mit\n---\n",
    "anchors": "---\na: &a [x]\nb: *a\n---\n",
    "tag": "---\na: !!python/name:os.system\n---\n",
}
FORMS = (("\n", ""), ("\r\n", ""), ("\n", "\ufeff"), ("\r", ""))
"""Line ends and byte-order marks."""


def parts(card: bytes) -> tuple[object, str]:
    """Metadata and text of a card, cut and loaded without any code of the project."""
    text = card.decode("utf-8").removeprefix("\ufeff")
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}), None)
    if end is None:
        return {}, text
    loaded = yaml.safe_load("".join(line + "\n" for line in lines[1:end]))
    return ({} if loaded is None else loaded), "\n".join(lines[end + 1 :])


def fault_of(card: bytes, after: bytes) -> str | None:
    """What a write did that it may not do; None where nothing."""
    (old, body), (new, new_body) = parts(card), parts(after)
    if not isinstance(old, dict) or not isinstance(new, dict) or KEY not in new:
        return "no mapping before and after"
    kept = [{key: value for key, value in one.items() if key != KEY} for one in (old, new)]
    if repr(kept[0]) != repr(kept[1]):
        return "another key changed"
    if body != new_body:
        return "the text changed"
    first, second = classify_card(card), classify_card(after)
    if (first.emissions.grams, first.transparency.level) != (second.emissions.grams, second.transparency.level):
        return "grams or level changed"
    if second.emissions.unit_status != "stated":
        return "the unit is not stated"
    outcomes = [
        {one.id: one.outcome for one in answer.transparency.probes if one.id != PROBE} for answer in (first, second)
    ]
    return None if outcomes[0] == outcomes[1] else "another probe changed"


def real_cards(folder: Path) -> Iterator[bytes]:
    """Cards of a folder, and those of a compressed list that speak of carbon."""
    for path in sorted(folder.rglob("*.md")):
        if path.name != "README.md" or path.parent != folder:
            yield path.read_bytes()
    wild = folder / "wild.jsonl.gz"
    if wild.is_file():
        with gzip.open(wild, "rt", encoding="utf-8") as stream:
            for line in stream:
                card = json.loads(line)["card"] or ""
                if "CO2" in card or "carbon" in card.lower():
                    yield card.encode("utf-8", "replace")


def shaped(card: bytes) -> Iterator[tuple[str, bytes]]:
    """A card as it is, and its text behind every shape of front matter, line end and mark."""
    yield "as it is", card
    try:
        _, body = parts(card)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return
    for name, head in SHAPES.items():
        for ending, mark in FORMS:
            text = (head + body.lstrip("\r\n")).replace("\r\n", "\n").replace("\n", ending)
            yield f"{name}{' CR' if ending == chr(13) else ''}", (mark + text).encode()


def main() -> int:
    """Write until the cards end; the count of what came of each."""
    folder = (
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent.parent / "shared" / "cards"
    )
    most = int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize
    counts: Counter[str] = Counter()
    for card in real_cards(folder):
        if classify_card(card).suggested_metadata is None:
            continue
        if counts["written"] >= most:
            break
        for name, text in shaped(card):
            answer = classify_card(text)
            if answer.suggested_metadata is None:
                counts["nothing suggested"] += 1
                continue
            envelope = card_envelope(text, "")
            try:
                _, after = applied(answer, answer.suggested_metadata, [envelope], envelope, "cards")
            except HfCarbonError:
                counts["left alone with a reason"] += 1
                continue
            fault = fault_of(text, after)
            counts["written"] += 1
            if fault is not None:
                counts["NOT AS IT SHOULD BE"] += 1
                print(f"{name}: {fault}")
    for words, count in sorted(counts.items()):
        print(f"{count:7,} {words}")
    return int(bool(counts["NOT AS IT SHOULD BE"]) or not counts["written"])


if __name__ == "__main__":
    sys.exit(main())
