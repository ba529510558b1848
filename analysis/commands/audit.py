"""``hf-carbon audit``: make a labelling sheet, or read one back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import Teller, home_of, out_option, quiet_option, snapshot_argument
from mining.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.audit.read import Audit
    from analysis.audit.sheet import Item
    from mining.paths import Processed

COLUMNS = {
    "emissions": "emissions_gco2e",
    "hardware": "hardware",
    "duration": "duration_h",
    "energy": "energy_kwh",
    "region": "region",
    "tool": "tool",
}
"""Judged fields and the columns they stand in; the claims of the same name are their evidence."""

EXTRACTED, SILENT, HINT = "emissions found", "nothing found", "other quantities found"


@click.command("audit")
@snapshot_argument
@out_option
@click.option("--n", "n", type=click.IntRange(min=4), default=200, show_default=True, help="Models on the sheet.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draw.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder of the sheet; audit/ below the tables without it."
)
@click.option("--read", "first", type=click.Path(dir_okay=False, path_type=Path), help="Read a labelled sheet (CSV) back.")
@click.option("--second", type=click.Path(dir_okay=False, path_type=Path), help="The same sheet labelled by a second reader.")
@click.option("--json", "as_json", is_flag=True, help="With --read: print JSON.")
@quiet_option
def command(
    *, snapshot: str, out: Path, n: int, seed: int, folder: Path | None, first: Path | None, second: Path | None, as_json: bool, quiet: bool
) -> None:
    """Make a seeded labelling sheet for SNAPSHOT: one HTML page to click through, and a CSV. Or read a labelled one back.

    A third of the sheet are cards in which emissions were found, a third cards in which only other quantities were, a third cards in
    which nothing was, so that precision and recall can both be told. Emissions are shown in g CO2eq, durations in h, energy in kWh.
    Reading back prints precision and recall of every field with 95 % intervals, the agreement of two readers (Cohen's kappa), and a
    paragraph for a paper.
    """
    if first is not None:
        click.echo(_read(first, second, as_json), nl=False)
        return
    from analysis.commands.sample import built

    home = home_of(out)
    processed = built(home, snapshot)
    target = folder or processed.folder / "audit"
    items = draw_items(home.find(snapshot), processed, n, seed)
    _write(target, items, processed.folder.name)
    Teller(quiet).say(
        f"audit: {len(items):,} models; open {target / 'audit.html'} in a browser, export the labels, then call audit --read FILE"
    )
    click.echo(str(target / "audit.html"))


def _write(folder: Path, items: list[Item], title: str) -> None:
    from analysis.audit.sheet import page, sheet_csv
    from mining.currency import write_text

    write_text(folder / "audit.html", page(items, title))
    write_text(folder / "audit.csv", sheet_csv(items))


def draw_items(raw: Path, processed: Processed, n: int, seed: int) -> list[Item]:
    """Draw the models of a sheet, with their cards and what was found in them.

    Raises:
        UsageError: The snapshot holds no cards.
    """
    from mining.sampling import allocate, draw

    table = _cards(processed)
    strata = table["audit_stratum"].to_pylist()
    sizes = {name: strata.count(name) for name in sorted(set(strata))}
    if not sizes:
        raise UsageError("no card was read in this snapshot; crawl with --cards reporters or sample:N")
    drawn = draw(strata, allocate(sizes, min(n, len(strata)), "equal"), seed)
    rows = table.take(drawn.rows).to_pylist()
    cards = _texts(raw, {row["model_id"] for row in rows})
    claims = _evidence(processed, [row["model_key"] for row in rows])
    return [_item(row, weight, cards, claims) for row, weight in zip(rows, drawn.weights.tolist(), strict=True)]


def _cards(processed: Processed) -> pa.Table:
    """Models whose card was read, each with its stratum."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mining.schema import Claim, ModelRecord
    from mining.tables import read_table

    names = ["model_key", "model_id", "card_status", *COLUMNS.values()]
    table = read_table(processed.table("models"), ModelRecord, names)
    table = table.filter(pc.equal(table["card_status"], "read"))
    hinted = pc.is_in(
        table["model_key"], value_set=read_table(processed.table("claims"), Claim, ["model_key"])["model_key"].combine_chunks()
    )
    silent = pc.if_else(hinted, pa.scalar(HINT), pa.scalar(SILENT))
    return table.append_column("audit_stratum", pc.if_else(pc.is_valid(table["emissions_gco2e"]), pa.scalar(EXTRACTED), silent))


def _texts(raw: Path, names: set[str]) -> dict[str, str]:
    """Card texts of the drawn models."""
    from mining.normalize.sides import body_bytes
    from mining.snapshot import SnapshotReader

    reader = SnapshotReader(raw)
    if reader.manifest.source == "published":
        raise UsageError(
            "the published files hold no raw cards to audit; use a snapshot of the Hub, a dump, a folder of cards or the sample"
        )
    cards = (envelope for envelope in reader.envelopes("card") if envelope.id in names and envelope.failure is None)
    return {envelope.id: body_bytes(envelope).decode("utf-8", "replace") for envelope in cards}


def _evidence(processed: Processed, keys: list[str]) -> dict[tuple[str, str], str]:
    """The first words that state a quantity, by model and quantity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mining.schema import Claim
    from mining.tables import read_table

    table = read_table(processed.table("claims"), Claim, ["model_key", "quantity", "text"])
    rows = table.filter(pc.is_in(table["model_key"], value_set=pa.array(keys))).to_pylist()
    return {(row["model_key"], row["quantity"]): row["text"] for row in reversed(rows)}


def _item(row: Mapping[str, Any], weight: float, cards: Mapping[str, str], claims: Mapping[tuple[str, str], str]) -> Item:
    from analysis.audit.sheet import MAX_CARD_CHARACTERS, MAX_EVIDENCE_CHARACTERS, Item, Question

    questions = [
        Question(
            field=name,
            found=None if row[column] is None else _shown(row[column]),
            evidence=claims.get((row["model_key"], name), "")[:MAX_EVIDENCE_CHARACTERS] if row[column] is not None else "",
        )
        for name, column in COLUMNS.items()
    ]
    return Item(
        model_key=row["model_key"],
        model_id=row["model_id"] or row["model_key"],
        stratum=row["audit_stratum"],
        weight=weight,
        card=cards.get(row["model_id"], "")[:MAX_CARD_CHARACTERS],
        questions=tuple(questions),
    )


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _read(first: Path, second: Path | None, as_json: bool) -> str:
    """Scores of a labelled sheet, as text or JSON."""
    import msgspec

    from analysis.audit.read import audit, read_labels

    said = audit(read_labels(first), read_labels(second) if second is not None else ())
    if as_json:
        return msgspec.json.format(msgspec.json.encode(said), indent=1).decode() + "\n"
    return "\n".join(_lines(said)) + "\n"


def _lines(said: Audit) -> Iterable[str]:
    yield f"{said.models} models labelled · {said.unlabelled} fields without a label · {said.unsure} unsure"
    yield f"{'field':<12}{'precision':>28}{'recall':>28}   labels"
    for score in said.fields:
        counts = ", ".join(f"{count} {label}" for label, count in score.counts.items())
        yield f"{score.field:<12}{_interval(score.precision):>28}{_interval(score.recall):>28}   {counts}"
    for name, kappa in said.agreement.items():
        yield f"kappa {name:<6}{_interval(kappa):>28}   n = {kappa.n}"
    yield ""
    yield said.paragraph


def _interval(estimate: Any) -> str:
    if estimate.estimate is None:
        return "not estimable"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.estimate:.3f}"
    return f"{estimate.estimate:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
