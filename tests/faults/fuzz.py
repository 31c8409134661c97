"""Readers, grammars and all that reads untrusted text against bytes that were never meant for them.

    python -m tests.faults.fuzz --seconds 60                # all targets, mutation of our own seeds
    python -m tests.faults.fuzz --target jats --target ris --seconds 600
    python -m tests.faults.fuzz --least 100000 --seconds 2400    # only what has had fewer in all runs
    python -m tests.faults.fuzz --engine atheris --target pubmed-xml --runs 20000
    python -m tests.faults.fuzz --report                    # what all runs on this machine come to

With ``--engine atheris`` (coverage-guided, from PyPI, not among the requirements) libFuzzer chooses
the bytes, each target in a process of its own, until it has had so many runs or seconds of the wall;
``own`` mutates and splices the seeds without it. A target fails where anything but a
:class:`kg.errors.DocumentError` is raised, a promise is broken (:mod:`tests.faults.fuzz_targets`), or
one input takes longer than it may. Inputs that failed and the number of executions are kept in
``tests/faults/.corpus``, so that runs add up.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.faults.fuzz_targets import LIMIT, TOKENS, Target, targets

SECONDS = 5  # CPU time of one input
MEMORY = 3 << 30  # bytes of this process: what blows up fails
KEPT = Path(__file__).parent / ".corpus"
_NOTED = 10.0  # seconds of CPU time after which executions are noted
_EVERY = 100  # executions between two looks at the clock
_LONG = 400  # bytes; few inputs need more, and short ones are quick


def mutate(seeds: list[bytes], chance: random.Random) -> bytes:
    """Return a seed changed in a few places: bytes, tokens, repeats, cuts, splices."""
    data = bytearray(chance.choice(seeds))
    draw = chance.random
    for _ in range((1, 1, 2, 3, 5, 9)[int(draw() * 6)]):
        at = int(draw() * (len(data) + 1))
        match int(draw() * 8):
            case 0:
                data[at:at] = bytes([int(draw() * 256)])
            case 1 | 2:
                data[at:at] = TOKENS[int(draw() * len(TOKENS))]
            case 3:
                del data[at : at + (1, 1, 4, 20)[int(draw() * 4)]]
            case 4:
                piece = data[at : at + (1, 2, 5, 30)[int(draw() * 4)]]
                data[at:at] = (
                    piece
                    * (2, 3, 10 if draw() < 0.9 or len(data) > _LONG else 100)[int(draw() * 3)]
                )
            case 5:
                other = seeds[int(draw() * len(seeds))]
                data[at:] = other[int(draw() * (len(other) + 1)) :]
            case 6:
                other = seeds[int(draw() * len(seeds))]
                start = int(draw() * len(other))
                data[at:at] = other[start : start + 12]
            case _:
                if at < len(data):
                    data[at] ^= 1 << int(draw() * 8)
    return bytes(data[:LIMIT])


class OutOfTime(Exception):
    """An input took longer than it may."""


class Watch:
    """Counts the seconds of CPU time since the last input began; a timer of its own for each is slow."""

    def __init__(self) -> None:
        self.seconds = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look once a second whether the same input is still at work."""

        def look(number: int, frame: FrameType | None) -> None:
            self.seconds += 1
            if self.seconds > SECONDS:
                raise OutOfTime

        before = signal.signal(signal.SIGPROF, look)
        signal.setitimer(signal.ITIMER_PROF, 1.0, 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def run_own(
    name: str, seconds: float, seed: int, runs: int | None = None
) -> tuple[int, dict[str, bytes]]:
    """Fuzz one target by mutation for so many seconds of CPU time.

    Returns the number of executions, and for each kind of failure the input that showed it.
    """
    target = targets()[name]
    chance = random.Random(f"{name} {seed}")
    problems: dict[str, bytes] = {}
    done = 0
    watch = Watch()
    end = time.process_time() + seconds
    with watch.running():
        while runs is None or done < runs:
            if done % _EVERY == 0 and time.process_time() > end:
                break
            watch.seconds = 0
            data = mutate(target.seeds, chance)
            if (problem := attempt(target, data)) is not None:
                problems.setdefault(problem, data)
            done += 1
    return done, problems


def attempt(target: Target, data: bytes) -> str | None:
    """Give one input to a target; say what went wrong, and where."""
    try:
        target.work(data)
    except OutOfTime:
        return f"takes more than {SECONDS} s"
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        at = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        return f"{type(error).__name__} {at}"
    return None


def run_atheris(name: str, seconds: float, runs: int) -> None:
    """Fuzz one target with libFuzzer, which ends the process when it is done."""
    import atheris  # type: ignore[import-not-found]

    target = targets()[name]
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    words = ("".join(f"\\x{byte:02x}" for byte in token) for token in TOKENS)
    (KEPT / "dictionary").write_text("".join(f'"{word}"\n' for word in words))
    done = 0

    def work(data: bytes) -> None:
        nonlocal done
        done += 1
        if done % _EVERY == 0:
            note(f"{name} (atheris)", _EVERY, {})
        target.work(data)

    with atheris.instrument_imports(include=["kg.readers", "kg.numbers", "kg.reference"]):
        for seed in target.seeds:  # imports what the target needs
            target.work(seed)
    atheris.Setup(
        [sys.argv[0], str(folder), f"-max_total_time={seconds:.0f}", f"-runs={runs}", f"-dict={KEPT / 'dictionary'}",
         f"-artifact_prefix={KEPT / name}-", "-timeout=20", "-max_len=2000", "-rss_limit_mb=2048", "-verbosity=0"],
        work,
    )  # fmt: skip
    atheris.Fuzz()


def run_each(names: list[str], seconds: float, runs: int) -> list[str]:
    """Fuzz targets with libFuzzer one after the other; return those that failed."""
    command = [sys.executable, "-m", "tests.faults.fuzz", "--engine", "atheris"]
    told = ["--seconds", f"{seconds / len(names)}", "--runs", f"{runs}", "--target"]
    return [name for name in names if subprocess.run([*command, *told, name]).returncode]


def note(name: str, executions: int, problems: dict[str, bytes]) -> dict[str, Any]:
    """Add a run to what is kept: executions by target, inputs that failed. Return all of it."""
    KEPT.mkdir(exist_ok=True)
    with open(KEPT / "executions.json", "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        kept: dict[str, Any] = json.loads(file.read() or "{}")
        if executions:
            row = kept.setdefault(name, {"executions": 0, "runs": 0, "problems": []})
            row["executions"] += executions
            row["runs"] += 1
            row["problems"] = sorted({*row["problems"], *problems})
        file.truncate(0)
        file.write(json.dumps(kept, indent=1))
    for data in problems.values():
        (KEPT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
    return kept


def main() -> int:
    """Fuzz what was asked for and print a line each."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--target", action="append", default=[], choices=list(targets()))
    words.add_argument("--seconds", type=float, default=60.0, help="of CPU time, in all")
    words.add_argument(
        "--least", type=int, help="of executions of a target in all runs: then the next"
    )
    words.add_argument("--runs", type=int, default=-1, help="of a target, for atheris")
    words.add_argument("--engine", choices=("own", "atheris"), default="own")
    words.add_argument("--report", action="store_true", help="only print what is kept")
    told = words.parse_args()
    names = told.target or list(targets())
    if told.engine == "atheris" and len(names) == 1:
        run_atheris(names[0], told.seconds, told.runs)
    if told.engine == "atheris":
        failed = run_each(names, told.seconds, told.runs)
        print(f"failed: {', '.join(failed) or 'none'}", file=sys.stderr)
        return bool(failed)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.RLIM_INFINITY))
    bad, spare = 0, told.seconds
    for name in () if told.report else names:
        problems: dict[str, bytes] = {}
        done, left = 0, spare if told.least else told.seconds / len(names)
        while left > 0:  # what is done is noted often, for a run may be ended
            before = note(name, 0, {}).get(name, {"runs": 0, "executions": 0})
            if told.least and before["executions"] >= told.least:
                break
            # another run, other bytes
            executions, found = run_own(name, min(left, _NOTED), before["runs"])
            note(name, executions, found)
            done, problems, left = done + executions, {**found, **problems}, left - _NOTED
            spare -= _NOTED
        bad += len(problems)
        shown = {problem: repr(data[:300]) for problem, data in problems.items()}
        print(json.dumps({"target": name, "executions": done, "problems": shown}), flush=True)
    kept = note("", 0, {})
    total = sum(row["executions"] for row in kept.values())
    for name, row in sorted(kept.items()) if told.report else ():
        print(f"{name:24} {row['executions']:>12,} {len(row['problems'])} problems")
    print(f"{total:,} executions in all runs, {bad} problems in this one", file=sys.stderr)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
