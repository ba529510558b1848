"""What every statistical function does first and last: clean its columns, and put finite numbers into an Estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.results import Estimate, Interval

FloatArray = npt.NDArray[np.float64]
Values = Sequence[float | None] | Sequence[float] | Sequence[int] | npt.NDArray[Any]
LEVEL = 0.95
Z = 1.959963984540054  # 97.5 % point of the standard normal distribution


def numbers(values: Any) -> FloatArray:
    """One column as floats of shape (n,); None, NA and infinite values become NaN.

    Raises:
        ValueError: The values are not one-dimensional.

    >>> numbers([1, None, float("inf")])
    array([ 1., nan, nan])
    """
    column = (
        values.to_numpy(dtype=float, na_value=math.nan)
        if hasattr(values, "to_numpy")
        else np.asarray(values, dtype=float)
    )
    if column.ndim != 1:
        raise ValueError(f"expected one column, got an array of shape {column.shape}")
    return np.where(np.isfinite(column), column, math.nan)


def complete(*columns: Any) -> tuple[tuple[FloatArray, ...], npt.NDArray[np.bool_]]:
    """The rows in which every column has a number, and the mask of those rows.

    Raises:
        ValueError: The columns differ in length.

    >>> rows, kept = complete([1, 2, None], [4, None, 6])
    >>> [column.tolist() for column in rows], kept.tolist()
    ([[1.0], [4.0]], [True, False, False])
    """
    cleaned = [numbers(column) for column in columns]
    if len({len(column) for column in cleaned}) > 1:
        raise ValueError(f"columns differ in length: {[len(column) for column in cleaned]}")
    kept = np.all([np.isfinite(column) for column in cleaned], axis=0)
    return tuple(column[kept] for column in cleaned), kept


def labels(values: Any, length: int) -> npt.NDArray[Any]:
    """Group labels as text of shape (length,); a missing label (None, NaN, NA) is an empty text.

    Raises:
        ValueError: The number of labels is not ``length``.

    >>> labels(["a", None, 3], 3).tolist()
    ['a', '', '3']
    """
    texts = ["" if value is None or str(value) in {"nan", "<NA>", "NaT"} else str(value) for value in values]
    if len(texts) != length:
        raise ValueError(f"expected {length} labels, got {len(texts)}")
    return np.asarray(texts, dtype=object)


def constant(column: FloatArray) -> bool:
    """Whether a column holds a single value.

    >>> constant(np.array([2.0, 2.0])), constant(np.array([2.0, 3.0]))
    (True, False)
    """
    return len(column) == 0 or bool(np.all(column == column[0]))


def _finite(value: Any) -> Any:
    """Plain Python numbers; a float that is not finite becomes None."""
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


NO_INTERVAL = Interval(None, None, None)


def estimated(method: str, interval: tuple[Any, Any, Any], /, **fields: Any) -> Estimate:
    """An Estimate without NaN: every number that is not finite becomes None.

    Args:
        method: Name of the procedure.
        interval: Point estimate with its lower and upper bound.
        fields: ``test``, the name and value of the statistic, and p; ``effect``, the standardised effect with its
            bounds; and other fields of :class:`~analysis.results.Estimate`.

    >>> estimated("mean", (float("nan"), 0.0, 2.0), n=np.int64(3)).interval
    Interval(value=None, low=0.0, high=2.0)
    """
    fields |= dict(zip(("estimate", "low", "high"), interval, strict=True))
    fields |= dict(zip(("effect_size", "effect_low", "effect_high"), fields.pop("effect", NO_INTERVAL), strict=True))
    fields |= dict(zip(("statistic_name", "statistic", "p"), fields.pop("test", ()), strict=False))
    details: Mapping[str, Any] = fields.pop("details", {})
    clean = {name: _finite(value) for name, value in fields.items()}
    numbered = {name: None if value is None else _finite(float(value)) for name, value in details.items()}
    return Estimate(method=method, details=numbered, **clean)


def standardised(method: str, interval: tuple[Any, Any, Any], name: str, /, **fields: Any) -> Estimate:
    """An Estimate that is its own effect size, as a correlation is.

    >>> standardised("mean", (0.5, 0.1, 0.9), "r").effect
    Interval(value=0.5, low=0.1, high=0.9)
    """
    return estimated(method, interval, effect=interval, estimate_name=name, effect_name=name, **fields)


def refusal(method: str, reason: str, **counts: Any) -> Estimate:
    """An Estimate that holds no number but the counts, and says why.

    >>> refusal("mean", "no observations", n=0).refused
    'no observations'
    """
    return Estimate(method=method, refused=reason, **counts)
