"""What each author contributes to the test of one universe, in sums that a wild cluster bootstrap needs.

A universe with one coefficient of interest (a correlation, a difference of groups, a share against one half) is fitted
anew in every draw. Sums by author are enough for that: of the products of the columns with the residuals, and of what
the coefficient becomes without the author.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.stats.columns import FloatArray

UNIDENTIFIED = 1e-10
"""Share of the column's variation below which nothing can be estimated without an author."""


class Contributions(NamedTuple):
    """Sums of one universe by author; G authors, k columns held constant.

    Attributes:
        authors: Names, shape (G,).
        products: Columns times the residuals under no relation, shape (G, 1 + k); the column of interest first.
        without: What gives the coefficient without the author from the sums of the others, shape (G, 1 + k).
        variation: Sum of squares of the column of interest.
    """

    authors: Sequence[str]
    products: FloatArray
    without: FloatArray
    variation: float


def of_slope(x: FloatArray, y: FloatArray, authors: Any, held: Sequence[FloatArray] = ()) -> Contributions:
    """Contributions to the slope of y on x, with an intercept and what is held constant.

    Args:
        x: Column of interest, shape (n,).
        y: Outcome, shape (n,).
        authors: Author of each row.
        held: Columns held constant, each of shape (n,).
    """
    basis = np.linalg.qr(np.column_stack([np.ones(len(y)), *held]))[0]
    rest_x, rest_y = (column - basis @ (basis.T @ column) for column in (x, y))
    return _summed(rest_x, rest_y, basis, authors)


def of_mean(values: FloatArray, authors: Any) -> Contributions:
    """Contributions to a mean that is zero under no relation.

    Args:
        values: Shape (n,).
        authors: Author of each row.
    """
    return _summed(np.ones(len(values)), values, np.empty((len(values), 0)), authors)


def _summed(x: FloatArray, residuals: FloatArray, basis: FloatArray, authors: Any) -> Contributions:
    """Sums by author; ``basis`` is orthonormal and orthogonal to x."""
    codes, names = pd.factorize(np.asarray(authors, dtype=object), sort=True)
    columns = np.column_stack([x, basis])
    squares = np.zeros((len(names), columns.shape[1], columns.shape[1]))
    np.add.at(squares, codes, columns[:, :, None] * columns[:, None, :])
    products = np.zeros((len(names), columns.shape[1]))
    np.add.at(products, codes, columns * residuals[:, None])
    variation = float(x @ x)
    return Contributions(list(names), products, _without(variation, squares), variation)


def _without(variation: float, squares: FloatArray) -> FloatArray:
    """First row of the inverse of the others' sums of squares; zeros where the others do not identify the slope."""
    width = squares.shape[1]
    others = np.diag([variation, *np.ones(width - 1)]) - squares
    row, block = others[:, 0, 1:], others[:, 1:, 1:]
    turned = np.einsum("gk,gkj->gj", row, np.linalg.pinv(block, rcond=1e-9, hermitian=True))
    left = others[:, 0, 0] - np.einsum("gk,gk->g", turned, row)
    identified = left > UNIDENTIFIED * variation
    scale = np.divide(1.0, left, out=np.zeros_like(left), where=identified)
    return np.column_stack([scale, -turned * scale[:, None]])
