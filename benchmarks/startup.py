"""How much ``kg --help`` costs beside importing typer, measured side by side in one run.

    python -m benchmarks.startup [--write]

Prints the ratio of the two medians; exits with 1 if it is above the limit. ``--write`` puts the line
into docs/performance.md.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from benchmarks.report import REPOSITORY, put

LIMIT = 3.0
ROUNDS = 15


def measure(arguments: list[str]) -> float:
    """Return the wall time of one run of Python, in seconds."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=environment
    )
    return time.perf_counter() - start


def main() -> int:
    """Measure in turn, so that whatever else the machine does falls on both."""
    bare = ["-c", "import typer"]
    whole = ["-c", "import sys; sys.argv = ['kg', '--help']; from kg.cli import main; main()"]
    measure(bare), measure(whole)  # fill the caches
    times = [(measure(bare), measure(whole)) for _ in range(ROUNDS)]
    base = statistics.median(pair[0] for pair in times)
    ours = statistics.median(pair[1] for pair in times)
    ratio = ours / base
    said = f"kg --help / import typer: {ratio:.2f} ({ours * 1e3:.0f} ms / {base * 1e3:.0f} ms), limit {LIMIT}"
    print(said)
    if "--write" in sys.argv:
        put(REPOSITORY / "docs" / "performance.md", "startup", said)
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
