"""A build through every fault, in short; ``make faults`` is the long form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import disks, kills
from tests.faults.kills import Counts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for all faults, in which the corpus is built once."""
    return tmp_path_factory.mktemp("faults")


FAULTS: dict[str, Callable[[Path], Counts]] = {
    "kill": lambda folder: kills.kill_at_random(folder, 3),
    "touch": lambda folder: kills.kill_at_each_touch(folder, 150),
    "interrupt": lambda folder: kills.interrupt(folder, 2),
    "together": lambda folder: kills.build_together(folder, 1),
    "full": lambda folder: disks.fill_disk(folder, 2)[0],
    "clock": disks.turn_back_clock,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_build_survives(name: str, folder: Path) -> None:
    counts = FAULTS[name](folder)
    assert counts.problems == []
    assert counts.runs >= 1


def test_a_folder_that_may_not_be_written_is_refused(folder: Path) -> None:
    counts, method = disks.forbid_writing(folder)
    if method.startswith("none"):
        pytest.skip(method)
    assert counts.problems == []
    assert counts.refused == counts.runs >= 2
