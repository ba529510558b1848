"""What a project configures: ``hf-carbon.toml``, or ``[tool.hf-carbon]`` in ``pyproject.toml``.

A setting fills in for an option that was not given; the option wins. A waiver lets a gate pass without one probe until
a date: it changes the exit code of ``classify --fail-below``, never a level, a score or the JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from mining.errors import UsageError

FILE = "hf-carbon.toml"
PYPROJECT = "pyproject.toml"
TABLE = "hf-carbon"
MAX_BYTES = 100_000


class Waiver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A probe that a gate does without.

    Attributes:
        probe: Id of the probe (``hf-carbon explain --list``).
        reason: Why, for whoever reads the file.
        until: Last day on which the waiver holds.
    """

    probe: str
    reason: str
    until: date


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Settings of a project; None where the built-in value holds.

    Attributes:
        fail_below: Level that ``classify`` holds every card to.
        format: Form of the output of ``classify``.
        out: Data folder of all commands.
        waive: Probes that the gate does without.
    """

    fail_below: str | None = None
    format: str | None = None
    out: str | None = None
    waive: tuple[Waiver, ...] = ()

    def waived(self, today: date) -> frozenset[str]:
        """Probes whose waiver holds on a day."""
        return frozenset(waiver.probe for waiver in self.waive if waiver.until >= today)


def find(folder: Path) -> Path | None:
    """The settings file that holds in a folder: the nearest one upwards, not beyond the repository's root."""
    for place in (folder, *folder.parents):
        for name in (FILE, PYPROJECT):
            path = place / name
            if path.is_file() and (
                name == FILE or f"[tool.{TABLE}" in path.read_text(encoding="utf-8", errors="replace")
            ):
                return path
        if (place / ".git").exists():
            return None
    return None


def read(path: Path, *, levels: tuple[str, ...], formats: tuple[str, ...]) -> Settings:
    """Read a settings file.

    Args:
        path: ``hf-carbon.toml`` or ``pyproject.toml``.
        levels: Levels that ``fail-below`` may name.
        formats: Forms that ``format`` may name.

    Raises:
        UsageError: It is no TOML, or a name or value in it is not known; the nearest known one is suggested.
    """
    import tomllib

    import msgspec

    from mining.files import read_given

    content = read_given(path, "the settings", most_bytes=MAX_BYTES)
    try:
        found = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}") from error
    table = found.get("tool", {}).get(TABLE, {}) if path.name == PYPROJECT else found
    _known(path.name, table, ("fail-below", "format", "out", "waive"))
    for waiver in table.get("waive", []):
        if isinstance(waiver, dict):
            _known(path.name, waiver, ("probe", "reason", "until"))
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path.name}: {error}") from error
    _one_of(path.name, "fail-below", settings.fail_below, levels)
    _one_of(path.name, "format", settings.format, formats)
    if settings.waive:
        from analysis.classify.rubric import rubric

        for each in settings.waive:
            _one_of(path.name, "waive.probe", each.probe, tuple(probe.id for probe in rubric().probes))
    return settings


def nearest(name: str, known: tuple[str, ...]) -> str:
    """Words that suggest the nearest known name, or list them all."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"


def _known(file: str, table: Mapping[str, object], names: tuple[str, ...]) -> None:
    for name in table:
        if name not in names:
            raise UsageError(f"{file}: unknown setting '{name}'; {nearest(name, names)}")


def _one_of(file: str, setting: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise UsageError(f"{file}: {setting} is '{value}'; {nearest(value, known)}")
