"""The published data of the 2023 study as a source: fetched once, checked against pinned hashes, kept byte for byte.

Source: Castaño et al., ESEM 2023 (arXiv 2305.11164), replication package GAISSA-UPC/ML-EnergyLabel. The package carries
no licence, so its files are never shipped with this project: they are fetched from their public origin at pinned
commits, or read from a folder or address that the user names.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlparse

from mining.crawl.request import Acquired, CrawlRequest
from mining.errors import (
    CheckFailedError,
    DamagedDataError,
    SchemaMismatchError,
    SnapshotDamagedError,
    UnreachableError,
    UsageError,
)
from mining.paths import Home
from mining.snapshot import SnapshotReader, SnapshotWriter
from mining.source_contracts import source_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pandas as pd

    from mining.crawl.progress import Progress

ORIGIN = "https://raw.githubusercontent.com/GAISSA-UPC/ML-EnergyLabel/"
CACHE_FOLDER = "hf-carbon"
TIMEOUT_S = 60
GZIP_MAGIC = b"\x1f\x8b"
MAX_BYTES = 64_000_000


class PublishedFile(NamedTuple):
    """One file of the replication package: where it comes from and what its bytes must hash to."""

    name: str
    commit: str
    folder: str
    sha256: str

    @property
    def address(self) -> str:
        """Public address at the pinned commit."""
        return f"{ORIGIN}{self.commit}/{self.folder}/{self.name}"


_APP, _DATA = "1313e14b1a529f0c21a0b036ddf21522d523bfa1", "fb434f2db48ffadd5098a5453742cb820d0f1fc1"
FILES = tuple(
    PublishedFile(*each)
    for each in (
        ("HFStreamlit.csv", _APP, "app/pages", "596da3b8d0e4b05c28cf9278a163d00ad8eff5de80f90635506412a4a67df489"),
        ("HFCO2.csv", _DATA, "datasets", "145889b17bd9fa1a602823a1d851e51d24432cbafbfd6107fe99cd2a2b12b28d"),
        ("HFClean.csv", _DATA, "datasets", "345a5c1d2a27599e777b3007f3e5d17078942be8f15fc9eef2d37a686b4284b2"),
        ("tags_metadata.yaml", _DATA, "metadata", "2c63d84a39c9c65a9e475ea722eeffd41b7e827261808526dd8cc0559b72f1f3"),
    )
)

TABLE_FILES = {"mined": "HFStreamlit.csv", "merged": "HFCO2.csv", "curated": "HFClean.csv"}
"""Name of each published table in the processed folder, and the file it is read from."""

TAG_PREFIX = "is_"
KNOWN_COLUMNS = {
    "modelId", "datasets", "datasets_size", "datasets_size_efficency", "co2_eq_emissions", "co2_reported", "source",
    "training_type", "geographical_location", "hardware_used", "environment", "cloud_provider", "hours_used",
    "accuracy", "loss", "f1", "rouge1", "rougeL", "perplexity", "performance_metrics", "performance_score", "size",
    "size_efficency", "parameters", "num_of_imgs", "auto", "downloads", "likes", "library_name", "lastModified",
    "created_at", "year_month", "modelcard_text", "license", "language", "domain",
}  # fmt: skip
REQUIRED_COLUMNS = {
    "mined": {
        "modelId", "co2_eq_emissions", "auto", "domain", "size", "downloads", "created_at", "modelcard_text",
        "hardware_used",
    },
    "merged": {
        "modelId", "co2_eq_emissions", "auto", "performance_metrics", "performance_score", "size_efficency",
        "downloads",
    },
    "curated": {
        "modelId", "co2_eq_emissions", "size", "datasets_size", "training_type", "accuracy", "f1", "rouge1", "rougeL",
    },
}  # fmt: skip


def fetch(home: Home, origin: str | None = None, *, verified: bool = True) -> Path:
    """Fetch the published files into a raw snapshot, or find the one that already holds the same bytes.

    Args:
        home: Data folder that the snapshot is written below.
        origin: Folder with the files (plain or gzipped), or base address they lie under; None for the public origin.
        verified: Refuse files whose SHA-256 is not the pinned one.

    Returns:
        Folder of the raw snapshot.

    Raises:
        UsageError: The folder does not exist or lacks a file.
        UnreachableError: No network, and the file is not in the cache.
        CheckFailedError: A file is not the pinned one, and ``verified`` is set.
        DamagedDataError: A gzipped file cannot be unpacked.
    """
    contents = {file.name: _read(file, origin) for file in FILES}
    if verified:
        _check(contents)
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in contents.items()}
    digest = hashlib.sha256("".join(hashes[name] for name in sorted(hashes)).encode()).hexdigest()
    folder = home.raw(f"published-2023-{digest[:8]}")
    if (folder / "manifest.json").is_file() and SnapshotReader(folder).manifest.status == "complete":
        SnapshotReader(folder).verify()
        return folder
    _write(folder, hashes, digest, contents)
    return folder


def acquire(request: CrawlRequest, home: Home, *, progress: Progress | None, clock: Callable[[], datetime]) -> Acquired:
    """Snapshot of the published files; the contract is that of :class:`mining.source_contracts.SourceContract`."""
    return Acquired(fetch(home, request.origin, verified=request.verified))


def _write(folder: Path, hashes: dict[str, str], digest: str, contents: dict[str, bytes]) -> None:
    """Write the files as a raw snapshot beside its place, and rename it there when it is complete."""
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}.part")
    beside.mkdir(parents=True)
    try:
        writer = SnapshotWriter.create(
            beside, source="published", plan={"source": "published", "files": hashes}, plan_hash=digest
        )
        for name, body in contents.items():
            writer.add_file(name, body)
        writer.complete()
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _read(file: PublishedFile, origin: str | None) -> bytes:
    """Bytes of one file from a folder, an address, or the public origin."""
    if origin is None:
        return _unpacked(file.name, _download(file.address, file.name, file.sha256))
    if _is_address(origin):
        base = origin if origin.endswith("/") else origin + "/"
        return _unpacked(file.name, _download_either(base, file.name))
    return _unpacked(file.name, _from_folder(Path(origin), file.name))


def _is_address(origin: str) -> bool:
    """Whether the files are asked for on the network.

    Raises:
        UsageError: It begins like an address and is none.
    """
    try:
        return urlparse(origin).scheme in {"http", "https"}
    except ValueError as error:
        raise UsageError(f"not an address: '{origin}' ({error})") from error


def _from_folder(folder: Path, name: str) -> bytes:
    """Bytes of the file, plain or gzipped, in a folder."""
    if not folder.is_dir():
        raise UsageError(f"folder '{folder}' not found; it should hold the published files")
    for candidate in (folder / name, folder / f"{name}.gz"):
        if candidate.is_file():
            return candidate.read_bytes()
    raise UsageError(f"'{name}' (or '{name}.gz') is missing in '{folder}'")


def _download_either(base: str, name: str) -> bytes:
    """Bytes of the file below a base address, gzipped where the plain one is not there."""
    try:
        return _download(urljoin(base, name), name, None)
    except UnreachableError as plain:
        try:
            return _download(urljoin(base, f"{name}.gz"), f"{name}.gz", None)
        except UnreachableError:
            raise plain from None


def _download(address: str, name: str, sha256: str | None) -> bytes:
    """Fetch through pooch, which keeps a cache of pinned files.

    Files without a pinned hash come from an address the user named: they may change, so they are fetched anew.
    """
    import pooch

    known = None if sha256 is None else f"sha256:{sha256}"
    cache = Path(pooch.os_cache(CACHE_FOLDER)) / "published"
    target = f"{hashlib.sha256(address.encode()).hexdigest()[:12]}-{name}"
    if known is None:
        (cache / target).unlink(missing_ok=True)
    downloader = pooch.HTTPDownloader(progressbar=False, timeout=TIMEOUT_S)
    logger = pooch.get_logger()
    logger.setLevel("ERROR")
    try:
        path = pooch.retrieve(address, known_hash=known, fname=target, path=cache, downloader=downloader)
    except OSError as error:
        raise UnreachableError(address, f"{_short(error)}; give the files with --from DIR") from error
    except ValueError as error:
        raise CheckFailedError(f"{name} from {address} is not the pinned file: its SHA-256 differs") from error
    return Path(path).read_bytes()


def _short(error: Exception) -> str:
    """First words of a network error, without its nested objects."""
    response = getattr(error, "response", None)
    return f"status {response.status_code}" if response is not None else type(error).__name__


def _unpacked(name: str, body: bytes) -> bytes:
    """The file's own bytes, whether it came plain or gzipped; bounded."""
    if body[:2] != GZIP_MAGIC:
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            plain = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise DamagedDataError(f"{name}.gz cannot be unpacked: {error}") from error
    if len(plain) > MAX_BYTES:
        raise DamagedDataError(f"{name}.gz unpacks to more than {MAX_BYTES // 1_000_000} MB")
    return plain


def _check(contents: dict[str, bytes]) -> None:
    """Refuse altered files, naming each."""
    wrong = [file.name for file in FILES if hashlib.sha256(contents[file.name]).hexdigest() != file.sha256]
    if wrong:
        raise CheckFailedError(
            f"not the published file (SHA-256 differs): {', '.join(wrong)}; use --unverified to read it anyway"
        )


def read_tables(reader: SnapshotReader) -> dict[str, pd.DataFrame]:
    """The three published tables with their own column names, floats exact to the last bit.

    Args:
        reader: Reader of a ``published`` snapshot.

    Returns:
        ``mined`` (1,417 rows, HFStreamlit), ``merged`` (1,419 rows, HFCO2), ``curated`` (48 rows, HFClean).

    Raises:
        SnapshotDamagedError: The snapshot is not a published one.
        SchemaMismatchError: A file cannot be read as CSV, or lacks a column.
    """
    if not source_of(reader.manifest.source).has_published_tables:
        raise SnapshotDamagedError(f"snapshot of source '{reader.manifest.source}', expected 'published'")
    return {table: _read_csv(table, reader.file(name)) for table, name in TABLE_FILES.items()}


def _read_csv(table: str, body: bytes) -> pd.DataFrame:
    """One published table; the mixed column ``auto`` stays text, an unnamed index column is dropped."""
    import pandas as pd

    try:
        frame = pd.read_csv(io.BytesIO(body), dtype={"auto": str}, low_memory=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise SchemaMismatchError(
            f"{TABLE_FILES[table]} cannot be read as CSV: {str(error).splitlines()[0]}"
        ) from error
    frame = frame.drop(columns=[name for name in frame.columns if name.startswith("Unnamed:")])
    missing = REQUIRED_COLUMNS[table] - set(frame.columns)
    if missing:
        raise SchemaMismatchError(f"{TABLE_FILES[table]} lacks columns: {', '.join(sorted(missing))}")
    unknown = [name for name in frame.columns if name not in KNOWN_COLUMNS and not name.startswith(TAG_PREFIX)]
    if unknown:
        raise SchemaMismatchError(f"{TABLE_FILES[table]} has unknown columns: {', '.join(unknown[:5])}")
    return frame
