"""Builds that are killed, interrupted, or run beside another: what the output is then.

After each the output must be the old one or the new one, whole; the next build must end with the
bytes of a fresh one; what was read before is not read again; nothing may stay behind.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.build import BuildOptions, Progress, build
from tests.faults.harness import (
    FACTORY,
    REFUSED,
    Lost,
    State,
    expected_states,
    finish,
    fork,
    left_behind,
    name_state,
    read_state,
    run_build,
    wait,
    wait_for_orphans,
    write_corpus,
)


@dataclass
class Counts:
    """What was seen."""

    runs: int = 0
    old: int = 0  # the output was the old one
    new: int = 0  # the output was the new one
    ended: int = 0  # builds that ended before the blow
    resumed: int = 0  # documents that the next build did not have to read again
    refused: int = 0
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class Place:
    """A folder with a corpus and an output in a known state."""

    folder: Path
    states: list[State]
    token: str
    state: int = 0
    seconds: float = 0.0

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def errors(self) -> Path:
        return self.folder / "errors"

    def change(self) -> int:
        """Bring the corpus into its other state; return the state that a build then gives."""
        self.state = 1 - self.state
        write_corpus(self.corpus, self.state)
        return self.state

    def check(self, counts: Counts) -> None:
        """Judge the output after a blow, then let the next build finish it, and judge again."""
        found = name_state(read_state(self.out), self.states)
        counts.new += found == self.state
        counts.old += found != self.state
        counts.resumed += count_journalled(self.folder)
        finish(self.corpus, self.out, self.errors)
        if name_state(read_state(self.out), self.states) != self.state:
            raise Lost("the next build did not give the bytes of a fresh one")
        if left := left_behind(self.folder):
            raise Lost(f"left behind: {left}")
        if left := wait_for_orphans(self.token):
            raise Lost(f"{len(left)} worker processes stayed behind")


def count_journalled(folder: Path) -> int:
    """Return how many documents a killed build had done."""
    names = (p for p in folder.rglob("*journal*") if p.is_file())
    return sum(path.read_bytes().count(b'"record_sha256"') for path in names)


def prepare(folder: Path, token: str) -> Place:
    """Build the corpus once in each state, and the output in the second."""
    states = expected_states(folder)
    place = Place(folder, states, token)
    write_corpus(place.corpus, 0)
    finish(place.corpus, place.out, place.errors)
    place.change()
    start = time.monotonic()
    finish(place.corpus, place.out, place.errors)
    place.seconds = time.monotonic() - start
    return place


def kill_at_random(place: Place, times: int, seed: int = 1) -> Counts:
    """Kill -9 at moments spread evenly over the time that a build takes."""
    counts, chance = Counts(), random.Random(seed)
    for number in range(times):
        place.change()
        moment = place.seconds * 1.1 * (number + chance.random()) / times
        child = fork(lambda: run_build(place.corpus, place.out), place.errors)
        _blow(place, counts, child, moment, [signal.SIGKILL])
    return counts


def interrupt(place: Place, times: int, seed: int = 2) -> Counts:
    """Ctrl-C at random moments, every third time twice in a row; a closed terminal, a polite end."""
    counts, chance = Counts(), random.Random(seed)
    for number in range(times):
        place.change()
        moment = place.seconds * 1.1 * (number + chance.random()) / times
        signals = [signal.SIGINT] if number % 3 else [signal.SIGINT, signal.SIGINT]
        if number % 5 == 4:
            signals = [chance.choice([signal.SIGTERM, signal.SIGHUP])]
        child = fork(lambda: run_build(place.corpus, place.out), place.errors)
        _blow(place, counts, child, moment, signals)
    return counts


def _blow(
    place: Place, counts: Counts, child: int, moment: float, signals: list[signal.Signals]
) -> None:
    time.sleep(moment)
    for number in signals:
        os.kill(child, number)  # a child that has ended is a zombie until it is waited for
        time.sleep(0.003)
    code = wait(child)
    counts.runs += 1
    counts.ended += code == 0
    try:
        if code not in (0, 130) and code not in {-s for s in signals}:
            raise Lost(f"ended with {code}: {place.errors.read_text()[-500:]}")
        place.check(counts)
    except Lost as error:
        counts.problems.append(f"after {moment:.3f} s: {error}")
        repair(place)


def repair(place: Place) -> None:
    """Start from a whole output again after a loss, so that one fault is counted once."""
    for path in place.folder.iterdir():
        if path.name.startswith((".out", "out")):
            shutil.rmtree(path, ignore_errors=True)
    wait_for_orphans(place.token, 0)
    finish(place.corpus, place.out, place.errors)


def cut_journal(place: Place, times: int, seed: int = 4) -> Counts:
    """Stop a build when all is read, and cut what it has noted: what a lost power or full disk leaves."""
    counts, chance = Counts(), random.Random(seed)
    for number in range(times):
        place.change()
        code = wait(fork(lambda: _read_and_stop(place), place.errors))
        counts.runs += 1
        try:
            if code != 130:
                raise Lost(f"ended with {code}: {place.errors.read_text()[-500:]}")
            [journal] = (p for p in place.folder.rglob("*journal*") if p.is_file())
            size = journal.stat().st_size
            # first within the triples of the last record, then anywhere
            os.truncate(journal, size - 5 if not number else chance.randrange(size))
            place.check(counts)
        except Lost as error:
            counts.problems.append(f"cut {number}: {error}")
            repair(place)
    return counts


def _read_and_stop(place: Place) -> None:
    """Build until the last document is read."""

    def stop(progress: Progress) -> None:
        if progress.done == progress.total:
            raise KeyboardInterrupt

    build([place.corpus], place.out, BuildOptions(jobs=1), factory=FACTORY, on_progress=stop)


#: Events of the interpreter that touch files (PEP 578); a kill comes before each in turn.
_TOUCHES = frozenset({
    "open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "shutil.rmtree", "shutil.move", "fcntl.flock", "ctypes.call_function", "subprocess.Popen",
    "os.scandir", "os.listdir",
})  # fmt: skip


def kill_at_each_touch(place: Place, every: int = 1) -> Counts:
    """Kill -9 before each operation on files, one after the other, until a build gets through.

    Random moments seldom hit the microseconds in which folders change places; this does.
    """
    counts = Counts()
    at = 1
    while True:
        place.change()

        def work(at: int = at) -> None:
            seen = 0

            def watch(event: str, _: tuple[Any, ...]) -> None:
                nonlocal seen
                if event in _TOUCHES:
                    seen += 1
                    if seen == at:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(watch)
            run_build(place.corpus, place.out)

        code = wait(fork(work, place.errors))
        counts.runs += 1
        try:
            if code not in (0, -signal.SIGKILL):
                raise Lost(f"ended with {code}: {place.errors.read_text()[-500:]}")
            place.check(counts)
        except Lost as error:
            counts.problems.append(f"before operation {at}: {error}")
            repair(place)
        if code == 0:
            counts.ended += 1
            return counts
        at += every


def build_together(place: Place, rounds: int, builders: int = 3, seed: int = 3) -> Counts:
    """Start several builds into one output at once; each does all or refuses with a message."""
    counts, chance = Counts(), random.Random(seed)
    for number in range(rounds):
        place.change()
        # together, or one when another is about to end
        gap = 0.0 if number % 2 else place.seconds * chance.uniform(0.7, 1.1) / (builders - 1)
        children = []
        for index in range(builders):
            errors = place.folder / f"errors-{index}"
            children.append(fork(lambda: run_build(place.corpus, place.out), errors))
            time.sleep(gap)
        codes = [wait(child) for child in children]
        counts.runs += builders
        try:
            for index, code in enumerate(codes):
                said = (place.folder / f"errors-{index}").read_text()
                if code == REFUSED and "another kg build" in said:
                    counts.refused += 1
                elif code:
                    raise Lost(f"ended with {code}: {said[-600:]}")
            if all(codes):
                raise Lost("none of the builds did its work")
            place.check(counts)
        except Lost as error:
            counts.problems.append(f"round {number}: {error}")
            repair(place)
    return counts
