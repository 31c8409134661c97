"""UMLS as a layer, where a person has scispaCy's UMLS linker: its index and its knowledge base.

scispaCy keeps about 1 GB in its cache once its linker was used; nothing is downloaded here. The
licence of the UMLS is between its users and the National Library of Medicine.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.terminology.entry import ConceptEntry, Kind, TerminologyError, make_entry
from kg.terminology.index import NameHit
from kg.terminology.names import plain_key

#: UMLS semantic types (TUI) of kinds; other types are no concepts of a study.
_KINDS: dict[Kind, tuple[str, ...]] = {
    "disease": ("T047", "T048", "T191", "T019", "T046", "T037", "T020", "T190", "T049"),
    "symptom": ("T184", "T033"),
    "chemical": ("T109", "T121", "T116", "T123", "T125", "T127", "T129", "T195", "T196", "T197", "T200",
                 "T103", "T104", "T114", "T126", "T131", "T168"),
    "measurement": ("T034", "T059", "T201", "T060", "T081"),
    "instrument": ("T170",),
    "action": ("T061", "T058", "T056", "T074", "T203"),
    "population": ("T098", "T100", "T101"),
}  # fmt: skip
_KIND_OF = {tui: kind for kind, tuis in _KINDS.items() for tui in tuis}
_NEIGHBOURS = 10


class UmlsLayer:
    """Answers as a :class:`kg.terminology.index.Terminology` does, from scispaCy's candidate generator."""

    title = "UMLS, by scispaCy"

    def __init__(self, generator: Any) -> None:
        self._generator = generator
        self._candidates = lru_cache(maxsize=16384)(self._ask)

    def find(self, name: str) -> list[NameHit]:
        """Return the concepts with this name."""
        key = plain_key(name)
        return [
            NameHit(entry, "name", 0.97, alias)
            for entry, _, aliases in self._candidates(name)
            for alias in aliases
            if plain_key(alias) == key
        ][:_NEIGHBOURS]

    def similar(self, name: str, limit: int = 10, floor: float = 0.5) -> list[NameHit]:
        """Return concepts with a name like this one."""
        return [
            NameHit(entry, "similar", similarity, plain_key(aliases[0]))
            for entry, similarity, aliases in self._candidates(name)[:limit]
            if similarity >= floor
        ]

    def has_words(self, key: str) -> bool:
        """Return true: its words are not listed."""
        return True

    def may_vary(self, key: str) -> bool:
        """Return true: its names are not listed."""
        return True

    def by_curie(self, curie: str) -> list[ConceptEntry]:
        """Return the concept with an id such as ``UMLS:C0042866``."""
        entity = self._generator.kb.cui_to_entity.get(curie.removeprefix("UMLS:"))
        found = None if entity is None else _entry(entity)
        return [] if found is None else [found]

    def __iter__(self) -> Iterator[ConceptEntry]:
        """Yield nothing: millions of concepts are not for listing."""
        return iter(())

    def _ask(self, name: str) -> list[tuple[ConceptEntry, float, tuple[str, ...]]]:
        found = []
        for candidate in self._generator([name], _NEIGHBOURS)[0]:
            entity = self._generator.kb.cui_to_entity[candidate.concept_id]
            entry = _entry(entity)
            if entry is not None:
                best = float(max(candidate.similarities))
                found.append((entry, best, tuple(candidate.aliases)))
        return sorted(found, key=lambda item: -item[1])


def load_umls() -> UmlsLayer:
    """Return the UMLS layer from scispaCy's cache.

    Raises
    ------
    TerminologyError
        If its files are not there; the text says how to get them.
    """
    from scispacy.candidate_generation import DEFAULT_PATHS, CandidateGenerator, LinkerPaths
    from scispacy.file_cache import DATASET_CACHE
    from scispacy.linking_utils import DEFAULT_UMLS_PATH, DEFAULT_UMLS_TYPES_PATH, UmlsKnowledgeBase

    folder = Path(DATASET_CACHE)
    urls = [*DEFAULT_PATHS["umls"], DEFAULT_UMLS_PATH, DEFAULT_UMLS_TYPES_PATH]
    files = [_cached(url, folder) for url in urls]
    missing = [url for url, file in zip(urls, files, strict=True) if file is None]
    if missing:
        raise TerminologyError(
            f"--linker umls: scispaCy's UMLS linker is not in {folder} ({len(missing)} of {len(urls)} files"
            " missing). Get it once, about 1 GB, by making scispaCy's own linker:"
            ' python -c "from scispacy.candidate_generation import CandidateGenerator;'
            " CandidateGenerator(name='umls')\"; or build without --linker"
        )
    *paths, kb, types = map(str, files)
    return UmlsLayer(
        _generator(CandidateGenerator, LinkerPaths(*paths), UmlsKnowledgeBase(kb, types))
    )


def _generator(make: Any, paths: Any, kb: Any) -> Any:
    return make(
        ann_index=paths.get_ann_index(), tfidf_vectorizer=paths.get_tfidf_vectorizer(),
        ann_concept_aliases_list=paths.get_concept_aliases(), kb=kb,
    )  # fmt: skip


def _cached(url: str, folder: Path) -> Path | None:
    """Return the file in which scispaCy keeps what it loaded from an address, ``None`` if none."""
    from scispacy.file_cache import url_to_filename

    name = url_to_filename(url)
    start, end = name[:64], url.rsplit("/", 1)[-1]
    return next(iter(sorted(folder.glob(f"{start}*{end}"))), None)


def _entry(entity: Any) -> ConceptEntry | None:
    kind = next((_KIND_OF[tui] for tui in entity.types if tui in _KIND_OF), None)
    if kind is None:
        return None
    return make_entry(
        f"UMLS:{entity.concept_id}", entity.canonical_name, kind, names=entity.aliases[:40],
        source="UMLS",
    )  # fmt: skip
