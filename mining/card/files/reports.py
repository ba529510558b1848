"""Logs of carbontracker and reports in the BoAmps format, which CodeCarbon 3.3 and others write.

Sources: carbontracker 2.4 (``tracker.py``, ``loggerutil.py``); Boavizta BoAmps 0.1 and 1.x, as written by codecarbon
3.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mining.card.files.runs import Run, fault
from mining.fields import FileFault
from mining.patterns import regex
from mining.schema import Claim, Scope

_BLOCK = regex(
    r"(?i)\b(actual"
    r"|predicted) consumption(?: for \d{1,9} epoch\(s\))?:[ "
    r"\t\r]*\n\s*Time:\s*(-?\d{1,9}:\d{2}:\d{2}(?:\.\d{1,6})?)\s*\n"
    r"\s*Energy:\s*([\d.eE+-]{1,30}) kWh[ \t\r]*\n\s*CO2e?q?:\s*([\d.eE+-]{1,30}) (k?g)\b"
)
_DEVICES = regex(r"(?i)components were found:[^\n]{0,200}?\bGPU with device\(s\) ([^\n]{1,200}?)\.(?:\s|$)")
_INTENSITY = regex(r"(?i)average carbon intensity during training was ([\d.]{1,12}) gCO2")
_PLACE = regex(
    r"(?i)gCO2(?:eq)?/kWh at (?:detected location: )?([^\n]{2,120}?)\.?\s*$"
    r"|\bdetected location: ([^\n.]{2,80}?)\.?\s*(?:$|defaulted|using)"
    r"|\baverage (?:carbon intensity )?for ([A-Z]{2,3})\b(?! in \d{4} is)",
    0,
)
_STAGES: tuple[tuple[str, Scope], ...] = (
    ("infer", "inference"),
    ("fine", "fine-tuning"),
    ("pretrain", "pre-training"),
    ("pre-train", "pre-training"),
    ("train", "training-run"),
)


def log_runs(text: str, name: str) -> tuple[list[Run], list[Claim]]:
    """The last measurement of a carbontracker log; its predictions are none.

    Args:
        text: The file.
        name: Its name.
    """
    blocks = list(_BLOCK.finditer(text))
    actual = [match for match in blocks if match[1].lower() == "actual"]
    if not actual:
        reason: FileFault = "only-predicted" if blocks else "file-unknown"
        return [], [fault(name, reason, (blocks[0][0] if blocks else text[:200]).strip())]
    last = actual[-1]
    energy, emissions = _positive(last[3]), _positive(last[4])
    if energy is None or emissions is None:
        return [], [fault(name, "row-no-number", last[0].strip())]
    devices = _DEVICES.search(text)
    names = [part.strip() for part in devices[1].split(",")] if devices else []
    place = next((match for line in text.split("\n")[:2000] if (match := _PLACE.search(line))), None)
    run = Run(
        file=name,
        row=str(text.count("\n", 0, last.start()) + 1),
        text=last[0].strip(),
        tool="carbontracker",
        emissions=emissions,
        unit=last[5],
        energy_kwh=energy,
        seconds=_seconds(last[2]),
        hardware=names[0] if names else None,
        devices=len(names) if len(set(names)) == 1 else None,
        region=next(filter(None, place.groups()), None) if place else None,
        intensity_g_per_kwh=_positive(average[1]) if (average := _INTENSITY.search(text)) else None,
    )
    return [run], []


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return abs(float(hours)) * 3600 + float(minutes) * 60 + float(seconds)


def _positive(value: Any) -> float | None:
    """A finite number that is not negative; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < float("inf") else None


def report_runs(text: str, name: str) -> tuple[list[Run], list[Claim]]:
    """Energy, time, devices and place of a BoAmps report, which states no emissions.

    Args:
        text: The file.
        name: Its name.
    """
    import msgspec

    try:
        report = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return [], [fault(name, "file-unknown", text[:200].strip())]
    measures = list(_mappings(report, "measures"))
    if not measures:
        return [], [fault(name, "file-unknown", text[:200].strip())]
    if len(measures) > 1:
        return [], [fault(name, "several-measures", text[:200].strip())]
    (measure,) = measures
    infrastructure, environment = _mapping(report, "infrastructure"), _mapping(report, "environment")
    components = [part for part in _mappings(infrastructure, "components") if _text(part, "componentType")]
    kinds = {str(_text(part, "componentType")).lower(): part for part in reversed(components)}
    device = kinds.get("gpu") or kinds.get("cpu") or {}
    count = _positive(device.get("nbComponent")) if "gpu" in kinds else None
    energy = _positive(measure.get("powerConsumption"))
    run = Run(
        file=name,
        row=next((str(at) for at, line in enumerate(text.split("\n"), 1) if "powerConsumption" in line), "1"),
        text=next((line.strip() for line in text.split("\n") if "powerConsumption" in line), text)[:500],
        tool=_text(measure, "measurementMethod") or "boamps",
        energy_kwh=energy,
        seconds=_positive(measure.get("measurementDuration")),
        hardware=_text(device, "componentName"),
        devices=int(count) if count else None,
        region=_text(environment, "location"),
        country=_text(environment, "country"),
        provider=_text(infrastructure, "cloudProvider"),
        scope=_stage(_text(_mapping(report, "task"), "taskStage") or ""),
        intensity_g_per_kwh=_positive(environment.get("powerSourceCarbonIntensity")),
    )
    return [run], [fault(name, "row-no-number", run.text)] if energy is None else []


def _stage(text: str) -> Scope:
    """What the task of a report was."""
    return next((scope for word, scope in _STAGES if word in text.lower()), "unknown")


def _mapping(value: Any, key: str) -> Mapping[str, Any]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _mappings(value: Any, key: str) -> Iterator[Mapping[str, Any]]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    yield from (part for part in (inner if isinstance(inner, list) else [])[:100] if isinstance(part, Mapping))


def _text(value: Mapping[str, Any], key: str) -> str | None:
    inner = value.get(key)
    return inner.strip() or None if isinstance(inner, str) else None
