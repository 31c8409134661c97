"""Fixtures that every test module may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The first example of a test may import a library, and a shared machine may be busy.
settings.register_profile("clinev", deadline=None)
settings.load_profile("clinev")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the real pages and data sets, which are not part of the project.

    ``CLINEV_SHARED`` names it; by default it lies beside the checkout. Tests that need it are
    skipped where it is absent, and fail where ``CLINEV_REQUIRE_SHARED`` is set.
    """
    folder = Path(os.environ.get("CLINEV_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "corpora" / "seeds").is_dir():
        message = f"real pages not found in {folder}"
        if os.environ.get("CLINEV_REQUIRE_SHARED"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
