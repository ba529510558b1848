"""What all tests share: the place of real data beside the project, and a blocked network."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def project_dir() -> Path:
    """Root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of real data beside the checkout; the test is skipped, with this reason, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real data is not beside the project (../shared)")
    return SHARED
