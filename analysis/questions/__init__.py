"""The research questions of the 2023 study, each answered twice: as published, and repaired.

:func:`answer_all` answers all nine; ``analysis.questions.rq1_1.answer(tables, protocol)`` and its sisters answer one. Every
:class:`analysis.results.Answer` carries result tables; their ids and columns are defined in :mod:`analysis.questions.result_tables`
(``CATALOGUE``), which figures and paper tables draw from:

=========================== ==================================================================================================
id                          what it holds
=========================== ==================================================================================================
rq1_1.monthly_share         share of new models that report, by month (no share where the population is not public)
rq1_1.monthly_by_group      reporting models by month and kind of card (autotrain, other generator, hand-written)
rq1_2.monthly_median        monthly median of reported grams with fitted line, both versions
rq1_2.monthly_by_group      monthly quartiles by kind of card
rq1_2.trends                slope of every cohort and method
rq1_2.owner_months          trend without one owner's reports of one month
rq1_2.generator_box         grams by generator: box statistics, sum, share of the sum
rq1_2.generator_points      grams of single models by generator
rq1_3.domain                reporters by domain, share within each domain where the population is known
rq1_3.domain_quarterly      the same by quarter (stacked areas)
rq1_3.library               reporters by library
rq1_3.generator             reporters by generator, with their share of the grams
rq1_3.tool                  source of the emission as stated
rq1_3.tags                  most frequent tags (population: reporters or all models)
rq1_3.frameworks_quarterly  keras, pytorch, tf, jax by quarter
rq1_3.models_monthly        new models by month
rq1_3.autotrain_monthly     AutoTrain among reporters by month
rq1_3.clusters              what counts as independent, three definitions
rq1_3.concentration         share of the reported mass in the largest models
rq1_3.measurement           reports by how their number came about (meter, calculator, platform)
rq1_3.selection             reporting models beside all models
rq1_4.classes               reporting classes
rq1_4.classes_by_group      reporting classes by kind of card
rq1_4.confusion             reporting class, published against repaired
rq1_4.context               share of reporters that state hardware, region, ...
rq1_4.levels                level of transparency by generator and year, by the functions of classify
rq1_4.failing_probes        what is not reported, by probe and generator
rq1_4.top                   most liked models of the class Energy Awareness
rq2_1.correlations          emissions and performance
rq2_1.scatter               points of these correlations
rq2_2.correlations          emissions and model size, data set size
rq2_2.scatter               points, with landmark models marked
rq2_2.fit                   fitted log-log lines with band
rq2_2.regressions           slopes of these lines
rq2_2.shapley               what each repair moves, whatever its order
rq2_2.leave_one_out         models whose absence moves the correlation most
rq2_3.box, rq2_3.points     emissions by training type
rq2_4.box, rq2_4.points     emissions by domain
rq2_4.domain_training       emissions by domain and training type
rq2_4.regressions           domain with size held constant
rq2_5.labels                efficiency labels
rq2_5.confusion             label, published against repaired
rq2_5.ratings               ratings per metric
rq2_5.cut_points            cut points per metric
rq2_5.sensitivity           labels changed by one choice
rq2_5.examples              labels of the most liked models
rq3_1.routes                models by route of estimate or reason for none
rq3_2.compared              reported beside estimated emissions
rq3_2.farthest              reports farthest from their estimate
rq3_3.moved                 the same run over devices, places and years
rq3_4.compliance            reports by method, and whether they are the formula
rq3_5.break_even            requests until inference equals training, by task and size
rq3_5.families              bases that report, with what was made of them
QUESTION.forest             effect sizes with intervals (published beside repaired)
QUESTION.with_without       headline numbers with and without flagged models
QUESTION.repairs            effect of each repair, in order
QUESTION.inclusion          inclusion flow, the same as ``Answer.n_flow``
=========================== ==================================================================================================

Where the author of a model is unknown (the published source), clusters are groups of near-duplicate cards and stems of names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.questions.whole_study import answer_all, answer_one

__all__ = ["answer_all", "answer_one"]


def __getattr__(name: str) -> Any:
    """Import the public functions on first use: the statistics behind them start slowly."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.whole_study"), name)
