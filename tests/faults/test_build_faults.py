"""A build through every fault, in short; ``make faults`` is the long form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FAULTS = ("kill", "touch", "interrupt", "together", "full", "read-only", "clock")


@pytest.mark.parametrize("name", FAULTS)
def test_a_build_survives(name: str) -> None:
    """In a process of its own: the builds are forks, and a fork of one that has threads hangs."""
    words = [sys.executable, "-m", "tests.faults", "--json", "--times", "2", "--only", name]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout, done.stderr
    counts = json.loads(done.stdout)
    if counts["method"].startswith("none"):
        pytest.skip(counts["method"])
    assert counts["problems"] == []
    assert counts["runs"] >= 1
    if name == "read-only":
        assert counts["refused"] == counts["runs"] >= 2
