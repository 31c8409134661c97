"""Which terminologies ground: the packaged lexicon, a person's own concepts, and what ``--terms`` names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kg.terminology.entry import COLUMNS, ConceptEntry, TerminologyError
from kg.terminology.grounding import Grounder, Layer
from kg.terminology.index import FORMAT, SUFFIX, Terminology
from kg.terminology.merging import merge

#: The lexicon that every installation has.
PACKAGED = Path(__file__).resolve().parent / "data" / f"lexicon{SUFFIX}"

#: What a person's own concepts are called, for ``--terms`` and in the names of their indices.
_OWN = "own"
#: Linkers of others that can be asked.
LINKERS = ("umls",)
_MOST_OWN_BYTES = 5_000_000


@cache
def packaged() -> Terminology:
    """Return the packaged lexicon."""
    return Terminology.load(PACKAGED)


@cache
def load_grounder(layers: tuple[Path, ...] = (), linker: str | None = None) -> Grounder:
    """Return what grounds with the packaged lexicon and compiled layers, one a process.

    Parameters
    ----------
    layers
        Files that :func:`compile_layers` returned.
    linker
        ``"umls"`` to ask scispaCy's UMLS linker for what no layer has.

    Raises
    ------
    TerminologyError
        If a file cannot be read, or scispaCy's files are not there.
    """
    loaded = [(file.name.startswith(_OWN), Terminology.load(file)) for file in layers]
    own = [terms for is_own, terms in loaded if is_own]
    found: list[Layer] = [*own, packaged(), *(terms for is_own, terms in loaded if not is_own)]
    if linker is not None:
        check_linker(linker)
        from kg.terminology.umls import load_umls

        found.append(load_umls())
    return Grounder(found)


def check_linker(linker: str) -> None:
    """Refuse a linker that there is not.

    Raises
    ------
    TerminologyError
        If `linker` is no name of one.
    """
    if linker not in LINKERS:
        raise TerminologyError(f"no linker is called {linker!r}; there is {', '.join(LINKERS)}")


def compile_layers(names: Sequence[str], folder: Path | None = None) -> tuple[Path, ...]:
    """Return index files for terminologies, made where they are missing or older than their sources.

    Parameters
    ----------
    names
        Files in any format that :func:`kg.terminology.sources.read_terms` reads, names of terminologies
        that ``kg terms fetch`` fetched, and ``own`` for what ``kg terms add`` added. What several of them
        say of one concept is one entry.
    folder
        Where indices are kept; by default beside what was fetched.

    Raises
    ------
    TerminologyError
        If one is missing or cannot be read.
    """
    if not names:
        return ()
    paths = dict.fromkeys(path for name in names for path in _sources_of(name))
    own = [path for path in paths if _is_own(path)]
    full = [path for path in paths if not _is_own(path)]
    folder = folder or _folder() / "index"
    return tuple(
        _compile(sources, folder, prefix)
        for sources, prefix in ((own, _OWN), (full, "full"))
        if sources
    )


def own_file() -> Path:
    """Return the table of a person's own concepts, whether or not it is there."""
    return _folder() / "own.tsv"


def own_identifier(label: str) -> str:
    """Return an id for a concept of a person's own.

    >>> own_identifier("Oslo sun score")
    'own:oslo-sun-score'
    """
    return "own:" + re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")


def add_entry(entry: ConceptEntry, file: Path) -> bool:
    """Add an entry to a table of concepts, in the place of one with its id; return whether there was one."""
    known = {item.id: item for item in read_entries([file])} if file.exists() else {}
    replaced = entry.id in known
    known[entry.id] = entry
    lines = ["\t".join(COLUMNS), *(item.to_line() for item in known.values())]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(file)
    return replaced


def read_entries(files: Sequence[Path]) -> list[ConceptEntry]:
    """Read tables and other files of concepts."""
    from kg.terminology.sources import read_all

    return list(read_all(files))


def read_sources(names: Sequence[str]) -> Terminology:
    """Return terminologies as their vocabularies have them, one row an id."""
    paths = dict.fromkeys(path for name in names for path in _sources_of(name))
    return Terminology.build(read_entries(list(paths)), ", ".join(path.name for path in paths))


def _folder() -> Path:
    from kg.terminology.fetch import terminology_folder

    return terminology_folder()


def _sources_of(name: str) -> tuple[Path, ...]:
    path = Path(name)
    if path.exists():
        return (path,)
    if name == _OWN:
        if not own_file().exists():
            raise TerminologyError(f"{own_file()}: nothing was added yet; kg terms add adds to it")
        return (own_file(),)
    if path.suffix or "/" in name:
        raise TerminologyError(f"{name}: there is no such file")
    from kg.terminology.fetch import find_fetched

    return find_fetched(name)


def _compile(sources: Sequence[Path], folder: Path, prefix: str) -> Path:
    """Return the index of source files, kept under a hash of their content."""
    from kg.terminology.sources import content_hash, read_all

    key = hashlib.sha256(f"{FORMAT} {content_hash(sources)}".encode()).hexdigest()[:24]
    file = folder / f"{prefix}-{key}{SUFFIX}"
    if not file.exists():
        title = ", ".join(path.name for path in sources)
        Terminology.build(merge(read_all(sources)), title).save(file)
    return file


def _is_own(path: Path) -> bool:
    """Tell whether a file is a table that somebody wrote for a build: short and in our columns."""
    if path.stat().st_size > _MOST_OWN_BYTES or path.suffix != ".tsv":
        return False
    with path.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline().rstrip("\r\n").split("\t")[: len(COLUMNS)] == list(COLUMNS)
