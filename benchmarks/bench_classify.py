"""Measure ``hf-carbon classify``: cold start of a single card, and cards per second in batch.

Other load on the machine lengthens the wall time, so the processor time (user and system) stands beside it. Where
``HF_CARBON_BASELINE`` names an older checkout with an environment of its own, both take turns in one run.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED_CARDS = ROOT.parent / "shared" / "cards" / "wild.jsonl.gz"
COLD_CARDS = ("silent.md", "bloom.md")
EVERY = 10


def main(out: Path, quick: bool = False) -> None:
    """Measure, and write one JSON file."""
    cards, origin = _cards(200 if quick else 2500)
    result: dict[str, Any] = {
        "machine": {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load_1min": round(os.getloadavg()[0], 2),
        },
        "cold_start": {name: _cold(ROOT / "examples" / "cards" / name, 5 if quick else 15) for name in COLD_CARDS},
        "interpreter_alone": seconds_of([sys.executable, "-c", "pass"], 5),
        "batch": {"cards": len(cards), "origin": origin, **_batch(cards)},
    }
    if (baseline := os.environ.get("HF_CARBON_BASELINE")) is not None:
        result["beside_the_baseline"] = _beside(Path(baseline), 500 if quick else 2500)
    bare = result["interpreter_alone"]["cpu_s_least"]
    result["cold_start_times_the_interpreter"] = {
        name: round(one["cpu_s_least"] / bare, 1) for name, one in result["cold_start"].items()
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _cold(card: Path, runs: int) -> dict[str, float]:
    return seconds_of([sys.executable, "-m", "analysis", "classify", str(card)], runs)


def seconds_of(command: list[str], runs: int, cwd: Path = ROOT) -> dict[str, float]:
    """Wall and processor seconds of a command; byte code is cached by a first run that does not count."""
    wall, cpu = [], []
    with tempfile.TemporaryDirectory() as cache:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
            "PYTHONPYCACHEPREFIX": cache
        }
        for run in range(runs + 1):
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, check=True)
            after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            if run:
                wall.append(end - start)
                cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {
        "runs": runs,
        "wall_s_median": round(statistics.median(wall), 3),
        "wall_s_least": round(min(wall), 3),
        "cpu_s_median": round(statistics.median(cpu), 3),
        "cpu_s_least": round(min(cpu), 3),
    }


def _cards(most: int) -> tuple[list[bytes], str]:
    """Real cards where they lie beside the project, else the project's own, repeated."""
    if SHARED_CARDS.is_file():
        with gzip.open(SHARED_CARDS, "rt", encoding="utf-8") as stream:
            drawn = (json.loads(line)["card"].encode() for number, line in enumerate(stream) if number % EVERY == 0)
            return [card for _, card in zip(range(most), drawn, strict=False)], f"every {EVERY}th wild card"
    own = [path.read_bytes() for path in sorted((ROOT / "examples" / "cards").glob("*.md"))]
    return [own[number % len(own)] for number in range(most)], "the project's own example cards, repeated"


def _batch(cards: list[bytes]) -> dict[str, Any]:
    """Cards per second of one core, from bytes to JSON, and of card reading alone."""
    from analysis import classify_card
    from mining.card import read_card

    for card in cards[:20]:
        classify_card(card).to_json(None)
    whole = _seconds(lambda card: classify_card(card).to_json(None), cards)
    reading = _seconds(read_card, cards)
    return {
        "cards_per_cpu_s": round(len(cards) / whole),
        "cards_read_per_cpu_s": round(len(cards) / reading),
        "share_of_card_reading": round(reading / whole, 3),
    }


ALONE = """
import json, sys
sys.path[:0] = [{root!r}]
from benchmarks.bench_classify import _batch, _cards
sys.path[:0] = [{tree!r}]
print(json.dumps(_batch(_cards({most})[0])))
"""
ROUNDS = 3


def _beside(baseline: Path, most: int) -> dict[str, Any]:
    """Batch figures of this tree and of an older checkout, in processes of their own that take turns; the best."""
    trees = {"this": (ROOT, Path(sys.executable)), "baseline": (baseline, baseline / ".venv" / "bin" / "python")}
    best: dict[str, dict[str, float]] = {name: {} for name in trees}
    for _ in range(ROUNDS):
        for name, (tree, python) in trees.items():
            script = ALONE.format(root=str(ROOT), tree=str(tree), most=most)
            done = subprocess.run([python, "-c", script], cwd=tree, capture_output=True, text=True, check=True)
            for key, value in json.loads(done.stdout).items():
                best[name][key] = max(value, best[name].get(key, 0.0))
    ratio = {
        key: round(best["this"][key] / best["baseline"][key], 2) for key in ("cards_per_cpu_s", "cards_read_per_cpu_s")
    }
    return {"rounds": ROUNDS, **best, "this_over_baseline": ratio}


def _seconds(function: Any, cards: list[bytes]) -> float:
    start = time.process_time()
    for card in cards:
        function(card)
    return time.process_time() - start


if __name__ == "__main__":
    main(Path(__file__).parent / "results" / "classify.json", quick="--quick" in sys.argv)
