"""Builds onto a disk that is full, or may not be written, and with a clock that goes back.

A small tmpfs is mounted in a namespace of its own where that is allowed (root in most containers);
elsewhere the kernel's limit on the size of one file (``RLIMIT_FSIZE``) stands in for a full disk and
permissions for a read-only one. Which was used is in the counts.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.harness import (
    REFUSED,
    Lost,
    finish,
    fork,
    left_behind,
    name_state,
    read_state,
    run_build,
    wait,
    write_corpus,
)
from tests.faults.kills import Counts, Place, repair

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEW_MOUNTS, _PRIVATE, _RECURSIVE, _READ_ONLY, _REMOUNT = 0x20000, 1 << 18, 1 << 14, 1, 32


def can_mount() -> bool:
    """Whether a process may have mounts of its own."""

    def try_it() -> None:
        if not _own_mounts():
            raise OSError("no mounts of our own")

    return wait(fork(try_it, Path(os.devnull))) == 0


def _own_mounts() -> bool:
    none = ctypes.c_char_p(None)
    return (
        _LIBC.unshare(_NEW_MOUNTS) == 0
        and _LIBC.mount(b"none", b"/", none, ctypes.c_ulong(_PRIVATE | _RECURSIVE), none) == 0
    )


def _mount(folder: Path, flags: int, options: str) -> None:
    place, data = str(folder).encode(), options.encode()
    if _LIBC.mount(b"none", place, b"tmpfs", ctypes.c_ulong(flags), ctypes.c_char_p(data)):
        raise OSError(ctypes.get_errno(), "cannot mount", str(folder))


def fill_disk(place: Place, steps: int = 12) -> tuple[Counts, str]:
    """Build with less room than is needed: a little more each time, until a build fits.

    Returns the counts and the method: ``tmpfs`` or ``RLIMIT_FSIZE``.
    """
    counts, on_tmpfs = Counts(), can_mount()
    size = sum(p.stat().st_size for p in place.out.rglob("*") if p.is_file())
    largest = max(p.stat().st_size for p in place.out.rglob("*") if p.is_file())
    for step in range(steps):
        share = (step + 0.5) / steps
        place.change()
        if on_tmpfs:
            work = _on_small_disk(place, int(size * (1 + 2.6 * share)))
        else:
            work = _with_small_files(place, int(largest * 1.2 * share))
        _judge(place, counts, wait(fork(work, place.errors)))
    return counts, "tmpfs" if on_tmpfs else "RLIMIT_FSIZE"


def _on_small_disk(place: Place, size: int) -> Callable[[], None]:
    """Return work that copies the output to a disk of that size and builds there, then copies back."""

    def work() -> None:
        disk = place.folder / "corpus-disk"
        disk.mkdir(exist_ok=True)
        _own_mounts()
        _mount(disk, 0, f"size={size + 65536}")
        shutil.copytree(place.out, disk / "out")
        os.environ["TMPDIR"] = str(disk)
        try:
            run_build(place.corpus, disk / "out")
        finally:
            # what is on the disk now takes the place of the output, for the next build to go on from
            shutil.rmtree(place.out)
            for found in disk.iterdir():
                if found.is_dir():
                    shutil.copytree(found, place.folder / found.name, dirs_exist_ok=True)

    return work


def _with_small_files(place: Place, size: int) -> Callable[[], None]:
    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(size, 512), resource.RLIM_INFINITY))
        run_build(place.corpus, place.out)

    return work


def _judge(
    place: Place, counts: Counts, code: int, remedies: tuple[str, ...] = ("space", "large")
) -> None:
    said = place.errors.read_text()
    counts.runs += 1
    try:
        if code == REFUSED:
            counts.refused += 1
            if str(place.out.name) not in said or not any(
                word in said.lower() for word in remedies
            ):
                raise Lost(f"says neither where nor what: {said[-300:]}")
        elif code:
            raise Lost(f"ended with {code}: {said[-400:]}")
        counts.ended += code == 0
        place.check(counts)
    except Lost as error:
        counts.problems.append(str(error))
        repair(place)


def forbid_writing(place: Place) -> tuple[Counts, str]:
    """Build into a folder that may not be written: an old output, none yet, an output that is a mount."""
    counts, on_tmpfs = Counts(), can_mount()
    if not on_tmpfs and os.geteuid() == 0:
        return counts, "none: root writes everywhere and may not mount here"
    before = read_state(place.out)
    for name in ("out", "fresh"):
        place.change()
        _judge_read_only(place, counts, _read_only(place, name, on_tmpfs))
    if on_tmpfs:
        _judge_read_only(place, counts, _mounted_output(place))
    for kept in place.folder.glob(".corpus-*"):  # what a refused build had read, for the next
        shutil.rmtree(kept)
    if read_state(place.out) != before:
        counts.problems.append("the old output changed")
    finish(place.corpus, place.out, place.errors)
    return counts, "tmpfs" if on_tmpfs else "permissions"


def _read_only(place: Place, name: str, on_tmpfs: bool) -> Callable[[], None]:
    def work() -> None:
        disk = place.folder / "corpus-disk"
        disk.mkdir(exist_ok=True)
        if on_tmpfs:
            _own_mounts()
            _mount(disk, 0, "size=50m")
        if name == "out" and not (disk / name).exists():
            shutil.copytree(place.out, disk / name)
        if on_tmpfs:
            _mount(disk, _REMOUNT | _READ_ONLY, "size=50m")
        else:
            disk.chmod(0o555)
        try:
            run_build(place.corpus, disk / name)
        finally:
            if not on_tmpfs:
                disk.chmod(0o755)

    return work


def _mounted_output(place: Place) -> Callable[[], None]:
    """Return work whose output folder is itself a mount, as a volume of a container is."""

    def work() -> None:
        disk = place.folder / "corpus-volume"
        disk.mkdir(exist_ok=True)
        _own_mounts()
        _mount(disk, 0, "size=50m")
        run_build(place.corpus, disk)

    return work


def _judge_read_only(place: Place, counts: Counts, work: Callable[[], None]) -> None:
    code = wait(fork(work, place.errors))
    said = place.errors.read_text()
    counts.runs += 1
    if code == 0:
        counts.ended += 1
    elif code == REFUSED and "cannot be" in said and "corpus-" in said:
        counts.refused += 1
    else:
        counts.problems.append(f"ended with {code}: {said[-400:]}")


def turn_back_clock(place: Place) -> Counts:
    """Build after the clock went back: everything on disk is from the future, or all of one moment."""
    counts = Counts()
    for moment in (4_102_444_800, 0, 1_000_000_000):  # 2100, 1970, 2001
        for name in ("corpus", "out"):
            for path in (place.folder / name).rglob("*"):
                os.utime(path, (moment, moment))
        sizes = {p.name: p.stat().st_size for p in place.corpus.iterdir()}
        place.change()
        changed = 0
        for path in place.corpus.iterdir():  # the same size at the same moment, another text
            os.utime(path, (moment, moment))
            changed += path.stat().st_size == sizes.get(path.name)
        assert changed
        counts.runs += 1
        try:
            code = wait(fork(lambda: _build_in_the_past(place), place.errors))
            if code:
                raise Lost(f"ended with {code}: {place.errors.read_text()[-400:]}")
            counts.ended += 1
            if name_state(read_state(place.out), place.states) != place.state:
                raise Lost("a change was not seen")
            if left := left_behind(place.folder):
                raise Lost(f"left behind: {left}")
        except Lost as error:
            counts.problems.append(f"files from {moment}: {error}")
    write_corpus(place.corpus, place.state)
    finish(place.corpus, place.out, place.errors)
    return counts


def _build_in_the_past(place: Place) -> None:
    """Build while every look at the clock is an hour before the last."""
    now = [1_500_000_000.0]

    def tick(*_: Any) -> float:
        now[0] -= 3600
        return now[0]

    with mock.patch("time.time", tick):
        run_build(place.corpus, place.out)
