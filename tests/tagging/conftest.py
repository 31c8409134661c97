"""The record of a test module's text, by either model."""

from __future__ import annotations

import pytest

from kg.extract import make_extractor
from kg.readers import read
from kg.records import Record


@pytest.fixture(scope="module", params=[None, "fast"])
def record(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Return the record of the module's ``TEXT``."""
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text(request.module.TEXT, encoding="utf-8")
    return make_extractor(request.param)(read(path))
