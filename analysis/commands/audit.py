"""``hf-carbon audit``: make a labelling sheet, or read one back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands.options import FILE, FOLDER, SEED, Console, on_snapshot
from mining.errors import UsageError
from mining.paths import Home, Processed

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.audit.read import Audit
    from analysis.audit.sheet import Item, Question

COLUMNS = {
    "emissions": "emissions_gco2e", "hardware": "hardware", "duration": "duration_h", "energy": "energy_kwh",
    "region": "region", "tool": "tool",
}  # fmt: skip
"""Judged fields and the columns they stand in; the claims of the same name are their evidence."""

PLAIN_FROM = 100_000.0
"""Numbers from here on are shown in full with commas, not as powers of ten."""

EXTRACTED, SILENT, HINT = "emissions found", "nothing found", "other quantities found"


@click.command("audit")
@on_snapshot
@click.option("--n", type=click.IntRange(min=4), default=200, show_default=True, help="Models on the sheet.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Seed of the draw.")
@click.option("--to", "folder", type=FOLDER, help="Folder of the sheet; audit/ below the tables without it.")
@click.option("--read", "first", type=FILE, help="Read a labelled sheet (CSV) back.")
@click.option("--second", type=FILE, help="The same sheet labelled by a second reader.")
@click.option(
    "--corrections",
    type=FILE,
    help="With --read: write corrections.csv for build; notes of wrong and missed fields begin with the right value.",
)
@click.option("--json", "as_json", is_flag=True, help="With --read: print JSON.")
def command(
    *,
    snapshot: str,
    out: Path,
    n: int,
    seed: int,
    folder: Path | None,
    first: Path | None,
    second: Path | None,
    corrections: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make a seeded labelling sheet for SNAPSHOT: an HTML page to click through, and a CSV. Or read one back.

    A third of the sheet are cards in which emissions were found, a third cards in which only other quantities were, a
    third cards in which nothing was, so that precision and recall can both be estimated. Emissions are shown in g
    CO2eq, durations in h, energy in kWh. Reading back prints precision and recall of every field with 95 % intervals,
    the agreement of two readers (Cohen's kappa), and a paragraph for a paper.
    """
    if first is not None:
        click.echo(_read(first, second, as_json), nl=False)
        if corrections is not None:
            _write_corrections(first, corrections)
        return
    from analysis.commands.sample import built

    home = Home(out)
    processed = built(home, snapshot)
    target = folder or processed.folder / "audit"
    items = draw_items(home.find(snapshot), processed, n, seed)
    _write(target, items, processed.folder.name)
    Console(quiet).say(
        f"audit: {len(items):,} models; open {target / 'audit.html'} in a browser, export the labels, then call "
        f"audit --read FILE"
    )
    click.echo(str(target / "audit.html"))


def _write_corrections(sheet: Path, target: Path) -> None:
    """What a labelled sheet says is wrong, as a file that ``build --corrections`` applies."""
    from analysis.audit.read import corrections_of, read_labels
    from mining.corrections import corrections_csv
    from mining.files import write_text

    found, without = corrections_of(read_labels(sheet), COLUMNS, f"audit sheet {sheet.name}")
    write_text(target, corrections_csv(found))
    missing = f", {without} without a right value in their note" if without else ""
    click.echo(f"audit: {len(found)} corrections written{missing}", err=True)


def _write(folder: Path, items: list[Item], title: str) -> None:
    from analysis.audit.sheet import page, sheet_csv
    from mining.files import write_text

    write_text(folder / "audit.html", page(items, title, _meanings()))
    write_text(folder / "audit.csv", sheet_csv(items))


def _meanings() -> dict[str, str]:
    """What each judged field means, as the registry defines it."""
    from mining.schema import ModelRecord
    from mining.tables import columns

    known = {column.name: column.meaning for column in columns(ModelRecord)}
    return {name: known[column] for name, column in COLUMNS.items()}


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
    texts = _texts(raw, {row["model_id"] for row in rows})
    claims = _claims(processed, [row["model_key"] for row in rows])
    return [
        _item(row, weight, texts.get(row["model_id"], ""), claims)
        for row, weight in zip(rows, drawn.weights.tolist(), strict=True)
    ]


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
        table["model_key"],
        value_set=read_table(processed.table("claims"), Claim, ["model_key"])["model_key"].combine_chunks(),
    )
    silent = pc.if_else(hinted, pa.scalar(HINT), pa.scalar(SILENT))
    return table.append_column(
        "audit_stratum", pc.if_else(pc.is_valid(table["emissions_gco2e"]), pa.scalar(EXTRACTED), silent)
    )


def _texts(raw: Path, names: set[str]) -> dict[str, str]:
    """What was read of the drawn models: the card, and below it the other files."""
    from analysis.audit.evidence import FILE_HEADING
    from analysis.audit.sheet import MAX_CARD_CHARACTERS, MAX_FILE_CHARACTERS
    from mining.normalize.model_responses import body_bytes, file_name
    from mining.snapshot import SnapshotReader
    from mining.source_contracts import source_of

    reader = SnapshotReader(raw)
    if not source_of(reader.manifest.source).has_cards:
        raise UsageError(
            "the published files hold no raw cards to audit; use a snapshot of the Hub, a dump, a folder of cards or "
            "the sample"
        )
    found: dict[str, str] = {}
    files: dict[str, str] = {}
    for kind, texts in (("card", found), ("file", files)):
        for envelope in reader.envelopes(kind):
            if envelope.id in names and envelope.failure is None:
                text = body_bytes(envelope).decode("utf-8", "replace")
                if kind == "card":
                    texts[envelope.id] = text[:MAX_CARD_CHARACTERS]
                else:
                    heading = FILE_HEADING.format(name=file_name(envelope.address))
                    texts[envelope.id] = f"{texts.get(envelope.id, '')}{heading}{text[:MAX_FILE_CHARACTERS]}"
    return {name: found.get(name, "") + files.get(name, "") for name in names}


def _claims(processed: Processed, keys: list[str]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What the drawn models state, by model and quantity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mining.schema import Claim
    from mining.tables import read_table

    table = read_table(
        processed.table("claims"), Claim, ["model_key", "quantity", "inner_value", "label", "text", "where"]
    )
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in table.filter(pc.is_in(table["model_key"], value_set=pa.array(keys))).to_pylist():
        found.setdefault((row["model_key"], row["quantity"]), []).append(row)
    return found


def _item(
    row: Mapping[str, Any], weight: float, text: str, claims: Mapping[tuple[str, str], list[dict[str, Any]]]
) -> Item:
    from analysis.audit.sheet import Item

    questions = [
        _question(name, row[column], claims.get((row["model_key"], name), []), text) for name, column in COLUMNS.items()
    ]
    return Item(
        model_key=row["model_key"],
        model_id=row["model_id"] or row["model_key"],
        stratum=row["audit_stratum"],
        weight=weight,
        card=text,
        questions=tuple(questions),
    )


def _question(name: str, value: Any, claims: list[dict[str, Any]], text: str) -> Question:
    """One field: the value found, and the claim that states it."""
    from analysis.audit.evidence import chosen, occurrence, place_in_words
    from analysis.audit.sheet import MAX_EVIDENCE_CHARACTERS, Question

    if value is None:
        return Question(field=name)
    claim = chosen(claims, value)
    if claim is None:
        return Question(field=name, found=_shown(value))
    words = claim["text"][:MAX_EVIDENCE_CHARACTERS]
    place = place_in_words(claim["where"])
    return Question(
        field=name, found=_shown(value), evidence=words, place=place, occurrence=occurrence(text, words, claim["where"])
    )


def _shown(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= PLAIN_FROM else f"{value:.6g}"


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
