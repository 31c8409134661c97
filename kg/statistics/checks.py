"""All checks on a record: what `effect.checks` and the record's notices say of its numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from kg.records import Check, Effect, Notice, Record, Study
from kg.statistics.catalogue import CATALOGUE, SEVERITIES
from kg.statistics.count_checks import check_counts, check_spread
from kg.statistics.estimate_checks import check_estimate
from kg.statistics.group_checks import check_denominators, check_totals
from kg.statistics.headline_checks import check_headline
from kg.statistics.inference_checks import check_tests
from kg.statistics.pair_checks import check_pairs
from kg.statistics.passage import Finding, Passage, passages
from kg.statistics.word_checks import check_words

Told = TypeVar("Told", Check, Notice)

#: Checks of one effect with its sentence.
_ON_EFFECTS = (check_estimate, check_words, check_counts, check_tests)


def check_record(record: Record) -> Record:
    """Return a record with every check made: ``effect.checks`` and document-wide notices are filled.

    Checks that were there before are replaced, so checking twice changes nothing. Each effect's
    checks are ordered from the gravest to the lightest.
    """
    found, on_document = find(record)
    studies = tuple(_checked(study, found) for study in record.studies)
    kept = tuple(notice for notice in record.notices if notice.code not in CATALOGUE)
    notices = (*kept, *_unique(_notice(finding) for finding in on_document))
    if studies == record.studies and notices == record.notices:
        return record
    return record.model_copy(update={"studies": studies, "notices": notices})


def find(record: Record) -> tuple[dict[str, list[Finding]], list[Finding]]:
    """Return the findings of a record: those on effects by their identifier, those on the document."""
    read = passages(record)
    found: dict[str, list[Finding]] = defaultdict(list)
    for passage in read:
        for check in _ON_EFFECTS:
            found[passage.effect.id].extend(check(passage))
    for identifier, finding in _on_several(record, read):
        found[identifier].append(finding)
    return found, [*check_totals(record), *check_headline(record, read)]


def _on_several(record: Record, read: Sequence[Passage]) -> Iterator[tuple[str, Finding]]:
    yield from check_pairs(read)
    for study in record.studies:
        own = [p for p in read if p.study is study]
        yield from check_spread(study, own)
        yield from check_denominators(study, own)


def _checked(study: Study, found: dict[str, list[Finding]]) -> Study:
    effects = tuple(_with_checks(effect, found.get(effect.id, [])) for effect in study.effects)
    if all(new is old for new, old in zip(effects, study.effects, strict=True)):
        return study
    return study.model_copy(update={"effects": effects})


def _with_checks(effect: Effect, findings: list[Finding]) -> Effect:
    if not findings and not effect.checks:
        return effect
    ranked = sorted(findings, key=lambda f: -SEVERITIES.index(f.grade))
    checks = _unique(
        Check(code=f.code, severity=f.grade, message=f.message, numbers=f.numbers) for f in ranked
    )
    return effect.model_copy(update={"checks": checks})


def _notice(finding: Finding) -> Notice:
    return Notice(
        code=finding.code,
        severity=finding.grade,
        message=finding.message,
        evidence=finding.evidence,
    )


def _unique(items: Iterable[Told]) -> tuple[Told, ...]:
    return tuple({(item.code, item.message): item for item in items}.values())
