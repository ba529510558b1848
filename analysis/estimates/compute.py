"""Floating-point operations of a training.

As stated, by parameters and tokens, or by a fine-tuning's parameters, data and epochs.
"""

from __future__ import annotations

from msgspec import Struct

from analysis.estimates.boundaries import Route
from analysis.estimates.contract import Input
from analysis.estimates.run_inputs import RunInputs

__all__ = ["DENSE_FLOP", "FROZEN_FLOP", "Compute", "compute_of", "input_of"]

DENSE_FLOP, FROZEN_FLOP = 6, 4
"""FLOP per parameter and token: forward and backward pass; without the gradient of a frozen base."""


class Compute(Struct, frozen=True):
    """FLOP with the route to them and their inputs."""

    flop: float
    route: Route
    inputs: tuple[Input, ...]


def compute_of(run: RunInputs) -> Compute | None:
    """FLOP of a run; None where neither they nor parameters and tokens are known."""
    if run.flop is not None:
        return Compute(run.flop, "flop", (input_of(run, "flop", run.flop),))
    if run.parameters is None or run.tokens is None:
        return None
    factor = FROZEN_FLOP if run.is_frozen_base else DENSE_FLOP
    flop = factor * run.parameters * run.tokens * run.epochs
    formula = f"{factor} x parameters x tokens" + (" x epochs" if run.epochs != 1 else "")
    route: Route = "fine-tune" if run.is_fine_tuning else "size-and-tokens"
    inputs = [Input(what="flop", value=flop, where=f"derived: {formula}", assumed=False)]
    inputs += [input_of(run, "parameters", run.parameters), input_of(run, "tokens", run.tokens)]
    if run.epochs != 1 or "epochs" in run.where:
        inputs.append(input_of(run, "epochs", run.epochs))
    return Compute(flop, route, tuple(inputs))


def input_of(run: RunInputs, name: str, value: float | str, note: str = "") -> Input:
    """One input with its place in the card, or "given" by the user."""
    where = run.where.get(name, "given")
    return Input(what=name, value=value, where=f"{where} ({note})" if note else where, assumed=name in run.assumed)
