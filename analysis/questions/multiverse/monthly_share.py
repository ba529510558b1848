"""Universes of RQ1.1: the share of new models that report, by month.

All values are brought to one scale, the change of the log odds a month. The slope of a line through percentages is
divided by what the percentages of a binomial share change for one of the log odds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd
from msgspec.structs import replace

from analysis import stats
from analysis.questions import descriptives, rq1_1
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.results import Estimate

COUNTED = {"study": "models", "dated": "dated"}
EFFECT = "log odds ratio per month"


class MonthlyShares:
    """Monthly shares of one snapshot."""

    def __init__(self, study: StudyData, protocol: Protocol) -> None:
        """Hold the tables.

        Args:
            study: The tables.
            protocol: The protocol with its fewest months.
        """
        self._study, self._least = study, protocol.least_months

    @cached_property
    def _models(self) -> pd.DataFrame | None:
        return rq1_1.population_of(self._study)

    def universe(self, rows: pd.DataFrame, choice: Mapping[str, str]) -> tuple[Estimate, pd.Series | None]:
        """The trend of one universe and its monthly shares.

        Args:
            rows: Reporters after unit, exclusions and cohort.
            choice: Option by dimension.
        """
        if self._models is None:
            return self._without_population(choice), None
        first = rq1_1.FIRST_MONTH if choice["window"] == "study" else ""
        monthly = rq1_1.monthly(rows, self._models[COUNTED[choice["models"]]], first)
        monthly = monthly.iloc[1:] if choice["window"] == "without-first" else monthly
        if len(monthly) < self._least:
            return Estimate(method="none", n=len(monthly), refused=f"only {len(monthly)} months"), None
        if not 0 < monthly["reporters"].sum() < monthly["models"].sum():
            return Estimate(method="none", n=len(monthly), refused="none or all of the models report"), None
        found = {"line": rq1_1.line, "binomial": self._odds, "theil-sen": _theil_sen}[choice["estimator"]](monthly)
        named = found if choice["estimator"] == "binomial" else _in_log_odds(found, monthly)
        return named, monthly["reporters"] / monthly["models"]

    def _odds(self, monthly: pd.DataFrame) -> Estimate:
        return rq1_1.odds(monthly, self._least)

    def _without_population(self, choice: Mapping[str, str]) -> Estimate:
        """The study's own p-value as it was printed, for its own analysis; a refusal for all others."""
        own = {"unit": "literal", "excluded": "nothing", "cohort": "all", "window": "study", "models": "study"}
        is_own = choice["estimator"] == "line" and all(choice[name] == option for name, option in own.items())
        if self._study.is_published and is_own:
            return rq1_1.given()
        return Estimate(method="none", refused=rq1_1.missing(self._study))


def _theil_sen(monthly: pd.DataFrame) -> Estimate:
    """Theil-Sen slope of the monthly percentages."""
    numbers = [float(descriptives.month_number(str(month))) for month in monthly.index]
    shares = (100 * monthly["reporters"] / monthly["models"]).to_numpy(dtype=float)
    return stats.theil_sen(shares, [number - numbers[0] for number in numbers])


def _in_log_odds(slope: Estimate, monthly: pd.DataFrame) -> Estimate:
    """A slope of percentages with the change of log odds that it is at the share of all months together."""
    share = float(monthly["reporters"].sum() / monthly["models"].sum())
    scale = 100 * share * (1 - share)
    value, low, high = (None if bound is None else bound / scale for bound in slope.interval)
    return replace(slope, effect_size=value, effect_low=low, effect_high=high, effect_name=EFFECT)
