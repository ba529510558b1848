"""Fuzz target without a fuzzer's engine.

``python tests/fuzz_card.py [SECONDS] [SEED] [FOLDER OF CARDS]`` mutates cards until time is up. Fails on an exception
of our own, on evidence that is not verbatim, and on a card that takes longer than its size allows.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from mining.card import ModelFacts, read_card, settle

SPLICES = [
    b"---\n",
    b"co2_eq_emissions: ",
    b"1,400 kg CO2",
    b"|---|---|\n",
    b"<table><tr><td>",
    b"```\n",
    b"<!--",
    b"\x00",
    b"\xff",
    b"&a",
    b"*a",
    b"[" * 50,
    b"- **Carbon Emitted:** ",
]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A few cuts, copies and splices."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, to = sorted((chance.randint(0, len(out)), chance.randint(0, len(out))))
        kind = chance.randint(0, 3)
        if kind == 0:
            del out[at : min(to, at + 200)]
        elif kind == 1:
            out[at:at] = chance.choice(SPLICES)
        elif kind == 2:
            out[at:at] = out[at : min(to, at + 500)] * chance.randint(1, 20)
        elif out:
            out[min(at, len(out) - 1)] = chance.randint(0, 255)
    return bytes(out[:300_000])


def check(data: bytes) -> None:
    """Read, settle, and hold the invariants."""
    start = time.process_time()
    reading = read_card(data)
    settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
    spent = time.process_time() - start
    assert spent < 0.5 + len(data) / 50_000, f"{spent:.2f} s for {len(data)} bytes"
    assert not [reason for reason in reading.rejections if reason.startswith("our-error")], reading.rejections
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return
    lines = text.split("\n")
    for claim in reading.claims:
        assert claim.line is None or claim.text in lines[claim.line - 1], claim


def main(seconds: float = 10.0, seed: int = 1, folder: str | None = None) -> int:
    """Run until time is up; the number of cards tried."""
    chance = random.Random(seed)
    corpus = [path.read_bytes() for path in sorted(Path(folder or Path(__file__).parent / "cards_own").glob("**/*.md"))]
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = mutate(chance.choice(corpus), chance)
        try:
            check(data)
        except AssertionError:
            Path("fuzz_failure.md").write_bytes(data)
            raise
        tried += 1
    return tried


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.stdout.write(
        f"{main(*(kind(text) for kind, text in zip((float, int, str), arguments, strict=False)))} cards held\n"
    )
