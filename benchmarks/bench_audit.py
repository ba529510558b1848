"""Extraction judged on 40 cards of the generated sample by one reader, a language model.

Through the page of `hf-carbon audit`. The labels lie in ``benchmarks/audit/`` and are only counted here. ``blind``:
judged on the words of the card alone, before anything that was found was looked at, and without definitions of the
fields. ``informed``: the same reader again, with the definitions and the files beside the card that the page shows
since; what was found was known by then. The reader wrote down what each card states; a value within 0.1 % of that is
right, and the labels were clicked on the page by a script from those notes. Cards of the sample are generated, so this
is a round trip and a test of the page, not the accuracy on real cards; kappa is the agreement of one reader with
itself.

The sheet: ``hf-carbon study --source sample``, then ``hf-carbon audit SNAPSHOT --n 40 --seed 17``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from analysis.audit.read import Audit, audit, read_labels
from analysis.results import Estimate

LABELS = Path(__file__).parent / "audit"
PASSES = ("blind", "informed")


def main(out: Path, quick: bool = False) -> None:
    """Count the kept labels and write JSON.

    Args:
        out: File to write.
        quick: Makes no difference; counting is quick.
    """
    del quick
    sheets = {name: read_labels(LABELS / f"{name}.csv") for name in PASSES}
    said = audit(sheets["informed"], sheets["blind"])
    result: dict[str, Any] = {
        "label": "SYNTHETIC",
        "readers": "one, a language model; no person has labelled these cards",
        "cards": said.models,
        "fields_labelled": len(sheets["informed"]) - said.unlabelled,
        "unsure": said.unsure,
        "scores": [row for name in PASSES for row in scores(name, audit(sheets[name]))],
        "agreement_of_the_reader_with_itself": [
            {"field": name, **bounds("kappa", kappa)} for name, kappa in said.agreement.items()
        ],
        "not_right": [
            {"pass": name, "model": label.model_key, "field": label.field, "label": label.label}
            for name in PASSES
            for label in sheets[name]
            if label.label not in {"right", "rightly-none"}
        ],
    }
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def scores(name: str, said: Audit) -> list[dict[str, Any]]:
    """Precision and recall of every field in one pass, weighted to all cards that were read."""
    return [
        {"pass": name, "field": score.field, **bounds("precision", score.precision), **bounds("recall", score.recall)}
        for score in said.fields
    ]


def bounds(name: str, found: Estimate) -> dict[str, Any]:
    """An estimate with its 95 % interval and its n."""
    return {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high, f"{name}_n": found.n}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
