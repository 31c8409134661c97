"""What one concept of a terminology is: the row that every source is read into.

A source (OBO, SKOS, SSSOM, a table …) yields :class:`ConceptEntry` objects, best through
:func:`make_entry`, which sorts short forms from names; :class:`kg.terminology.index.Terminology`
indexes them, whatever they came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from kg.errors import KgError

Kind = Literal[
    "chemical",  # drugs, nutrients, foods, analytes
    "disease",
    "symptom",  # symptoms, signs, phenotypic abnormalities
    "measurement",  # what is measured of a person: laboratory, vital signs, events, times to events
    "instrument",  # scales, scores, questionnaires, response criteria
    "action",  # procedures, therapies, diets, exercise, devices
    "route",  # routes of administration
    "population",  # groups of people
    "other",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Columns of a concept table as text: one line an entry, the lists joined by ``|``.
COLUMNS = ("id", "label", "kind", "names", "abbreviations", "xrefs", "broader", "source")

_CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:[A-Za-z0-9][A-Za-z0-9_./-]*")
_SPACES = re.compile(r"[\s|]+")


class TerminologyError(KgError):
    """A terminology cannot be read, found or written; the text names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """A concept and what it is called.

    Parameters
    ----------
    id
        CURIE in its vocabulary's own spelling: ``MESH:D014807``, ``DOID:8398``, ``EFO:0004458``.
        Concepts that no vocabulary names are ours: ``CLINEV:acr20``.
    label
        The preferred name.
    kind
        One of :data:`KINDS`.
    names
        Further names, in any letter case; without the label.
    abbreviations
        Short forms, which count in their printed letter case only: ``RA``, ``HbA1c``.
    xrefs
        CURIEs of the same concept in other vocabularies.
    broader
        CURIEs of the directly broader concepts.
    source
        Vocabulary and release, for people: ``MeSH 2024``.
    """

    id: str
    label: str
    kind: Kind = "other"
    names: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    source: str = ""

    @property
    def curies(self) -> tuple[str, ...]:
        """The concept's own id and those of other vocabularies."""
        return (self.id, *self.xrefs)

    def to_line(self) -> str:
        """Return the entry as a line of a table with :data:`COLUMNS`."""
        cells = (
            self.id, self.label, self.kind, "|".join(self.names), "|".join(self.abbreviations),
            "|".join(self.xrefs), "|".join(self.broader), self.source,
        )  # fmt: skip
        return "\t".join(cells)

    @classmethod
    def from_line(cls, line: str) -> ConceptEntry:
        """Read a line that :meth:`to_line` wrote.

        Raises
        ------
        ValueError
            If the line has other columns.
        """
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            raise ValueError(f"{len(cells)} columns, {len(COLUMNS)} expected")
        names, abbreviations, xrefs, broader = (
            tuple(cell.split("|")) if cell else () for cell in cells[3:7]
        )
        kind: Kind = cells[2] if cells[2] in KINDS else "other"
        return cls(cells[0], cells[1], kind, names, abbreviations, xrefs, broader, cells[7])


def make_entry(
    id: str,
    label: str,
    kind: Kind = "other",
    *,
    names: Iterable[str] = (),
    abbreviations: Iterable[str] = (),
    xrefs: Iterable[str] = (),
    broader: Iterable[str] = (),
    source: str = "",
) -> ConceptEntry:
    """Return an entry from what a source says: white space folded, repeats out, short forms sorted.

    Among `names`, those that look like short forms (``RA``, ``HbA1c``) become abbreviations.

    Raises
    ------
    ValueError
        If `id` is no CURIE or `label` is empty.

    Examples
    --------
    >>> make_entry("DOID:7148", "rheumatoid arthritis", "disease", names=["RA", "RhA disease"])
    ConceptEntry(id='DOID:7148', label='rheumatoid arthritis', kind='disease', names=('RhA disease',),
                 abbreviations=('RA',), xrefs=(), broader=(), source='')
    """
    label = _clean(label)
    if not _CURIE.fullmatch(id):
        raise ValueError(f"{id!r} is no CURIE (prefix:identifier)")
    if not label:
        raise ValueError(f"{id} has no label")
    short = dict.fromkeys(filter(None, map(_clean, abbreviations)))
    long: dict[str, None] = {}
    for name in filter(None, map(_clean, names)):
        (short if is_short_form(name) else long)[name] = None
    if is_short_form(label):
        short[label] = None
    long.pop(label, None)
    return ConceptEntry(
        id, label, kind, tuple(long), tuple(short), _curies(xrefs, id), _curies(broader, id),
        _clean(source),
    )  # fmt: skip


def is_short_form(name: str) -> bool:
    """Tell whether a name is written as a short form and counts in its printed letter case only.

    Examples
    --------
    >>> [is_short_form(name) for name in ("RA", "HbA1c", "25(OH)D", "DAS28", "pain", "Zinc", "AIDS")]
    [True, True, True, True, False, False, True]
    """
    if " " in name or len(name) > 12:
        return False
    letters = [character for character in name if character.isalpha()]
    if not letters:
        return False
    capitals = sum(character.isupper() for character in letters)
    if len(letters) <= 2 or (capitals == len(letters) and len(letters) <= 7):
        return True
    return capitals >= 2 and len(name) <= 8


def _clean(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _curies(curies: Iterable[str], own: str) -> tuple[str, ...]:
    found = dict.fromkeys(curie.strip() for curie in curies)
    found.pop(own, None)
    return tuple(curie for curie in found if _CURIE.fullmatch(curie))
