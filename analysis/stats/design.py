"""The table of a regression: named columns, complete rows, and why a model cannot be fitted to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from analysis.stats.columns import FloatArray, complete, constant, labels

INTERCEPT = "intercept"


class Design(Struct, frozen=True, kw_only=True):
    """Complete rows of a regression.

    Attributes:
        y: Outcome, shape (n,).
        x: Predictors with a leading column of ones, shape (n, k), each divided by ``scale`` so that no column drowns
            another.
        scale: Largest absolute value of each predictor, shape (k,); coefficients of ``x`` are divided by it.
        names: ``intercept`` and the predictors, k names.
        clusters: Cluster of each row, or None.
        n_missing: Rows dropped because a value or the cluster is missing.
        reason: Why no model can be fitted, or None.
    """

    y: FloatArray
    x: FloatArray
    scale: FloatArray
    names: tuple[str, ...]
    clusters: npt.NDArray[Any] | None
    n_missing: int
    reason: str | None

    @property
    def counts(self) -> dict[str, int]:
        """Counts as an Estimate takes them."""
        return {"n": len(self.y), "n_missing": self.n_missing}


def regression(y: Any, predictors: Mapping[str, Any], clusters: Any = None) -> Design:
    """Bring the columns of a regression together.

    Raises:
        ValueError: Columns of different length, no predictor, or a predictor named ``intercept``.

    >>> regression([1, 2, 4, 4], {"x": [1, 2, None, 4]}).counts
    {'n': 3, 'n_missing': 1}
    """
    if not predictors or INTERCEPT in predictors:
        raise ValueError("a regression needs at least one predictor, and none may be named 'intercept'")
    columns, kept = complete(y, *predictors.values())
    groups = None if clusters is None else labels(clusters, len(kept))
    if groups is not None:
        known = groups[kept] != ""
        columns, groups = tuple(column[known] for column in columns), groups[kept][known]
    table = np.column_stack([np.ones(len(columns[0])), *columns[1:]])
    scale = np.abs(table).max(axis=0, initial=0.0)
    scale = np.where(scale > 0, scale, 1.0)
    names = (INTERCEPT, *predictors)
    return Design(
        y=columns[0],
        x=table / scale,
        scale=scale,
        names=names,
        clusters=groups,
        n_missing=len(kept) - len(columns[0]),
        reason=_why_not(columns[0], table / scale, names, groups),
    )


def _why_not(y: FloatArray, table: FloatArray, names: tuple[str, ...], groups: npt.NDArray[Any] | None) -> str | None:
    """Why no model can be fitted, or None."""
    if len(y) <= len(names):
        return f"{len(y)} complete rows are too few for {len(names)} coefficients"
    flat = [name for name, column in zip(names[1:], table.T[1:], strict=True) if constant(column)]
    if flat:
        return f"no variation in {', '.join(flat)}"
    if constant(y):
        return "no variation in the outcome"
    if np.linalg.matrix_rank(table) < len(names):
        return "the predictors determine one another (the table has not full rank)"
    if groups is not None and len(np.unique(groups)) < 3:
        return "fewer than 3 clusters"
    return None


def leverages(table: FloatArray) -> FloatArray:
    """Diagonal of the hat matrix, shape (n,): 1 where a row alone determines a coefficient.

    >>> leverages(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])).round(3).tolist()
    [0.5, 0.5, 1.0]
    """
    q, _ = np.linalg.qr(table)
    return np.asarray((q * q).sum(axis=1))


def cluster_sums(values: FloatArray, codes: npt.NDArray[np.intp]) -> FloatArray:
    """Sums of rows by cluster, shape (G, ...)."""
    out = np.zeros((int(codes.max()) + 1, *values.shape[1:]))
    np.add.at(out, codes, values)
    return out


def degrees_of_freedom(grams: FloatArray, back: FloatArray) -> list[float]:
    """Degrees of freedom of each coefficient.

    Args:
        grams: Q_g'Q_g of each cluster in an orthonormal basis Q of the columns, shape (G, k, k).
        back: Transposed inverse of the triangle that turns the basis into the columns, shape (k, k).
    """
    root = inverse_root(np.eye(grams.shape[1]) - grams)
    found = []
    for column in range(len(back)):
        weights = root @ back[:, column]
        moved = np.einsum("gij,gj->gi", grams, weights)
        own = np.einsum("gi,gi->g", weights, moved)
        cross = moved.T @ moved
        trace = float((own - (moved**2).sum(axis=1)).sum())
        square = float((own**2).sum() - 2 * (own * (moved**2).sum(axis=1)).sum() + (cross**2).sum())
        found.append(trace**2 / square if square > 0 else 1.0)
    return found


def inverse_root(tables: FloatArray) -> FloatArray:
    """Inverse square roots of symmetric tables, shape (G, k, k); a direction without variation counts as none."""
    values, vectors = np.linalg.eigh(tables)
    scale = np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-9)), 0.0)
    return np.asarray(np.einsum("gij,gj,gkj->gik", vectors, scale, vectors))
