"""A build through every fault, in short; ``make faults`` is the long form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import disks, kills
from tests.faults.kills import Counts

FAULTS: dict[str, Callable[[Path], Counts]] = {
    "kill": lambda folder: kills.kill_at_random(folder, 4),
    "touch": lambda folder: kills.kill_at_each_touch(folder, 60),
    "interrupt": lambda folder: kills.interrupt(folder, 3),
    "together": lambda folder: kills.build_together(folder, 1),
    "full": lambda folder: disks.fill_disk(folder, 2)[0],
    "clock": disks.turn_back_clock,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_build_survives(name: str, tmp_path: Path) -> None:
    counts = FAULTS[name](tmp_path)
    assert counts.problems == []
    assert counts.runs >= 1


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    counts, method = disks.forbid_writing(tmp_path)
    if method.startswith("none"):
        pytest.skip(method)
    assert counts.problems == []
    assert counts.refused == counts.runs >= 2
