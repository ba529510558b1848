"""Every figure of the report: its name, caption, question, size, and the function that draws it.

Names follow the notebooks of the 2023 study where it had the same figure (``savefig`` names; the study used one name
for two figures, and wrote "energy" where it plotted carbon: those are told apart here).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from analysis.figures import clouds, effects, estimated, findings, flow, groups, matrices, over_time, specification
from analysis.figures.axes import Tables
from analysis.figures.contract import Size

ONE = Size(1, 62)
ONE_TALL = Size(1, 84)


@dataclass(frozen=True)
class FigureSpec:
    """One figure.

    Attributes:
        id: Name of its files.
        title: Short name.
        question: Research question it belongs to; None where it speaks of all.
        draw: Draws on an empty figure and returns the alternative text.
        size: Printed size, or a function of the tables that gives it.
        finding: What the figure shows, made from the tables; by default the function of the drawing's own name in
            :mod:`analysis.figures.findings`.
    """

    id: str
    title: str
    question: str | None
    draw: Callable[[Figure, Tables], str]
    size: Size | Callable[[Tables], Size] = ONE
    finding: Callable[[Tables], str] | None = None

    def size_for(self, tables: Tables) -> Size:
        """Printed size with these tables."""
        return self.size if isinstance(self.size, Size) else self.size(tables)

    def caption(self, tables: Tables) -> str:
        """What the figure shows; the title where the tables do not carry it."""
        finding: Callable[[Tables], str] = self.finding or getattr(findings, self.draw.__name__)
        return finding(tables) or self.title


FIGURES: tuple[FigureSpec, ...] = (
    FigureSpec(
        "inclusion_flow", "What each question starts from, leaves out, and rests on", None, flow.inclusion, flow.size
    ),
    FigureSpec(
        "effect_sizes",
        "Effect sizes with 95 % intervals, by the 2023 recipe and repaired",
        None,
        effects.forest,
        effects.size,
    ),
    FigureSpec("huggingface_evolution", "New models by month", "RQ1.1", over_time.new_models),
    FigureSpec(
        "carbon_emissions_reporting_evolution",
        "Share of new models that report emissions",
        "RQ1.1",
        over_time.reporting_share,
    ),
    FigureSpec(
        "reporting_models_by_card", "Reporting models by month and kind of card", "RQ1.1", over_time.reporting_by_group
    ),
    FigureSpec(
        "carbon_emissions_evolution", "Median reported emissions by month", "RQ1.2", over_time.monthly_median, ONE_TALL
    ),
    FigureSpec(
        "carbon_emissions_evolution_by_card",
        "Reported emissions by month and kind of card",
        "RQ1.2",
        over_time.quartiles_by_group,
        Size(2, 70),
    ),
    FigureSpec(
        "generator_carbon_emissions",
        "Reported emissions by generator of the card",
        "RQ1.2",
        groups.by_generator,
        Size(2, 70),
    ),
    FigureSpec("autotrain_evolution", "AutoTrain among the reporting models", "RQ1.3", over_time.autotrain_share),
    FigureSpec(
        "domain_evolution_carbon", "Domains among the reporting models, by quarter", "RQ1.3", over_time.reporter_domains
    ),
    FigureSpec("model_domains_evolution", "Domains among all new models, by quarter", "RQ1.3", over_time.all_domains),
    FigureSpec(
        "evolution_carbon_percentage_inside_domain",
        "Share reporting inside each domain",
        "RQ1.3",
        over_time.share_within_domain,
    ),
    FigureSpec("frameworks_evolution", "Frameworks by quarter", "RQ1.3", over_time.frameworks),
    FigureSpec("most_frequent_tags", "Most frequent tags", "RQ1.3", over_time.frequent_tags, ONE_TALL),
    FigureSpec("reporting_classes", "Reporting classes", "RQ1.4", groups.reporting_classes),
    FigureSpec(
        "reporting_class_confusion",
        "Reporting class, by the 2023 recipe against repaired",
        "RQ1.4",
        matrices.class_confusion,
        matrices.class_size,
    ),
    FigureSpec("reported_context", "What else reporting models state", "RQ1.4", groups.stated_context),
    FigureSpec(
        "performance_carbon_emissions",
        "Emissions and performance",
        "RQ2.1",
        clouds.emissions_and_performance,
        Size(2, 70),
    ),
    FigureSpec(
        "model_dataset_size_carbonemissions",
        "Emissions, model size and data set size",
        "RQ2.2",
        clouds.emissions_and_size,
        Size(2, 130),
    ),
    FigureSpec(
        "trainingtype_carbon_emissions", "Emissions by training type", "RQ2.3", groups.by_training_type, ONE_TALL
    ),
    FigureSpec("domain_carbon_emissions", "Emissions by domain", "RQ2.4", groups.by_domain, Size(2, 110)),
    FigureSpec(
        "domain_trainingtype_carbon_emissions",
        "Emissions by domain and training type",
        "RQ2.4",
        groups.by_domain_and_training,
        ONE_TALL,
    ),
    FigureSpec("label_distribution", "Efficiency labels", "RQ2.5", groups.label_distribution),
    FigureSpec(
        "label_confusion", "Efficiency label, by the 2023 recipe against repaired", "RQ2.5", matrices.label_confusion
    ),
    FigureSpec("estimate_routes", "Models by the route of their estimate", "RQ3.1", estimated.routes),
    FigureSpec(
        "reported_against_estimated", "Reported against estimated emissions", "RQ3.2", estimated.compared, ONE_TALL
    ),
    FigureSpec("same_run_elsewhere", "The same run elsewhere", "RQ3.3", estimated.moved, ONE_TALL),
    FigureSpec(
        "break_even_requests", "Requests until inference equals training", "RQ3.5", estimated.break_even, ONE_TALL
    ),
)


def figures_for(tables: Tables) -> tuple[FigureSpec, ...]:
    """All figures: those above, and a specification curve of every claim of which the tables hold one."""
    curves = []
    for claim in specification.claims_of(tables):
        draw, size = specification.drawing(claim)
        title = f"Every defensible analysis: {claim.replace('-', ' ')}"
        curves.append(FigureSpec(f"specification_{claim}", title, None, draw, size, findings.of_curve(claim)))
    return (*FIGURES, *curves)
