"""The folder of a data set: the same for the Hub and for an archive such as Zenodo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from msgspec import Struct

from analysis.publishing.croissant import croissant
from analysis.publishing.licences import Licence, licence_of
from analysis.publishing.tables import QUOTES, Table, write_tables
from analysis.questions.tables import Tables
from mining.errors import UsageError
from mining.files import file_sha256, write_text
from mining.paths import Processed
from mining.tables import dictionary
from mining.version import package_version

HERE = Path(__file__).parent
CHECKSUMS = "SHA256SUMS"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LIMITS = (
    "Emissions are what authors state, read by rules; they are not measured. Most reporters used one tool (AutoTrain), "
    "so they do not stand for the Hub. A model that was not assessed may well report."
)
PRIVACY = (
    "Names of accounts and repositories are those the Hub shows to everybody. No e-mail address, token, private or "
    "gated file is in the data. To have an account taken out, ask in the discussions of this data set."
)
COLLECTION = (
    "hf-carbon lists the models through the Hub's interface or its public dumps, reads the metadata and cards, decides "
    "units by named rules, and keeps a flag for every doubt."
)


class Written(Struct, frozen=True, kw_only=True):
    """A folder that was written.

    Attributes:
        files: Names of its files with their sizes in bytes, sorted.
    """

    folder: Path
    files: tuple[tuple[str, int], ...]
    models: int


def write_folder(
    processed: Processed,
    folder: Path,
    repository: str,
    *,
    with_quotes: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Written:
    """Write the whole data set.

    Args:
        processed: Folder of the tables.
        folder: Where to write; it must be empty or absent.
        repository: ``owner/name`` that the data set is to have on the Hub.
        with_quotes: Keep the words of cards that state a quantity.
        progress: Told the table, the rows written so far and how many there are.

    Raises:
        UsageError: The folder is not empty, or the source gives no right to hand its data on.
        DamagedDataError: A table is not what was built.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"'{folder}' is not an empty folder")
    with Tables(processed) as tables:
        source, provenance = tables.source, tables.provenance
    licence = licence_of(source)
    written = write_tables(processed, folder, with_quotes=with_quotes, progress=progress)
    facts = _facts(processed.folder.name, repository, provenance, licence, written, with_quotes=with_quotes)
    for name, template in (("README.md", "dataset_card.md.j2"), ("CITATION.cff", "citation.cff.j2")):
        write_text(folder / name, _template(template).render(**facts))
    write_text(folder / "dictionary.md", _dictionary(written, with_quotes=with_quotes))
    write_text(folder / "provenance.json", json.dumps(provenance, indent=1, sort_keys=True) + "\n")
    digests = {table.file: file_sha256(folder / table.file) for table in written}
    text = json.dumps(croissant(written, digests, _about(facts)), indent=1, ensure_ascii=False)
    write_text(folder / "croissant.json", text + "\n")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    write_text(folder / CHECKSUMS, "".join(f"{file_sha256(folder / name)}  {name}\n" for name in names))
    files = tuple((name, (folder / name).stat().st_size) for name in sorted([*names, CHECKSUMS]))
    return Written(folder=folder, files=files, models=written[0].rows)


def _facts(
    snapshot: str,
    repository: str,
    provenance: dict[str, Any],
    licence: Licence,
    tables: tuple[Table, ...],
    *,
    with_quotes: bool,
) -> dict[str, Any]:
    """What the card and the citation say."""
    models = tables[0].rows
    return {
        "snapshot": snapshot,
        "repository": repository,
        "title": f"Carbon disclosure of {models:,} models on the Hugging Face Hub",
        "source": provenance["source"],
        "digest": provenance.get("snapshot", {}).get("sha256", ""),
        "synthetic": bool(provenance.get("is_synthetic")),
        "licence": licence,
        "tables": tables,
        "models": models,
        "size": next((name for most, name in SIZES if models < most), "1M<n<10M"),
        "version": package_version(),
        "with_quotes": with_quotes,
        "limits": LIMITS,
        "privacy": PRIVACY,
        "collection": COLLECTION,
    }


def _about(facts: dict[str, Any]) -> dict[str, Any]:
    """Properties of the data set in Croissant, the responsible-AI ones among them."""
    made_up = "SYNTHETIC, made up: says nothing of real models. " if facts["synthetic"] else ""
    quotes = "with" if facts["with_quotes"] else "without"
    return {
        "name": facts["repository"].replace("/", "--"),
        "description": f"{made_up}{facts['title']}: what they state of their training, {quotes} quotes of cards.",
        "license": facts["licence"].url,
        "url": f"https://huggingface.co/datasets/{facts['repository']}",
        "version": "1.0.0",
        "citeAs": f"hf-carbon {facts['version']}: {facts['title']}, snapshot {facts['snapshot']}.",
        "isLiveDataset": False,
        "rai:dataCollection": facts["collection"],
        "rai:dataCollectionType": ["Web Scraping", "Secondary Data analysis"],
        "rai:dataBiases": facts["limits"],
        "rai:dataLimitations": facts["limits"],
        "rai:personalSensitiveInformation": facts["privacy"],
        "rai:dataUseCases": "Research on what models disclose of their carbon footprint; no ranking of people or "
        "firms.",
        "rai:dataReleaseMaintenancePlan": "One data set a snapshot; a later snapshot is another data set.",
    }


def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701 - Markdown and YAML; only the project's words and checked names go in
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((HERE / name).read_text(encoding="utf-8"))


def _dictionary(tables: tuple[Table, ...], *, with_quotes: bool) -> str:
    """Data dictionary of the tables that are handed on."""
    from mining.schema import TABLES

    text = dictionary({table.name: TABLES[table.name] for table in tables})
    if with_quotes:
        return text
    lines = text.splitlines()
    start = lines.index("## claims")
    end = next((place for place in range(start + 1, len(lines)) if lines[place].startswith("## ")), len(lines))
    dropped = tuple(f"| `{name}` |" for name in QUOTES)
    kept = [line for line in lines[start:end] if not line.startswith(dropped)]
    return "\n".join([*lines[:start], *kept, *lines[end:]]) + "\n"
