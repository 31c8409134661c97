"""Put a build through every fault and count what came of it: ``make faults``.

python -m tests.faults                     # 200 kills, some minutes
python -m tests.faults --times 20 --only kill --only together
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
from tests.faults.kills import Counts  # noqa: E402


def main() -> int:
    """Run the faults that were asked for; print a row each, and every problem."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=200, help="kills; the others in proportion")
    words.add_argument("--only", action="append", default=[], help="one of the faults")
    words.add_argument("--seed", type=int, default=1, help="of the random moments")
    words.add_argument("--json", action="store_true")
    told = words.parse_args()
    times = told.times
    faults: dict[str, Callable[[Path], Counts | tuple[Counts, str]]] = {
        "kill": lambda folder: kills.kill_at_random(folder, times, told.seed),
        "touch": lambda folder: kills.kill_at_each_touch(folder, max(1, 300 // times)),
        "interrupt": lambda folder: kills.interrupt(folder, max(2, times // 4)),
        "together": lambda folder: kills.build_together(folder, max(1, times // 10)),
        "full": lambda folder: disks.fill_disk(folder, max(2, times // 10)),
        "read-only": disks.forbid_writing,
        "clock": disks.turn_back_clock,
    }
    problems = 0
    for name, run in faults.items():
        if told.only and name not in told.only:
            continue
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="clinev-faults-") as folder:
            found = run(Path(folder))
        counts, method = found if isinstance(found, tuple) else (found, "")
        problems += len(counts.problems)
        row = {
            "fault": name,
            "method": method,
            **counts.to_json(),
            "seconds": round(time.monotonic() - start),
        }
        if told.json:
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
