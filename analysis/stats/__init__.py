"""Statistics room: arrays in, a complete :class:`analysis.results.Estimate` out.

SciPy and statsmodels do the mathematics. All functions are pure. Numbers keep full precision, a number that does not
exist is None (never NaN), and where nothing can be computed ``refused`` says why. None, NaN and infinite values are
missing: they are dropped and counted in ``n_missing``. Intervals are at 95 %, p-values two-sided. Anything random takes
a seed. Names are imported on first use, because SciPy starts slowly.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
