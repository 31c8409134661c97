"""From counts and rows written by hand to the packaged lexicon, every id taken from the tables.

A name found in texts leads to an id when a vocabulary has that name; of several concepts with the same
name the one whose label it is counts, then the kinds and vocabularies that evidence texts mean most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.terminology.entry import ConceptEntry, Kind, is_short_form
from kg.terminology.index import NameHit, Terminology
from kg.terminology.merging import PREFERENCE, preference, prefix_of
from kg.terminology.names import bag_key, plain_key, short_key
from kg.terminology.verify import WRONG, verify

HERE = Path(__file__).resolve().parent
LEXICON = HERE / "lexicon.tsv"
PACKAGED = HERE.parents[1] / "kg" / "terminology" / "data" / "lexicon.npz"
SOURCE = "clinev lexicon"

HAND: dict[str, Kind] = {
    "instruments": "instrument", "outcomes": "measurement", "substances": "chemical",
    "conditions": "disease", "symptoms": "symptom", "actions": "action", "routes": "route",
    "populations": "population",
}  # fmt: skip
#: Kinds of a vocabulary's row that a row of ours may be, the likeliest first.
_SAME: dict[Kind, tuple[Kind, ...]] = {
    "instrument": ("instrument", "measurement"),
    "measurement": ("measurement", "instrument", "disease", "symptom", "action"),
    "chemical": ("chemical", "action", "measurement"), "disease": ("disease", "symptom", "measurement"),
    "symptom": ("symptom", "disease", "measurement"), "action": ("action", "chemical", "measurement"),
    "route": ("route",), "population": ("population",), "other": (),
}  # fmt: skip
_ORDER: tuple[Kind, ...] = ("disease", "chemical", "symptom", "measurement", "instrument", "action")
_ANALYTE = re.compile(
    r"^(?:serum|plasma|blood|total|urinary)\s+|\s+(?:level|concentration)s?$", re.I
)
_MATCH = {"label": 0, "name": 1}
_LEAST_DOCUMENTS = 3
_CURIE = re.compile(r"[A-Z]{2,12}:[A-Za-z0-9-]+")


@dataclass
class Row:
    """A concept of the lexicon while it is made."""

    id: str
    label: str
    kind: Kind
    names: dict[str, str] = field(default_factory=dict)  # plain key → name
    short: dict[str, None] = field(default_factory=dict)
    xrefs: dict[str, None] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    documents: int = 0

    def add(self, name: str) -> None:
        """Add a name."""
        if name != self.label:
            self.names.setdefault(plain_key(name), name)

    def entry(self) -> ConceptEntry:
        """Return the finished entry."""
        own = plain_key(self.label)
        names = tuple(name for key, name in self.names.items() if key != own)
        return ConceptEntry(self.id, self.label, self.kind, names, tuple(self.short),
                            tuple(self.xrefs), self.broader, SOURCE)  # fmt: skip


class Lexicon:
    """Collects rows; each id and each name of a kind once."""

    def __init__(self, full: Terminology) -> None:
        self.full = full
        self.rows: dict[str, Row] = {}
        self.owner: dict[str, str] = {}  # plain key → id of the row that has the name
        self.short: set[str] = set()  # short forms of rows written by hand, in lower case
        self.notes: list[str] = []

    def add_hand(self) -> None:
        """Add the rows written by hand."""
        for name, kind in HAND.items():
            for line in _lines(HERE / f"{name}.txt"):
                cells = [cell.strip() for cell in line.split("|")]
                given = cells.pop() if _CURIE.fullmatch(cells[-1]) else None
                short = [cell[1:] for cell in cells if cell.startswith("=")]
                wider = tuple(cell[1:] for cell in cells if cell.startswith("<"))
                long = [cell for cell in cells if not cell.startswith(("=", "<"))]
                self._hand(kind, long, short, given, wider)

    def _hand(
        self,
        kind: Kind,
        names: list[str],
        short: list[str],
        given: str | None,
        wider: tuple[str, ...],
    ) -> None:
        known = self.full.get(given) if given else self._resolve(kind, names)
        if given and known is None:
            known = next(iter(self.full.by_curie(given)), None)
        xrefs: dict[str, None] = {}
        if known is None:
            row = Row(given or own_id(names[0]), names[0], kind, broader=wider)
        else:
            row = self.rows.get(known.id) or Row(known.id, names[0], self._kind(kind, known))
            row.broader = known.broader
            xrefs |= dict.fromkeys(trusted(known.xrefs))
        if kind == "measurement":
            xrefs |= dict.fromkeys(self._analyte(names, row.id))
        if known is None and xrefs and not given and _ANALYTE.search(names[0]) is None:
            row.id = next(iter(xrefs))  # nothing but the substance has an id
            row = self.rows.get(row.id) or row
        xrefs.pop(row.id, None)
        row.xrefs |= xrefs
        if row.id in self.rows:
            self.notes.append(f"{row.id}: {row.label} takes in {names[0]}")
        self.rows[row.id] = row
        for name in names:
            row.add(name)
            self.owner.setdefault(plain_key(name), row.id)
            if known is not None and not given and name == names[0] and plain_key(name) not in {
                plain_key(item) for item in (known.label, *known.names)
            }:  # fmt: skip
                self.notes.append(f"{known.id}: {known.label} for {name}")
            if is_short_form(name):
                row.short[name] = None
        row.short |= dict.fromkeys(short)
        self.short |= {short_key(form).lower() for form in (*short, *filter(is_short_form, names))}
        if known is not None and not {plain_key(item) for item in (known.label, *known.names)} & {
            plain_key(item) for item in names
        }:
            row.add(known.label)  # the name by which the id can be checked
            self.notes.append(f"{known.id}: {known.label} for {names[0]}")

    def _kind(self, kind: Kind, known: ConceptEntry) -> Kind:
        return (
            known.kind if known.kind in ("disease", "symptom") and kind == "measurement" else kind
        )

    def _resolve(self, kind: Kind, names: list[str]) -> ConceptEntry | None:
        """Return the tables' entry for a row: by its first name, else by a label among the others."""
        for position, name in enumerate(names):
            hits = [hit for hit in self.full.find(name) if hit.match in _MATCH]
            if not hits and kind == "measurement":
                hits = [hit for hit in self.full.find(f"{name} measurement") if hit.match in _MATCH]
            if position:
                hits = [hit for hit in hits if hit.entry.kind == kind or hit.match == "label"]
            best = self._best(hits, _SAME[kind])
            if best is not None:
                return best
        return None

    def _best(self, hits: Iterable[NameHit], kinds: tuple[Kind, ...]) -> ConceptEntry | None:
        ranked = sorted(
            (hit for hit in hits if hit.entry.kind in kinds),
            key=lambda hit: (kinds.index(hit.entry.kind), _MATCH[hit.match],
                             -hit.score, preference(hit.entry.kind, hit.entry.id)),
        )  # fmt: skip
        return ranked[0].entry if ranked else None

    def _analyte(self, names: list[str], taken: str) -> Iterator[str]:
        """Yield the MeSH id of what a laboratory measures, the same for the substance and its level."""
        for name in names[:1]:
            bare = _ANALYTE.sub("", name)
            for asked in dict.fromkeys((name, bare)):
                hits = [hit for hit in self.full.find(asked) if hit.match in _MATCH]
                best = self._best(hits, ("chemical",))
                if best is not None and prefix_of(best.id) == "MESH" and best.id != taken:
                    yield best.id
                    return

    def add_counted(self, counts: dict[str, tuple[int, int]], stop: set[str]) -> None:
        """Add what the texts name and the tables know."""
        lower = _lower_words(self.full)
        chosen: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        entries: dict[str, ConceptEntry] = {}
        for key, (documents, marked) in counts.items():
            if key in self.owner or key in stop or (documents < 2 and not marked):
                continue
            if key.replace(" ", "") in self.short:
                continue  # "il 2" is a short form in small letters
            if " " not in key and not marked and (len(key) < 6 or documents < _LEAST_DOCUMENTS):
                continue
            hits = [hit for hit in self.full.find(key) if hit.match in _MATCH]
            if " " not in key and not marked:
                hits = [hit for hit in hits if hit.entry.kind in ("chemical", "disease", "symptom")]
            best = self._choose(hits)
            if best is not None:
                chosen[best.id].append((documents, marked, key))
                entries[best.id] = best
        for identifier, keys in chosen.items():
            total, marked = sum(k[0] for k in keys), sum(k[1] for k in keys)
            known = self.rows.get(identifier)
            if known is None and total < _LEAST_DOCUMENTS and not marked:
                continue
            entry = entries[identifier]
            names = [natural(entry, key, lower) for _, _, key in sorted(keys, reverse=True)]
            row = known or Row(identifier, names[0], entry.kind, broader=entry.broader)
            row.xrefs |= dict.fromkeys(trusted(entry.xrefs))
            row.documents = total
            self.rows[identifier] = row
            for name in names:
                row.add(name)
                self.owner[plain_key(name)] = identifier

    def add_annotated(self, names: dict[str, dict[str, int]], stop: set[str]) -> None:
        """Add names that annotators gave an id, where no vocabulary has them as a label.

        `names` is name → MeSH id → mentions. Rare names and those that annotators read in two ways are
        left out.
        """
        lower = _lower_words(self.full)
        for name, ids in names.items():
            (identifier, number), total = (
                max(ids.items(), key=lambda item: item[1]),
                sum(ids.values()),
            )
            entry = next(iter(self.full.by_curie(identifier)), None)
            if number < 3 or number < 0.75 * total or entry is None or is_short_form(name):
                continue
            key = plain_key(name)
            if key in stop or plain_key(entry.label) in stop:
                continue
            hits = self.full.find(name)
            if any(hit.match == "label" for hit in hits) or entry in [hit.entry for hit in hits]:
                continue
            row = self.rows.get(entry.id)
            if row is None:
                label = natural(entry, plain_key(entry.label), lower)
                row = Row(entry.id, label, entry.kind, broader=entry.broader)
                row.xrefs |= dict.fromkeys(trusted(entry.xrefs))
                self.rows[entry.id] = row
            owner = self.rows.get(self.owner.get(key, ""))
            if owner is not None and owner is not row and plain_key(owner.label) != key:
                owner.names.pop(key, None)
            if owner is None or plain_key(owner.label) != key:
                row.add(name)
                self.owner[key] = entry.id

    def _choose(self, hits: list[NameHit]) -> ConceptEntry | None:
        ranked = sorted(
            (hit for hit in hits if hit.entry.kind in _ORDER),
            key=lambda hit: (_MATCH[hit.match] if hit.entry.kind != "disease" else 0,
                             _ORDER.index(hit.entry.kind), _MATCH[hit.match],
                             -hit.score, preference(hit.entry.kind, hit.entry.id)),
        )  # fmt: skip
        return ranked[0].entry if ranked else None

    def add_short(self, defined: dict[str, dict[str, int]], stop: set[str]) -> None:
        """Add the short forms that texts define, where one meaning or two are usual."""
        for form, longs in defined.items():
            meanings: dict[str, int] = defaultdict(int)
            for long, number in longs.items():
                owner = self.owner.get(long)
                meanings[owner or ("?" + bag_key(long))] += number
            total = sum(meanings.values())
            for owner, number in meanings.items():
                if (
                    owner in self.rows
                    and number >= 3
                    and number >= 0.3 * total
                    and form not in stop
                ):
                    if number < 0.7 * total and number < 8:
                        continue
                    self.rows[owner].short.setdefault(form)

    def add_drugs(self, names: Iterable[str]) -> None:
        """Add drugs that a dictionary names and a vocabulary has under this very name."""
        lower = _lower_words(self.full)
        for name in names:
            key = plain_key(name)
            if key in self.owner or len(key) < 6 or not re.fullmatch(r"[a-z]+(?: [a-z]+)?", key):
                continue
            hits = [hit for hit in self.full.find(key) if hit.match in _MATCH]
            best = self._best(hits, ("chemical",))
            if best is None or not _is_drug(best):
                continue
            row = self.rows.get(best.id)
            if row is None:
                row = Row(best.id, natural(best, key, lower), "chemical", broader=best.broader)
                row.xrefs |= dict.fromkeys(trusted(best.xrefs))
                self.rows[best.id] = row
            row.add(natural(best, key, lower))
            self.owner[key] = best.id

    def set_broader(self) -> None:
        """Name above each concept the nearest concepts that the lexicon has."""
        own = {
            curie: row.id for row in reversed(self.rows.values()) for curie in (row.id, *row.xrefs)
        }
        for row in self.rows.values():
            found: dict[str, None] = {}
            waiting, seen = list(row.broader), {row.id, *row.xrefs}
            while waiting:
                curie = waiting.pop(0)
                if curie in seen:
                    continue
                seen.add(curie)
                if curie in own:
                    if own[curie] != row.id:
                        found[own[curie]] = None
                else:
                    waiting += [
                        up for entry in self.full.by_curie(curie)[:1] for up in entry.broader
                    ]
            row.broader = tuple(found)
        above = {row.id: set(row.broader) for row in self.rows.values()}
        for row in self.rows.values():  # what is reached through another is not named again
            far = {up for near in row.broader for up in _reach(near, above) if up != near}
            row.broader = tuple(curie for curie in row.broader if curie not in far)

    def drop_doubtful(self, raw: Terminology) -> None:
        """Leave out ids that no vocabulary gives to one of the names; note the rows that lose their own."""
        named: dict[str, dict[str, bool]] = defaultdict(dict)
        for finding in verify([row.entry() for row in self.rows.values()], [raw]):
            named[finding.entry.id][finding.curie] = finding.verdict not in WRONG
        for identifier, verdicts in named.items():
            row = self.rows[identifier]
            row.xrefs = {curie: None for curie in row.xrefs if verdicts.get(curie, True)}
            if not verdicts.get(identifier, True):
                self.notes.append(f"{identifier} is not {row.label}: left out")
                del self.rows[identifier]

    def entries(self) -> list[ConceptEntry]:
        """Return the finished entries: what people wrote first, then by frequency."""
        return [row.entry() for row in self.rows.values()]


def _reach(curie: str, above: dict[str, set[str]]) -> set[str]:
    """Return all that lies above a concept."""
    found: set[str] = set()
    waiting = [curie]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _is_drug(entry: ConceptEntry) -> bool:
    return {"MESH", "CHEBI", "DRUGBANK"} <= {prefix_of(curie) for curie in entry.curies}


def own_id(label: str) -> str:
    """Return the id of a concept that no vocabulary has."""
    return "CLINEV:" + re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


def trusted(xrefs: Iterable[str]) -> list[str]:
    """Return the xrefs to vocabularies that the lexicon carries."""
    kept = {prefix for order in PREFERENCE.values() for prefix in order} | {"CAS", "UNII", "SYMP"}
    return [curie for curie in xrefs if prefix_of(curie) in kept]


def natural(entry: ConceptEntry, key: str, lower: set[str]) -> str:
    """Return the name with this key as a text would write it: no capitals but of proper names."""
    names = [name for name in (entry.label, *entry.names) if plain_key(name) == key]
    names.sort(key=lambda name: (sum(c.isupper() for c in name), len(name)))
    return " ".join(
        word.lower()
        if word[:1].isupper() and word[1:].islower() and word.lower() in lower
        else word
        for word in names[0].split()
    )


def _lower_words(full: Terminology) -> set[str]:
    """Return the words that some vocabulary writes in lower case."""
    return {word for entry in full if not entry.id.startswith(("MESH", "DRUGBANK"))
            for name in (entry.label, *entry.names) for word in name.split() if word.islower()}  # fmt: skip


def read_counts(file: Path) -> dict[str, tuple[int, int]]:
    """Return name → documents and marked mentions."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return {key: (int(documents), int(marked)) for key, documents, marked, _ in rows}


def read_annotated(file: Path) -> dict[str, dict[str, int]]:
    """Return name → id → mentions."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        name, identifier, number = line.split("\t")
        found[name][identifier] = int(number)
    return found


def read_short(file: Path) -> dict[str, dict[str, int]]:
    """Return short form → long form → documents."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        form, long, number = line.split("\t")
        if short_key(form):
            found[form][long] = int(number)
    return found


def _lines(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in map(str.strip, lines) if line and not line.startswith("#")]


def build(counted: Path, full: Terminology, raw: Terminology) -> list[str]:
    """Write ``lexicon.tsv`` and the packaged index; return what a person should read."""
    stop = {plain_key(line) for line in _lines(HERE / "stop.txt")}
    lexicon = Lexicon(full)
    lexicon.add_hand()
    lexicon.add_annotated(read_annotated(counted / "annotated.tsv"), stop)
    lexicon.add_counted(read_counts(counted / "names.tsv"), stop)
    lexicon.add_short(read_short(counted / "short.tsv"), set(_lines(HERE / "stop_short.txt")))
    lexicon.add_drugs((counted / "drugs.txt").read_text(encoding="utf-8").splitlines())
    lexicon.drop_doubtful(raw)
    lexicon.set_broader()
    LEXICON.write_text(
        "".join(entry.to_line() + "\n" for entry in lexicon.entries()), encoding="utf-8"
    )
    compile_lexicon()
    return lexicon.notes


def read_lexicon() -> list[ConceptEntry]:
    """Return the entries of ``lexicon.tsv``."""
    return [ConceptEntry.from_line(line) for line in LEXICON.read_text("utf-8").splitlines()]


def compile_lexicon() -> Terminology:
    """Write the packaged index from ``lexicon.tsv``."""
    terms = Terminology.build(read_lexicon(), SOURCE)
    terms.save(PACKAGED)
    return terms
