"""What all tests share: the place of real data beside the project."""

from __future__ import annotations

import os
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
    """Folder of real data beside the checkout; the test is skipped, with this reason, where it is absent.

    ``HF_CARBON_SHARED=absent`` hides it, so that both ways can be run on one machine.
    """
    if os.environ.get("HF_CARBON_SHARED") == "absent" or not SHARED.is_dir():
        pytest.skip("the real data (../shared) is absent")
    return SHARED
