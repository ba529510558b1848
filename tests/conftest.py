"""What all tests share: the place of real data beside the project, and how examples of properties are drawn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# An error that nobody foresaw is shown whole, here and in every command that a test runs.
os.environ["HF_CARBON_TRACEBACK"] = "1"

# The same examples in every run, so that a check says the same twice; HF_CARBON_SEARCH=1 looks for new ones.
settings.register_profile("fixed", derandomize=True)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("search" if os.environ.get("HF_CARBON_SEARCH") else "fixed")


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
