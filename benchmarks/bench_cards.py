"""Benchmark of card reading.

Scores on annotated cards and on changed copies of them, speed and robustness on the wild ones. ``main(out, quick)``
writes one JSON file. Needs the real cards beside the project; ``quick`` reads every tenth wild card. The held-out
figure is fixed history: which half of the annotated cards was not looked at while the rules were written, and how the
first complete version did on it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from mining.card import CardReading, ModelFacts, read_card, settle

ROOT = Path(__file__).resolve().parent.parent
CARDS = ROOT.parent / "shared" / "cards"
EYE_SEED = 2026
HELD_OUT = {
    "rule": "cards whose sha1 of folder and file name is odd were not read until the first complete version was scored",
    "clear_cards": 75,
    "right_at_first_run": 75,
    "looked_at_clear_cards": 97,
    "looked_at_right_at_first_run": 96,
}
# Looked at by hand; the digest is that of the cards and answers that were looked at, so that a later change of either
# shows.
EYE_CHECK = {
    "digest": "74b1178411fc99ab",
    "seed": EYE_SEED,
    "drawn": 50,
    "wrong": 0,
    "note": "all claims without metadata: Stable Diffusion copies, AutoTrain lines, placeholders",
}


def scores(recipe: str, folder: str) -> dict[str, Any]:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from score_cards import lines

    text = "\n".join(lines(CARDS / folder, recipe))
    script = [sys.executable, str(CARDS / "score.py"), str(CARDS / folder / "index.jsonl"), "--list"]
    answer = json.loads(subprocess.run(script, input=text, capture_output=True, text=True, check=True).stdout)
    kept = ("tally", "precision", "recall", "silent_unit_errors", "warned_right", "not_right")
    return (
        {key: answer[key] for key in (*kept, "context_f1")}
        if recipe == "ours"
        else {key: answer[key] for key in kept[:-1]}
    )


def wild(step: int) -> list[tuple[str, bytes]]:
    with gzip.open(CARDS / "wild.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for at, line in enumerate(lines) if at % step == 0]
    return [(row["name"], (row["card"] or "").encode()) for row in rows]


def speed(cards: list[tuple[str, bytes]]) -> tuple[dict[str, Any], list[tuple[str, CardReading]]]:
    read_card(b"# warm\n\n- **Carbon Emitted:** 5 kg CO2, 8 hours on an A100\n")
    spent: list[float] = []
    speaking: list[tuple[str, CardReading]] = []
    rejections: dict[str, int] = {}
    for name, data in cards:
        start = time.process_time()
        reading = read_card(data)
        spent.append(time.process_time() - start)
        for reason in reading.rejections:
            rejections[reason] = rejections.get(reason, 0) + 1
        if any(claim.quantity == "emissions" for claim in reading.claims):
            speaking.append((name, reading))
    ordered = sorted(spent)
    large = [(len(data), seconds) for (_, data), seconds in zip(cards, spent, strict=True) if len(data) > 10_000]
    figures = {
        "cards": len(cards),
        "cards_per_cpu_second": len(cards) / sum(spent),
        "p50_ms": ordered[len(ordered) // 2] * 1e3,
        "p999_ms": ordered[int(len(ordered) * 0.999)] * 1e3,
        "max_ms": ordered[-1] * 1e3,
        "megabytes_per_second_over_10_kb": sum(size for size, _ in large) / sum(seconds for _, seconds in large) / 1e6,
        "rejections": rejections,
        "exceptions": sum(count for reason, count in rejections.items() if reason.startswith("our-error")),
    }
    return figures, speaking


def without_metadata(speaking: list[tuple[str, CardReading]]) -> dict[str, Any]:
    """Every wild card that makes a claim in its body and has no metadata, and fifty of them by seed, for the eye."""
    rows = []
    for name, reading in speaking:
        claims = [claim for claim in reading.claims if claim.quantity == "emissions"]
        if any(claim.where.startswith("metadata:") for claim in claims):
            continue
        settled = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
        rows.append(
            {
                "name": name,
                "grams": settled.emissions_gco2e,
                "where": claims[0].where,
                "outcome": settled.emissions_outcome,
            }
        )
    drawn = random.Random(EYE_SEED).sample(rows, min(50, len(rows)))
    digest = hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:16]
    check = {**EYE_CHECK, "holds_for_these_answers": digest == EYE_CHECK["digest"]}
    return {"count": len(rows), "cards": rows, "drawn_for_the_eye": [row["name"] for row in drawn], "eye_check": check}


def changed(draws: int) -> dict[str, Any]:
    """Whether the answer follows when an annotated card is changed: one row a kind of change."""
    sys.path.insert(0, str(ROOT))
    from benchmarks.changed_cards import summary

    return summary(draws)


def main(out: Path, quick: bool) -> None:
    figures: dict[str, Any] = {
        recipe: {folder: scores(recipe, folder) for folder in ("github", "published")}
        for recipe in ("ours", "published", "client")
    }
    figures["held_out"] = HELD_OUT
    figures["changed_copies"] = changed(1 if quick else 5)
    figures["wild"], speaking = speed(wild(10 if quick else 1))
    figures["wild_without_metadata"] = without_metadata(speaking)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "bench_cards.json"), "--quick" in sys.argv)
