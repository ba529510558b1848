"""Columns that several result tables share, defined once."""

from __future__ import annotations

from analysis.results import Column

MONTH = Column(name="month", title="Month")
QUARTER = Column(name="quarter", title="Quarter")
VERSION = Column(name="version", title="Version")
N = Column(name="n", title="n", unit="models")
LOW = Column(name="low", title="95 % low")
HIGH = Column(name="high", title="95 % high")
BY_AUTHOR = (
    Column(name="low_by_author", title="95 % low, authors counted"),
    Column(name="high_by_author", title="95 % high, authors counted"),
)
P = Column(name="p", title="p")
P_ADJUSTED = Column(name="p_adjusted", title="p (corrected)")
GROUP = Column(name="group", title="Group")
NAME = Column(name="name", title="Model")
LIKES = Column(name="likes", title="Likes")
DOMAIN = Column(name="domain", title="Domain")
EMISSIONS = Column(name="emissions_gco2e", title="Emissions", unit="g CO2eq")
MODELS = Column(name="models", title="Models", unit="models")
REPORTERS = Column(name="reporters", title="Reporting models", unit="models")
SHARE = Column(name="share", title="Share", unit="1")
GENERATOR = Column(name="generator", title="Generator of the card")

BOX = (
    N,
    Column(name="minimum", title="Minimum", unit="g CO2eq"),
    Column(name="q1", title="First quartile", unit="g CO2eq"),
    Column(name="median", title="Median", unit="g CO2eq"),
    Column(name="q3", title="Third quartile", unit="g CO2eq"),
    Column(name="maximum", title="Maximum", unit="g CO2eq"),
    Column(name="mean", title="Mean", unit="g CO2eq"),
)


def named(name: str, title: str, unit: str | None = None) -> Column:
    """A column by its name, its heading and its unit."""
    return Column(name=name, title=title, unit=unit)


FOREST = (
    named("result", "Result"),
    named("title", "What is compared"),
    VERSION,
    named("effect_name", "Effect size"),
    named("effect", "Effect"),
    LOW,
    HIGH,
    N,
    P_ADJUSTED,
)
WITH_WITHOUT = (
    named("headline", "Headline number"),
    named("without", "Left out"),
    N,
    named("estimate", "Estimate"),
    LOW,
    HIGH,
    named("p", "p"),
    named("unit", "Unit"),
)
REPAIRS = (
    named("step", "Step"),
    named("repair", "Repair"),
    named("meaning", "Meaning"),
    named("n_changed", "Rows changed", "models"),
    named("number", "Number"),
    named("before", "Before"),
    named("after", "After"),
)
INCLUSION = (named("order", "Step"), named("step", "Kept after"), named("rows", "Rows", "models"))
CORRELATION = (
    named("cohort", "Cohort"),
    named("variable", "Variable"),
    named("method", "Method"),
    VERSION,
    N,
    named("estimate", "Correlation"),
    LOW,
    HIGH,
    P,
    P_ADJUSTED,
)
TERM = (
    named("model", "Regression"),
    named("term", "Term"),
    VERSION,
    N,
    named("estimate", "Coefficient"),
    LOW,
    HIGH,
    P,
    P_ADJUSTED,
)

COMPARED = (
    NAME,
    EMISSIONS,
    named("estimated_gco2e", "Estimated", "g CO2eq"),
    named("ratio", "Reported over estimated", "1"),
    named("inside", "Inside the 90 % interval"),
    named("flags", "Contradictions"),
)
OWNER_MONTHS = (
    MONTH,
    named("owner", "Owner"),
    named("owners_reports", "Left out", "models"),
    named("of", "Reports of the month", "models"),
    named("without", "Trend without them", "%/month"),
    LOW,
    HIGH,
    named("moved", "Moved by", "%/month"),
)
CLUSTER_DEFINITIONS = (
    named("definition", "Independent are"),
    named("clusters", "Clusters"),
    named("effective", "Worth equal ones"),
    named("largest_share", "Largest", "1"),
    named("design_effect", "Design effect of the NLP share"),
    named("share", "NLP share", "1"),
    LOW,
    HIGH,
)
MEASUREMENT = (
    named("kind", "Number from"),
    REPORTERS,
    SHARE,
    named("authors", "Authors"),
    named("minimum", "Minimum", "g CO2eq"),
    named("q1", "First quartile", "g CO2eq"),
    named("median", "Median", "g CO2eq"),
    named("q3", "Third quartile", "g CO2eq"),
)
SELECTION = (
    named("trait", "Models that are"),
    REPORTERS,
    named("share", "Share of reporting models", "1"),
    LOW,
    HIGH,
    MODELS,
    named("share_of_all", "Share of all models", "1"),
)
