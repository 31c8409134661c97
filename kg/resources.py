"""Where the files that ship beside the code lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent


def find_resources(name: Literal["queries", "schemas"]) -> Path:
    """Return the folder of packaged queries or schemas.

    A wheel carries them as ``kg/_data/<name>`` (see ``force-include`` in ``pyproject.toml``); in a
    checkout they lie beside the package, where people look for them.

    Raises
    ------
    FileNotFoundError
        If neither is there: the installation is damaged.
    """
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the packaged folder {name!r} is missing: install clinev again")
