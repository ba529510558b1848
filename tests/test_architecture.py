"""ARCHITECTURE.md names places that exist, and every room of the house."""

from __future__ import annotations

import re
from pathlib import Path


def test_every_place_it_names_exists(project_dir: Path) -> None:
    text = (project_dir / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:mining|analysis|sample_hub|tests)/[\w./]+)`", text))
    assert len(named) > 30
    assert sorted(name for name in named if not (project_dir / name).exists()) == []


def test_every_room_has_a_line(project_dir: Path) -> None:
    text = (project_dir / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [
        path for top in ("mining", "analysis", "sample_hub") for path in (project_dir / top).iterdir() if path.is_dir()
    ]
    missing = [f"{room.parent.name}/{room.name}" for room in rooms if (room / "__init__.py").exists()]
    assert [name for name in missing if f"`{name}`" not in text and f"`{name}/" not in text] == []


def test_it_stays_short(project_dir: Path) -> None:
    assert len((project_dir / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 80


def test_the_front_hall_is_small(project_dir: Path) -> None:
    hall = [path for path in (project_dir / "analysis").iterdir() if path.name not in {"__pycache__", "py.typed"}]
    assert len(hall) <= 20
