"""README.md texts of the synthetic Hub, one writer per kind of card.

The forms follow what card generators of the years 2021 to 2026 are known to write (headings, labels, units); the words
are our own.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from csv import writer as csv_writer

import yaml

from sample_hub.synthetic import world
from sample_hub.synthetic.carbon import KG, PLACEHOLDER, Carbon, Run, Statement
from sample_hub.synthetic.phrases import CLAIMS, DECOYS, FILLER, UNIT_WORDS, USAGE, fill
from sample_hub.synthetic.plan import Plan, hides_metadata
from sample_hub.synthetic.record import WITHOUT_CARD, card_metadata, metric_value
from sample_hub.synthetic.timeline import stamp


class CardWriter:
    """Writes the text files of models.

    Args:
        carbon: What is true of a model, and what its author states.
    """

    def __init__(self, carbon: Carbon) -> None:
        self._carbon = carbon

    def card(self, plan: Plan) -> str | None:
        """README.md of a model, or None where it has none; a copy repeats its source's text."""
        if plan.kind.name in WITHOUT_CARD:
            return None
        if plan.kind.lineage == "copy":
            return self.card(plan.base[0])
        said = self._carbon.statement(plan)
        run = self._carbon.exercise_run(plan) if plan.kind.name == "exercise" else self._carbon.run(plan)
        metadata = card_metadata(plan, said.metadata)
        front = f"---\n{yaml.dump(metadata, Dumper=_Dumper, sort_keys=False, allow_unicode=True)}---\n\n"
        if hides_metadata(plan):
            front = "\n" + front if plan.shares[3] < 0.5 else "Carbon card\n\n" + front
        return front + BODIES.get(plan.kind.name, _prose)(plan, run, said)

    def meter_file(self, plan: Plan) -> str:
        """An ``emissions.csv`` as the meter leaves it: emissions in kilograms."""
        run = self._carbon.run(plan)
        row = {
            "timestamp": stamp(plan.second)[:19],
            "project_name": "codecarbon",
            "run_id": plan.digest[:16].hex(),
            "duration": run.hours * 3600,
            "emissions": run.grams / 1e3,
            "emissions_rate": run.grams / 1e3 / max(run.hours * 3600, 1e-9),
            "cpu_power": 42.5,
            "gpu_power": float(run.machine.watts * run.machine.devices),
            "ram_power": 11.8,
            "energy_consumed": run.energy_kwh,
            "country_name": run.region.country,
            "country_iso_code": run.region.country,
            "region": run.region.name,
            "gpu_count": run.machine.devices,
            "gpu_model": run.machine.words,
            "tracking_mode": "machine",
            "on_cloud": "N",
            "pue": 1.0,
        }
        text = io.StringIO()
        table = csv_writer(text, lineterminator="\n")
        table.writerows([row.keys(), row.values()])
        return text.getvalue()


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes lists that stand twice twice, never as an alias."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def decimal(value: float) -> str:
    """A number as people write it: no exponent, no needless digits."""
    text = f"{value:.4g}"
    return f"{value:.9f}".rstrip("0").rstrip(".") if "e-" in text else f"{float(text):.15g}"


def quantity(said: Statement) -> str:
    """The stated number with a unit, in one of the ways people write it."""
    return f"{decimal(said.value or 0.0)} {UNIT_WORDS[said.unit][0]}"


def _title(plan: Plan) -> str:
    return f"# {plan.model_id.rpartition('/')[2]}\n\n"


def _paragraphs(plan: Plan, count: int) -> str:
    """Sentences that say nothing of carbon."""
    topic = world.TOPICS[int(plan.shares[14] * len(world.TOPICS))]
    start = plan.digest[50]
    chosen = (FILLER[(start + step) % len(FILLER)] for step in range(count))
    return "\n\n".join(fill(words, topic=topic, task=plan.task.tag) for words in chosen) + "\n"


def _auto(plan: Plan, run: Run, said: Statement) -> str:
    """AutoNLP and AutoTrain: grams in the body, full precision beside a scalar, four decimals beside a mapping."""
    name = "AutoNLP" if plan.kind.generator == "autonlp" else "AutoTrain"
    lines = [f"# Model Trained Using {name}", "", f"- Problem type: {plan.task.tag.replace('-', ' ').title()}"]
    lines.append(f"- Model ID: {1_000_000 + plan.index}")
    if said.value is not None:
        lines.append(
            f"- CO2 Emissions (in grams): {said.value if plan.kind.name == 'autonlp' else f'{said.value:.4f}'}"
        )
    lines += [
        "",
        "## Validation Metrics",
        "",
        f"- Loss: {1 - metric_value(plan):.3f}",
        f"- {plan.task.metric.title()}: {metric_value(plan)}",
    ]
    return "\n".join(lines) + "\n\n## Usage\n\n" + fill(USAGE, model=plan.model_id)


def _trainer(plan: Plan, run: Run, said: Statement) -> str:
    base = plan.base[0].model_id if plan.base else plan.family.stem
    text = (
        _title(plan)
        + f"This checkpoint continues [{base}](https://example.org/{base}) on one data set.\nIt reaches on the "
        f"evaluation set:\n"
    )
    text += f"- Loss: {1 - metric_value(plan):.4f}\n- {plan.task.metric.title()}: {metric_value(plan)}\n\n"
    text += (
        "## Model description\n\nMore information needed\n\n## Intended uses & limitations\n\nMore information "
        "needed\n\n"
    )
    text += (
        "## Training procedure\n\n### Training hyperparameters\n\n- learning_rate: 2e-05\n- train_batch_size: "
        "16\n- seed: 42\n"
    )
    rows = "".join(
        f"| {0.9 / step:.4f} | {step}.0 | {500 * step} | {0.95 / step:.4f} | {metric_value(plan):.4f} |\n"
        for step in range(1, 6)
    )
    header = f"| Training Loss | Epoch | Step | Validation Loss | {plan.task.metric.title()} |\n|:-:|:-:|:-:|:-:|:-:|\n"
    versions = "\n### Framework versions\n\n- Transformers 4.40.1\n- Pytorch 2.3.0\n"
    return f"{text}\n### Training results\n\n{header}{rows}{versions}"


def _impact(hardware: str, hours: str, provider: str, region: str, carbon: str, style: int = 0) -> str:
    """The template's block on the environment, its labels in three spellings."""
    pattern = ("- **{}:** {}", "- **{}**: {}", "- {}: {}")[style]
    rows = zip(
        ("Hardware Type", "Hours used", "Cloud Provider", "Compute Region", "Carbon Emitted"),
        (hardware, hours, provider, region, carbon),
        strict=True,
    )
    note = "Total emissions (in grams of CO2eq) and additional considerations, such as electricity usage, go here."
    lines = "\n".join(pattern.format(label, value) for label, value in rows)
    return f"## Environmental Impact\n\n<!-- {note} -->\n\n{lines}\n"


def _filled_impact(plan: Plan, run: Run, carbon: str) -> str:
    hardware = run.machine.words
    return _impact(hardware, decimal(run.hours), run.region.provider, run.region.name, carbon, plan.digest[51] % 3)


def _sections(plan: Plan) -> str:
    """The template's other sections, unfilled."""
    heads = (
        "Model Details", "Uses", "Bias, Risks, and Limitations", "How to Get Started with the Model",
        "Training Details", "Evaluation",
    )  # fmt: skip
    return "".join(
        f"## {head}\n\n<!-- {fill(FILLER[place], topic='text', task=plan.task.tag)} -->\n\n{PLACEHOLDER}\n\n"
        for place, head in enumerate(heads)
    )


def context_only(plan: Plan) -> bool:
    """Whether the card states hardware and hours, but no emissions."""
    return plan.kind.name == "template" and plan.shares[3] < 0.06


def _template(plan: Plan, run: Run, said: Statement) -> str:
    block = _impact(PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, PLACEHOLDER)
    if context_only(plan) or said.value is not None:
        block = _filled_impact(plan, run, PLACEHOLDER if said.value is None else quantity(said))
    return "# Model Card for Model ID\n\n" + _sections(plan) + block + "\n## Citation\n\n" + PLACEHOLDER + "\n"


def _spec(plan: Plan, run: Run, said: Statement) -> str:
    text = _title(plan) + _paragraphs(plan, 3) + "\n"
    if said.value is None or not said.beside:
        return text
    return text + _filled_impact(plan, run, quantity(said))


def _prose(plan: Plan, run: Run, said: Statement) -> str:
    text = _title(plan) + _paragraphs(plan, 2 + plan.digest[52] % 4) + "\n"
    if said.value is not None and said.beside:
        words = CLAIMS[plan.digest[53] % len(CLAIMS)]
        unit = UNIT_WORDS[said.unit][plan.digest[54] % len(UNIT_WORDS[said.unit])]
        facts = {
            "hours": decimal(run.hours),
            "devices": run.machine.devices,
            "device": run.machine.device,
            "region": run.region.name,
        }
        return text + "## Training\n\n" + fill(words, amount=decimal(said.value), unit=unit, **facts) + "\n"
    if plan.shares[3] < 0.04:
        text += fill(DECOYS[plan.digest[55] % len(DECOYS)], topic="", task=plan.task.tag) + "\n"
    return text


def _meter_block(plan: Plan, run: Run, said: Statement) -> str:
    """sentence-transformers and SetFit: kilograms to three decimals in the body, grams in the metadata."""
    text = _title(plan) + _paragraphs(plan, 3) + "\n"
    if said.value is None:
        return text
    lines = [
        "### Environmental Impact",
        "Carbon emissions were measured using [CodeCarbon](https://github.com/mlco2/codecarbon).",
    ]
    if plan.kind.name == "st-carbon":
        lines.append(f"- **Energy Consumed**: {run.energy_kwh:.3f} kWh")
    lines += [
        f"- **Carbon Emitted**: {said.value / 1e3:.3f} kg of CO2",
        f"- **Hours Used**: {run.hours:.3f} hours",
        "",
        "### Training Hardware",
    ]
    lines += [
        "- **On Cloud**: No",
        f"- **GPU Model**: {run.machine.words}",
        "- **CPU Model**: 13th Gen Synthetic(R) Core(TM) i7",
    ]
    return text + "\n".join([*lines, "- **RAM Size**: 31.78 GB", ""])


def _exercise(plan: Plan, run: Run, said: Statement) -> str:
    unit = "kg CO2eq" if said.unit == KG else "g CO2eq"
    machine = run.machine
    return (
        f"# Carbon audit card\n\nAn exercise: no model was trained and no weights are stored here.\n\n## "
        f"Environmental impact\n\n"
        f"- Hardware: {machine.words} ({machine.watts} W each)\n- Duration: "
        f"{decimal(run.hours)} hours\n- PUE: 1.2\n"
        f"- Energy = {machine.watts} W x {machine.devices} x {decimal(run.hours)} h x 1.2 = "
        f"{decimal(run.energy_kwh)} kWh\n"
        f"- Region: {run.region.name} ({run.region.intensity:g} gCO2/kWh)\n- Total emissions: {said.value} {unit}\n"
    )


def _foundation(plan: Plan, run: Run, said: Statement) -> str:
    """A large laboratory's table: one row a size, a total, tonnes."""
    lab = plan.family.stem.rpartition("-")[0]
    rows = [
        f"| {lab}-{size:g}b | {decimal(tonnes)} |" for size, tonnes in zip((1.2, 8.0, 70.0), said.family, strict=True)
    ]
    total = f"| Total | {decimal(sum(said.family))} |"
    table = "\n".join(["| | Carbon Emitted (tCO2eq) |", "|---|---|", *rows, total])
    return (
        _title(plan)
        + _paragraphs(plan, 4)
        + f"\n## Training energy and emissions\n\nPre-training of the whole family.\n\n{table}\n"
    )


def _converted(plan: Plan, run: Run, said: Statement) -> str:
    base = plan.base[0].model_id if plan.base else plan.family.stem
    table = "| File | Bits |\n|---|---|\n| model.Q4_K_M.gguf | 4 |\n| model.Q8_0.gguf | 8 |\n"
    return _title(plan) + f"Converted weights of {base}; nothing was trained here.\n\n{table}\n" + _paragraphs(plan, 1)


Writer = Callable[[Plan, Run, Statement], str]
BODIES: dict[str, Writer] = {
    "autonlp": _auto, "autotrain": _auto, "autotrain-silent": _auto, "trainer": _trainer, "meter-file": _trainer,
    "adapter": _trainer, "template": _template, "body-template": _template, "spec": _spec, "scalar": _spec,
    "st": _meter_block, "st-carbon": _meter_block, "setfit-carbon": _meter_block, "exercise": _exercise,
    "foundation": _foundation, "gguf": _converted, "packed": _converted, "heir": _converted,
}  # fmt: skip
