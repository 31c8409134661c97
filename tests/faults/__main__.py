"""Put a build through every fault and count what came of it: ``make faults``.

python -m tests.faults                     # 200 kills, some minutes
python -m tests.faults --times 20 --only kill --only together
python -m tests.faults --times 20 --spawn  # each worker a new interpreter, as in use; slower
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]  # the stand-in extraction

from tests.faults import disks, kills  # noqa: E402
from tests.faults.harness import environment  # noqa: E402
from tests.faults.kills import Counts, Place, prepare  # noqa: E402


def main() -> int:
    """Run the faults that were asked for; print a row each, and every problem."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=200, help="kills; the others in proportion")
    words.add_argument("--only", action="append", default=[], help="one of the faults")
    words.add_argument("--seed", type=int, default=1, help="of the random moments")
    words.add_argument("--spawn", action="store_true", help="start workers as a user's build does")
    words.add_argument("--json", action="store_true")
    told = words.parse_args()
    times = told.times
    faults: dict[str, Callable[[Place], Counts | tuple[Counts, str]]] = {
        "kill": lambda place: kills.kill_at_random(place, times, told.seed),
        "touch": lambda place: kills.kill_at_each_touch(place, max(1, 300 // times)),
        "cut": lambda place: kills.cut_journal(place, max(2, times // 10)),
        "interrupt": lambda place: kills.interrupt(place, max(2, times // 4)),
        "together": lambda place: kills.build_together(place, max(1, times // 10)),
        "full": lambda place: disks.fill_disk(place, max(2, times // 10)),
        "read-only": disks.forbid_writing,
        "clock": disks.turn_back_clock,
    }
    with tempfile.TemporaryDirectory(prefix="clinev-faults-") as name:
        folder = Path(name)
        with environment(folder, told.spawn) as token:
            place = prepare(folder, token)
            asked = {name: run for name, run in faults.items() if name in (told.only or faults)}
            return run_faults(asked, place, told.json)


def run_faults(
    faults: dict[str, Callable[[Place], Counts | tuple[Counts, str]]], place: Place, as_json: bool
) -> int:
    """Run one fault after the other in one place; return whether there were problems."""
    problems = 0
    for name, run in faults.items():
        start = time.monotonic()
        found = run(place)
        counts, method = found if isinstance(found, tuple) else (found, "")
        problems += len(counts.problems)
        row = {
            "fault": name,
            "method": method,
            **counts.to_json(),
            "seconds": round(time.monotonic() - start),
        }
        if as_json:
            print(json.dumps(row), flush=True)
        else:
            print(
                f"{name:10} {counts.runs:4} runs  {counts.old:4} old  {counts.new:4} new  "
                f"{counts.refused:3} refused  {counts.resumed:4} documents kept  "
                f"{len(counts.problems):3} problems  {row['seconds']} s  {method}",
                flush=True,
            )
            for problem in counts.problems:
                print(f"  {problem}", flush=True)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
