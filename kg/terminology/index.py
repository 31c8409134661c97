"""Concept entries behind an index of their names: one format for the packaged and for full layers.

A file is an ``.npz`` archive of plain arrays (no pickle): the entries as lines of text, hashes of
their names' keys in sorted order, and the names by the three-letter pieces they are made of. Loading
reads arrays and parses nothing; an entry is parsed when it is asked for.

Similar names are those with the highest cosine of TF-IDF weighted character trigrams, computed
exactly (as scispaCy's candidate generator does approximately, Neumann et al. 2019).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.terminology.entry import ConceptEntry, TerminologyError
from kg.terminology.names import LOOSE_WORDS, bag_key, plain_key, short_key
from kg.terminology.trigrams import Trigrams

#: Changes whenever an older file can no longer be read.
FORMAT = 1
SUFFIX = ".npz"
#: From so many names on, the trigrams are stored too: computing them would take seconds.
_STORE_TRIGRAMS_FROM = 100_000
_ARRAYS = (
    "about", "text", "starts", "keys", "key_rows", "ids", "id_rows", "own", "aliases", "alias_starts",
    "alias_rows",
)  # fmt: skip

_SHORT, _PLAIN, _BAG = "s", "p", "b"


@dataclass(frozen=True, slots=True)
class NameHit:
    """An entry and how a name leads to it, 0 to 1.

    ``match`` is ``label``, ``name``, ``abbreviation``, ``words`` (the same words in another order) or
    ``similar`` (by trigrams).
    """

    entry: ConceptEntry
    match: str
    score: float
    name: str


class Terminology:
    """A set of concept entries that can be asked by id and by name.

    Made by :meth:`build` or :meth:`load`; never changed afterwards.

    Examples
    --------
    >>> from kg.terminology.entry import make_entry
    >>> rows = [make_entry("MESH:D001172", "Rheumatoid Arthritis", "disease", names=["RA"])]
    >>> terms = Terminology.build(rows, title="example")
    >>> [hit.entry.id for hit in terms.find("Arthritis, rheumatoid")]
    ['MESH:D001172']
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        about = json.loads(arrays["about"].tobytes().decode())
        self.title: str = about["title"]
        self.sources: dict[str, int] = about["sources"]
        self.digest: str = about["digest"]
        self._entry = lru_cache(maxsize=16384)(self._read_entry)

    @classmethod
    def build(cls, entries: Iterable[ConceptEntry], title: str) -> Terminology:
        """Index entries; of two with the same id the first counts.

        Parameters
        ----------
        entries
            In the order in which they are to be preferred where a name is shared.
        title
            What people call this terminology.
        """
        rows: dict[str, ConceptEntry] = {}
        for entry in entries:
            rows.setdefault(entry.id, entry)
        ordered = list(rows.values())
        lines = [entry.to_line().encode("utf-8", "replace") for entry in ordered]
        keys: dict[tuple[int, int], None] = {}
        ids: dict[tuple[int, int], bool] = {}
        aliases: dict[tuple[str, int], None] = {}
        sources: dict[str, int] = {}
        for row, entry in enumerate(ordered):
            sources[entry.source] = sources.get(entry.source, 0) + 1
            for curie in entry.curies:
                ids.setdefault((_hash("i", curie), row), curie == entry.id)
            for short in entry.abbreviations:
                keys[_hash(_SHORT, short_key(short)), row] = None
            for name in (entry.label, *entry.names):
                plain = plain_key(name)
                if not plain:
                    continue
                keys[_hash(_PLAIN, plain), row] = None
                if " " in plain:
                    keys[_hash(_BAG, bag_key(plain)), row] = None
                aliases[plain, row] = None
        text = b"\n".join(lines)
        about = {
            "format": FORMAT, "title": title, "sources": dict(sorted(sources.items())),
            "digest": hashlib.sha256(text).hexdigest(),
        }  # fmt: skip
        alias_text = [alias.encode("ascii", "replace") for alias, _ in aliases]
        key_list, id_list = sorted(keys), sorted(ids)
        return cls({
            "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
            "text": np.frombuffer(text, np.uint8),
            "starts": _starts(lines),
            "keys": np.array([key for key, _ in key_list], np.uint64),
            "key_rows": np.array([row for _, row in key_list], np.uint32),
            "ids": np.array([key for key, _ in id_list], np.uint64),
            "id_rows": np.array([row for _, row in id_list], np.uint32),
            "own": np.array([ids[item] for item in id_list], np.bool_),
            "aliases": np.frombuffer(b"\n".join(alias_text), np.uint8),
            "alias_starts": _starts(alias_text),
            "alias_rows": np.array([row for _, row in aliases], np.uint32),
        })  # fmt: skip

    @classmethod
    def load(cls, file: Path) -> Terminology:
        """Read what :meth:`save` wrote.

        Raises
        ------
        TerminologyError
            If `file` is missing, damaged, or of another format.
        """
        try:
            with np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            about = json.loads(arrays["about"].tobytes().decode())
        except FileNotFoundError:
            raise TerminologyError(f"{file}: there is no such terminology") from None
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise TerminologyError(
                f"{file}: no terminology of clinev, or damaged: {error}"
            ) from error
        missing = set(_ARRAYS) - set(arrays)
        if about.get("format") != FORMAT or missing:
            raise TerminologyError(
                f"{file}: format {about.get('format')}, {FORMAT} expected; make it again with kg terms add"
            )
        return cls(arrays)

    def save(self, file: Path) -> None:
        """Write the terminology to a file, which appears whole or not at all.

        Small ones are compressed, large ones stored plainly with their trigrams, to load fast.
        """
        large = len(self._arrays["alias_rows"]) >= _STORE_TRIGRAMS_FROM
        arrays = dict(self._arrays)
        if large:
            arrays |= self._trigrams.to_arrays()
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(file.name + ".part")
        with part.open("wb") as stream:
            (np.savez if large else np.savez_compressed)(stream, **arrays)
        part.replace(file)

    def __len__(self) -> int:
        return max(0, len(self._arrays["starts"]) - 1)

    def __iter__(self) -> Iterator[ConceptEntry]:
        """Yield all entries in their order, without keeping them."""
        return (self._read_entry(row) for row in range(len(self)))

    def get(self, curie: str) -> ConceptEntry | None:
        """Return the entry with this id, ``None`` if there is none."""
        return next((self._entry(row) for row, own in self._by_id(curie) if own), None)

    def by_curie(self, curie: str) -> list[ConceptEntry]:
        """Return the entries with this id or with this xref, the one whose own id it is first."""
        rows = sorted(self._by_id(curie), key=lambda item: (not item[1], item[0]))
        return [self._entry(row) for row, _ in rows]

    def find(self, name: str) -> list[NameHit]:
        """Return the entries that have this name, case, spelling, number and word order set aside.

        The strictest kind of match that an entry allows is given; the best entries come first.
        """
        plain = plain_key(name)
        keys = [(_SHORT, short_key(name))]
        if self.has_words(plain):
            keys += (_PLAIN, plain), (_BAG, bag_key(plain))
        found: dict[str, NameHit] = {}
        for level, key in keys:
            if not key or (level == _BAG and " " not in key):
                continue
            for row in self._rows(level, key):
                entry = self._entry(row)
                hit = _match(entry, level, key, name)
                if hit is not None and (entry.id not in found or found[entry.id].score < hit.score):
                    found[entry.id] = hit
        return sorted(found.values(), key=lambda hit: -hit.score)

    def similar(self, name: str, limit: int = 10, floor: float = 0.5) -> list[NameHit]:
        """Return entries with a name like this one, the most similar first.

        Parameters
        ----------
        limit
            The most entries to return.
        floor
            The least cosine, 0 to 1.
        """
        found: dict[int, NameHit] = {}
        for alias, cosine in self._trigrams.nearest(plain_key(name), 4 * limit, floor):
            row = int(self._arrays["alias_rows"][alias])
            if row not in found:
                found[row] = NameHit(self._entry(row), "similar", cosine, self._alias(alias))
            if len(found) == limit:
                break
        return list(found.values())

    def has_words(self, key: str) -> bool:
        """Tell whether every word of a plain key stands in some name; of a large terminology always true."""
        return self._words is None or self._words.issuperset(key.split())

    def may_vary(self, key: str) -> bool:
        """Tell whether a name may differ from a plain key in one word or by one letter or blank.

        False only if two neighbours of the key's words are so far from those of all names; of one word,
        and of a large terminology, always true.
        """
        words = key.split()
        if self._words is None or len(words) == 1:
            return True
        far = [
            at
            for at, (one, other) in enumerate(pairwise(words))
            if self._pairs.isdisjoint((f"{one} {other[0]}", f"{one[0]} {other}"))
        ]
        if not far:
            return True
        glued = ("".join(words[at : at + 2]) for at in (max(0, far[0] - 1), far[0]))
        return far[-1] - far[0] < 2 and not self._words.isdisjoint(glued)

    @cached_property
    def _words(self) -> frozenset[str] | None:
        """The words of all names, and those that a name may lack; ``None`` where they would be too many to keep."""
        if len(self._arrays["alias_rows"]) >= _STORE_TRIGRAMS_FROM:
            return None
        return LOOSE_WORDS.union(self._names_text().split())

    @cached_property
    def _pairs(self) -> frozenset[str]:
        """Each two neighbours in names, one of them by its first letter; so are those with a blank left out."""
        found: set[str] = set()
        for name in self._names_text().split("\n"):
            words = name.split()
            firsts = [word[0] for word in words]
            for ones, others in ((words, firsts[1:]), (firsts, words[1:]), (firsts, words[2:])):
                found.update(map("{} {}".format, ones, others))
        return frozenset(found)

    def _names_text(self) -> str:
        return str(self._arrays["aliases"].tobytes(), "ascii")

    def has(self, key: str) -> bool:
        """Tell whether any name has this plain key; cheaper than :meth:`find`."""
        return bool(self._rows(_PLAIN, key))

    def _by_id(self, curie: str) -> list[tuple[int, bool]]:
        low, high = _range(self._arrays["ids"], _hash("i", curie))
        rows, own = self._arrays["id_rows"][low:high], self._arrays["own"][low:high]
        pairs = [(int(row), bool(mine)) for row, mine in zip(rows, own, strict=True)]
        return [(row, mine) for row, mine in pairs if curie in self._entry(row).curies]

    def _rows(self, level: str, key: str) -> list[int]:
        low, high = _range(self._arrays["keys"], _hash(level, key))
        return [int(row) for row in self._arrays["key_rows"][low:high]]

    def _read_entry(self, row: int) -> ConceptEntry:
        starts = self._arrays["starts"]
        line = self._arrays["text"][starts[row] : starts[row + 1] - 1].tobytes()
        return ConceptEntry.from_line(line.decode("utf-8"))

    def _alias(self, alias: int) -> str:
        starts = self._arrays["alias_starts"]
        return str(
            self._arrays["aliases"][starts[alias] : starts[alias + 1] - 1].tobytes(), "ascii"
        )

    @cached_property
    def _trigrams(self) -> Trigrams:
        stored = Trigrams.from_arrays(self._arrays)
        if stored is not None:
            return stored
        return Trigrams.build(self._arrays["aliases"], self._arrays["alias_starts"])


def _match(entry: ConceptEntry, level: str, key: str, asked: str) -> NameHit | None:
    """Say how a key names an entry; ``None`` where two keys merely have the same hash.

    An entry's first names are its most usual ones, and a name spelled as asked counts a little more.
    """
    if level == _SHORT:
        short = next((name for name in entry.abbreviations if short_key(name) == key), None)
        return None if short is None else NameHit(entry, "abbreviation", 0.9, short)
    for place, name in enumerate((entry.label, *entry.names)):
        plain = plain_key(name)
        score = 1.0 if place == 0 else 0.98 - 0.0005 * min(place, 20)
        score -= (0.004 if place else 0.013) * (name.casefold() != asked.casefold())
        if level == _PLAIN and plain == key:
            return NameHit(entry, "name" if place else "label", score, name)
        if level == _BAG and bag_key(plain) == key:
            return NameHit(entry, "words", 0.94, name)
    return None


def _hash(level: str, key: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{level}{key}".encode(), digest_size=8).digest(), "big")


def _range(keys: NDArray[Any], key: int) -> tuple[int, int]:
    wanted = np.uint64(key)
    low = int(keys.searchsorted(wanted))
    if low == len(keys) or keys[low] != wanted:
        return low, low
    return low, int(keys.searchsorted(wanted, "right"))


def _starts(lines: list[bytes]) -> NDArray[np.uint32]:
    """Return where each line begins in the lines joined by line feeds, and the end plus one."""
    starts = np.zeros(len(lines) + 1, np.uint64)
    np.cumsum([len(line) + 1 for line in lines], out=starts[1:])
    return starts.astype(np.uint32)
