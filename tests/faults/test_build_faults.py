"""A build through every fault, in short; ``make faults`` is the long form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FAULTS = ("kill", "touch", "cut", "interrupt", "together", "full", "read-only", "clock")


@pytest.fixture(scope="module")
def counts() -> dict[str, dict[str, Any]]:
    """Run all faults in a process of its own: builds are forks, and one of a process with threads hangs."""
    words = [sys.executable, "-m", "tests.faults", "--json", "--times", "2"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["fault"] for row in rows} == set(FAULTS), done.stderr
    return {row["fault"]: row for row in rows}


@pytest.mark.parametrize("name", FAULTS)
def test_a_build_survives(name: str, counts: dict[str, dict[str, Any]]) -> None:
    found = counts[name]
    if found["method"].startswith("none"):
        pytest.skip(found["method"])
    assert found["problems"] == []
    assert found["runs"] >= 1
    if name == "read-only":
        assert found["refused"] == found["runs"] >= 2
