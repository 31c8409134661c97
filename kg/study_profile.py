"""What identifies a study: a few keys of each, by which two that are one can be found and judged.

Each study of each document is a *report*, known by the document and its place there. A report's
:class:`Profile` holds what :mod:`kg.study_matching` compares; its blocking keys are hashes that two
reports of one study are likely to share. Both become short lines of text, so that they can be
sorted on disk (see :class:`kg.identity.Identities`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from kg.identity import fold, reports_of, study_identifiers
from kg.records import Effect, Record, Study

Family = Literal["synthesis", "advice", "primary", "other"]

_FAMILIES: dict[str, Family] = {
    "meta-analysis": "synthesis", "systematic review": "synthesis", "review": "advice",
    "guideline": "advice", "other": "other",
}  # fmt: skip
#: Results by whose pairs a report is looked up; it keeps more than these for the comparison.
_PAIRED_RESULTS = 12
_KEPT_RESULTS = 60
_KEPT_WORDS = 40
#: A title of less says too little to tell a study by: "Vitamin D and falls".
_TITLE_WORDS = 6
_TITLE_LETTERS = 35
#: People below which a number is too common to look a study up by.
_TELLING_N = 20
_WORD = re.compile(r"[a-z][a-z0-9]{3,}|[a-z]+\d+[a-z0-9]*|\d+[a-z]+\w*")
_COMMON_WORDS = frozenset(
    "with without from versus daily dose group groups treatment therapy control placebo patients level"
    " levels serum score rate rates risk change mean total usual care standard versus than that high"
    " month months week weeks year years baseline study effect effects intervention".split()
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a report.

    Parameters
    ----------
    report
        Document and place: ``<document_tail>-<ordinal>``.
    identifiers
        As :func:`kg.identity.study_identifiers` gives them, the parent's left out.
    registries
        All registry numbers.
    family
        Kind of study by its design.
    animal, component
        Whether animals were studied; whether it is known from a synthesis.
    title, author, year, n
        Folded title, first author's surname, year of publication, participants; "" and 0 for unknown.
    results
        Keys of numeric results, the most telling first.
    words
        Words of what was given, measured and treated.
    label
        The study's label, folded.
    """

    report: str
    identifiers: tuple[str, ...]
    registries: tuple[str, ...]
    family: Family
    animal: bool
    component: bool
    title: str
    author: str
    year: int
    n: int
    results: tuple[str, ...]
    words: tuple[str, ...]
    label: str

    @property
    def document(self) -> str:
        """The document's part of the report's name."""
        return self.report.partition("-")[0]

    def to_line(self) -> str:
        """Return the profile as a line; see :meth:`from_line`."""
        values = [getattr(self, name) for name in self.__slots__]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str) -> Profile:
        """Read what :meth:`to_line` wrote."""
        values: list[Any] = json.loads(line)
        fields: list[Any] = [tuple(v) if isinstance(v, list) else v for v in values]
        return cls(*fields)


def profiles_of(record: Record) -> Iterator[Profile]:
    """Yield the profile of each study of a record that can be told from others by its content."""
    by_id = {study.id: study for study in record.studies}
    reports = reports_of(record)
    for study in record.studies:
        parent = by_id.get(study.part_of or "")
        foreign = set(study_identifiers(parent)) if parent else set()
        identifiers = tuple(item for item in study_identifiers(study) if item not in foreign)
        yield Profile(
            report=reports[study.id], identifiers=identifiers,
            registries=tuple(sorted({_registry(number) for number in study.registry_ids})),
            family=_FAMILIES.get(study.design, "primary"), animal=study.design == "animal study",
            component=study.kind == "component", title=_title(study.title or ""),
            author=surname(study.authors[0]) if study.authors else "", year=study.year or 0,
            n=study.n_participants or 0, results=_results(study.effects), words=_words(study),
            label=fold(study.label)[:160],
        )  # fmt: skip


def blocking_keys(profile: Profile) -> Iterator[str]:
    """Yield the keys under which a report is looked up; two reports of one study share one or more.

    Identifiers, a title that tells, author with year and number of people, a result with the number
    of people, two results together. One result alone is shared by strangers.
    """
    yield from profile.identifiers
    yield from (f"registry:{number}" for number in profile.registries)
    if is_telling_title(profile.title):
        yield f"title:{profile.title}"
    if profile.author and profile.year and profile.n >= _TELLING_N:
        yield f"author:{profile.author} {profile.year} {profile.n}"
    if profile.n >= _TELLING_N:
        yield from (f"result:{result} of {profile.n}" for result in profile.results)
    best = sorted(profile.results[:_PAIRED_RESULTS])
    yield from (f"results:{one} {other}" for one, other in combinations(best, 2))


def identity_lines(record: Record) -> Iterator[str]:
    """Yield a record's lines for :meth:`kg.identity.Identities.from_lines`, in no order.

    ``K<key's hash> <report>`` for each blocking key, ``P<report> <profile>`` for each study. They are a
    function of the record alone; sorted by code points, the lines of all records decide who is who.
    """
    for profile in profiles_of(record):
        if profile.identifiers or profile.results or profile.title or profile.author:
            yield f"P{profile.report} {profile.to_line()}"
            for key in dict.fromkeys(blocking_keys(profile)):
                digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8)
                yield f"K{digest.hexdigest()} {profile.report}"


def is_telling_title(title: str) -> bool:
    """Whether a title is long enough that two studies hardly share it."""
    return len(title) >= _TITLE_LETTERS and len(title.split()) >= _TITLE_WORDS


def digits_of(result: str) -> int:
    """Return how many significant digits a result's key holds, its measure of surprise.

    >>> digits_of("i0.81|0.7|0.94"), digits_of("s51|10")
    (5, 3)
    """
    return sum(
        len(number.replace(".", "").lstrip("0").rstrip("0") or "0")
        for number in result[1:].split("|")
    )


def surname(author: str) -> str:
    """Return an author's surname, folded, whichever side the initials stand on.

    >>> surname("Lehouck A"), surname("A. Lehouck"), surname("An Lehouck"), surname("van der Berg JW")
    ('lehouck', 'lehouck', 'lehouck', 'berg')
    """
    words = [word for word in re.split(r"[\s,]+", author) if word]
    is_initial = [bool(re.fullmatch(r"(?:[A-ZÀ-Þ]\.?-?){1,4}", word)) for word in words]
    names = [
        word for word, initial in zip(words, is_initial, strict=True)
        if not initial and word[:1].isupper()
    ] or words[:1]  # fmt: skip
    chosen = names[-1] if names else ""
    return re.sub(r"[^\w'’-]|\d", "", fold(chosen))


def _registry(number: str) -> str:
    return re.sub(r"\s+", "", number).upper()


def _title(title: str) -> str:
    return re.sub(r"\W+", " ", fold(title)).strip()[:300]


def _results(effects: Sequence[Effect]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for effect in effects:
        if (key := result_key(effect)) is not None and effect.reported_as == "result":
            found[key] = None
    ordered = sorted(found, key=lambda key: (-digits_of(key), key))
    return tuple(ordered[:_KEPT_RESULTS])


def result_key(effect: Effect) -> str | None:
    """Return the numbers of a result that others can be told by: an interval, a mean with its SD, a part.

    Signs and measures are left out: one page loses a minus, another calls a ratio by another name.
    """
    if effect.value is None:
        return None
    if effect.ci_low is not None and effect.ci_high is not None:
        bounds = sorted((abs(effect.ci_low), abs(effect.ci_high)))
        return _key("i", abs(effect.value), *bounds)
    if effect.sd is not None:
        return _key("s", abs(effect.value), effect.sd)
    if effect.events is not None and effect.total is not None and effect.events > 4:
        return _key("e", effect.events, effect.total)
    return None


def _key(kind: str, *numbers: float) -> str:
    return kind + "|".join(f"{number:.6g}" for number in numbers)


def _words(study: Study) -> tuple[str, ...]:
    told: Iterable[str] = (
        *(item.label for item in study.interventions if item.role != "comparator"),
        *(item.label for item in study.outcomes),
        *(item.condition or "" for item in study.populations if ":" not in (item.condition or "")),
    )
    found = {word for text in told for word in _WORD.findall(fold(text))}
    return tuple(sorted(found - _COMMON_WORDS)[:_KEPT_WORDS])
