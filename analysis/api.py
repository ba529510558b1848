r"""The Python interface: what ``hf-carbon classify`` answers, as typed objects.

``from analysis import classify_card, classify_model, read_card`` imports nothing heavy; a notebook shows a
classification as its label.

Examples:
    A card as text, judged:

    >>> from analysis import classify_card, read_card
    >>> card = "---\nlicense: mit\n---\n# A model\n\n- **Carbon Emitted:** 1.2 kg CO2eq\n"
    >>> answer = classify_card(card)
    >>> answer.emissions.grams, answer.emissions.unit_status, answer.transparency.level
    (1200.0, 'stated', 'stated')

    What would state it in the metadata, made of the card's own words:

    >>> print(answer.suggested_metadata)
    co2_eq_emissions:
      # A model: "**Carbon Emitted:** 1.2 kg CO2eq"
      emissions: 1200
    <BLANKLINE>

    The claims behind it, each with its words and their place:

    >>> claim = read_card(card).claims[0]
    >>> claim.quantity, claim.value, claim.unit, claim.inner_value, claim.line
    ('emissions', 1.2, 'kg', 1200.0, 6)
"""

from __future__ import annotations

from pathlib import Path

from analysis.classify.cards import classify_card
from analysis.classify.classification import Classification, show_in_notebooks_by
from analysis.classify.targets import HUB, Options, answers
from analysis.estimates.contract import Estimate
from analysis.estimates.routes import estimate_run
from mining.card import read_card
from mining.errors import HfCarbonError


def _label(answer: Classification) -> str:
    """The label of a classification; its words are imported when a notebook shows one."""
    from analysis.label.notebook import html

    return html(answer)


show_in_notebooks_by(_label)

__all__ = ["classify_card", "classify_model", "estimate_card", "estimate_run", "read_card"]


def estimate_card(data: str | bytes, *, name: str = "README.md") -> Estimate:
    r"""Estimate a training from its card.

    Energy (kWh) and emissions (g CO2eq) with intervals, apart from what it reports.

    Args:
        data: The card, as text or as bytes.
        name: What to call it in the answer.

    Examples:
        >>> from analysis import estimate_card
        >>> answer = estimate_card("- **Hardware Type:** 8 x A100 SXM4\n- **Hours used:** 120\n")
        >>> answer.route, answer.reported_gco2e
        ('hours', None)
    """
    return classify_card(data, name=name).estimate


def classify_model(
    model: str,
    *,
    revision: str | None = None,
    endpoint: str | None = None,
    snapshot: str | None = None,
    out: Path | str = "data",
) -> Classification:
    r"""Classify one model on the Hub, or inside a raw snapshot.

    Args:
        model: ``author/name``, a legacy single name, or a full address.
        revision: Branch, tag or commit.
        endpoint: Another Hub than huggingface.co.
        snapshot: Folder or name of a raw snapshot to read instead of the Hub.
        out: Data folder that snapshots lie in.

    Returns:
        The classification: emissions in grams of CO2 equivalent, energy in kWh, time in hours.

    Raises:
        UsageError: ``model`` names no model.
        CouldNotLookError: The model is gone or gated, or the Hub cannot be reached.
        DamagedDataError: The snapshot is damaged.

    Examples:
        >>> from analysis import classify_model
        >>> from sample_hub import LoopbackHub, RecordHub
        >>> card = "---\nco2_eq_emissions:\n  emissions: 12.5\n---\n# A model\n"
        >>> with LoopbackHub(RecordHub([{"id": "someone/tiny"}], {"someone/tiny": card})) as hub:
        ...     answer = classify_model("someone/tiny", endpoint=hub.endpoint)
        >>> answer.model_id, answer.emissions.grams, answer.emissions.source
        ('someone/tiny', 12.5, 'metadata')
    """
    options = Options(snapshot=snapshot, revision=revision, endpoint=endpoint, out=Path(out))
    _, found = next(answers((HUB + model.removeprefix(HUB),), options))
    if isinstance(found, HfCarbonError):
        raise found
    return found
