"""Wait for texts to change: which changes matter, gathered until nothing more comes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import BuildError
from kg.output import is_output

#: Milliseconds after which changes are told even if they go on.
_LONGEST_WAIT = 30_000


class Interest:
    """Which files matter: those under the watched paths that a build would look at.

    Hidden files, what editors leave beside a file they write, the output and its companions
    (``.OUT.building``, ``.OUT.pushed``) do not.

    Parameters
    ----------
    paths
        Files and folders that are built.
    out
        The output folder.
    """

    def __init__(self, paths: Sequence[Path], out: Path) -> None:
        self._files = {os.path.realpath(path) for path in paths if not path.is_dir()}
        self._folders = [Path(os.path.realpath(path)) for path in paths if path.is_dir()]
        self._out = Path(os.path.realpath(out))

    @property
    def roots(self) -> list[str]:
        """Folders to watch; a file is watched through its folder, for editors replace files."""
        parents = {str(Path(file).parent) for file in self._files}
        return sorted(parents | {str(folder) for folder in self._folders})

    def holds(self, changed: str) -> bool:
        """Whether a change of this file is worth a build."""
        if changed in self._files:
            return True
        path = Path(changed)
        if path == self._out or self._out in path.parents:
            return False
        for folder in self._folders:
            if folder in path.parents:
                parts = path.relative_to(folder).parts
                hidden = any(part.startswith(".") for part in parts)
                return not hidden and not parts[-1].endswith(("~", ".swp", ".tmp", ".part"))
        return False


def changes(
    interest: Interest, quiet_s: float = 1.0, stop: threading.Event | None = None
) -> Iterator[list[str]]:
    """Yield the files that changed, each time after `quiet_s` seconds without another change.

    The first list is empty and comes as soon as the folders are watched: what changes from then on,
    also while the caller works, is not lost, it comes next. Ends when `stop` is set.

    Raises
    ------
    BuildError
        If a folder cannot be watched.
    """
    import watchfiles

    step = max(1, int(quiet_s * 1000))
    begun = False
    try:
        for found in watchfiles.watch(
            *interest.roots,
            watch_filter=lambda change, path: interest.holds(path),
            step=step,
            debounce=max(_LONGEST_WAIT, step),
            rust_timeout=step,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
            ignore_permission_denied=True,
        ):
            if not begun:
                begun = True
                yield []
            paths = sorted({os.path.relpath(path) for _, path in found})
            # An output that appears inside a watched folder is a build's work, not a text.
            if texts := [path for path in paths if not is_output(Path(path).parent)]:
                yield texts
    except (OSError, RuntimeError) as error:
        raise BuildError(f"{', '.join(interest.roots)}: cannot be watched: {error}") from error
