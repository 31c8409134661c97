"""Estimates in tables: columns of ratios or differences, "HR (95% CI)", and what each row is about.

Rows are exposures where one of them is the reference, or the corner says so ("Factor", "Quartile of
25(OH)D"); studies of a synthesis, of which the total alone is its own result; else outcomes. What the
other part is then comes from the heads ("HR for death"), the caption, or the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.assembly.effects import EffectReading
from kg.assembly.labels import stems, tidy
from kg.assembly.main_outcome import main_outcome
from kg.assembly.phrase import Phrase
from kg.assembly.sheet import Sheet
from kg.assembly.table_arms import ArmLabels
from kg.assembly.table_estimates import EstimateColumn, direction_of, read_estimate
from kg.assembly.table_labels import OF_WHAT, PHASE, POOLED, strip_statistic
from kg.assembly.told_pair import told_pair
from kg.numbers.atoms import read_atoms
from kg.numbers.statistic import Statistic
from kg.records import RATIO_MEASURES
from kg.text import Cell

_REFERENCE = re.compile(
    r"\bref(?:erence|erent|\.)?\b|^1(?:[.·]0{1,3})?$|^1(?:[.·]0{1,3})?\s*[([]?\s*[-–—]?\s*[)\]]?$",
    re.I,
)
_EXPOSURES = re.compile(
    r"\b(?:factors?|variables?|characteristics?|exposures?|predictors?|determinants?|covariates?|parameters?|quartiles?|tertiles?|quintiles?|"
    r"levels?|intakes?|categor(?:y|ies)|doses?|groups?|status|concentrations?|genotypes?|alleles?|habits?)\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"^(?:\W*|groups?|factors?|risk factors?|variables?|characteristics?|categor(?:y|ies)|exposures?|predictors?|parameters?|outcomes?|(?:primary |secondary )?end\s?points?|events?)$",
    re.I,
)
_OUTCOMES = re.compile(
    r"\b(?:outcomes?|end\s?points?|events?|diseases?|diagnos[ei]s|complications?)\b", re.IGNORECASE
)
#: "CPD vs SP": a row that sets two arms against each other.
_VERSUS = re.compile(r"\s+(?:vs\.?|versus|v\.?|minus|compared\s+(?:with|to))\s+", re.IGNORECASE)
_WORDY = re.compile(r"[^\W\d_]{3,}")


def find_estimates(sheet: Sheet) -> list[EffectReading] | None:
    """Return the results of a table whose columns are estimates, ``None`` if it is no such table."""
    if not sheet.estimates:
        return None
    found = list(_Reader(sheet).read())
    return found if found or sheet.has_studies else None


class _Reader:
    """Reads one table."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.context = sheet, sheet.context
        self.arms = ArmLabels(self.context, sheet.caption[0] if sheet.caption else 0)
        self.given, self.against = told_pair(self.context)

    def _stub(self, row: Sequence[Cell]) -> str:
        shown = [self.sheet.stub(cell) for cell in row[: self.sheet.grid.stubs]]
        return ": ".join(dict.fromkeys(filter(None, shown)))

    def _is_reference(self, row: Sequence[Cell]) -> bool:
        """Tell whether the others are compared with a row: its ratio is 1 by definition."""
        return any(
            column.measure in RATIO_MEASURES
            and _REFERENCE.search(self.sheet.text(row[column.number]))
            for column in self.sheet.estimates
        )

    def read(self) -> Iterator[EffectReading]:
        """Yield one result for each estimate, row by row."""
        exposures = not self.sheet.has_studies and (
            any(self._is_reference(row) for row in self.sheet.grid.rows)
            or (
                _EXPOSURES.search(self.sheet.corner) is not None
                and _OUTCOMES.search(self.sheet.corner) is None
            )
        )
        section: str = ""
        against: Phrase | None = None
        for row in self.sheet.grid.rows:
            stub = self._stub(row)
            values = [self.sheet.text(row[c.number]) for c in self.sheet.estimates]
            reference = self._is_reference(row)
            if not reference and not any(re.search(r"\d", value) for value in values):
                section, against = (stub or section), None
                continue
            name = self._name(row, stub, section)
            if reference:
                against = name
            if self.sheet.has_studies and not POOLED.search(stub):
                continue
            for column in self.sheet.estimates:
                statistic = read_estimate(self.sheet.view, row, column)
                if statistic is None or _REFERENCE.search(self.sheet.text(row[column.number])):
                    continue
                effect = self._effect(row, column, statistic)
                if not self.sheet.has_studies:
                    effect = self._told_of(
                        effect, row, stub, section, name if exposures else None, against
                    )
                yield effect

    def _told_of(
        self, effect: EffectReading, row: Sequence[Cell], stub: str, section: str, exposure: Phrase | None,
        against: Phrase | None,
    ) -> EffectReading:  # fmt: skip
        """Return an estimate as its row tells it: of an exposure, of two arms, of a time, of an outcome."""
        name = self._name(row, stub, "")
        if self.sheet.has_subgroups:
            return replace(effect, subgroup=self._name(row, stub, section).label)
        pair = _VERSUS.search(stub)
        if pair is not None and exposure is None:
            one, other = (
                _made(self._spelt(part, name.start_char), name.start_char, name.end_char)
                for part in (stub[: pair.start()], stub[pair.end() :])
            )
            return replace(effect, intervention=one, comparator=other)
        if PHASE.fullmatch(strip_statistic(stub)):
            return replace(effect, timepoint=stub)
        if exposure is not None:
            against = against or (self.against if self.arms.has(stub) else None)
            return replace(
                effect, intervention=exposure, comparator=against, contrast="association"
            )
        whole = self._name(row, stub, section)
        place = whole.start_char, whole.end_char
        return replace(effect, outcome_label=whole.label, outcome_place=place)

    def _name(self, row: Sequence[Cell], stub: str, section: str) -> Phrase:
        """Return what a row is called: a level alone says nothing without what it is a level of."""
        bare = strip_statistic(stub) or stub
        of_what = section or ("" if _GENERAL.match(self.sheet.corner) else self.sheet.corner)
        own = stems(bare)
        if (
            of_what
            and (not _WORDY.search(bare) or section or len(own) < 2)
            and not stems(of_what) <= own
        ):
            bare = f"{strip_statistic(of_what)}: {bare}"
        named = next((c for c in row[: self.sheet.grid.stubs] if self.sheet.text(c)), row[0])
        label = self.context.names.written_out(tidy(bare) or bare, named.start_char)
        return _made(label, named.start_char, named.end_char)

    def _effect(self, row: Sequence[Cell], column: EstimateColumn, s: Statistic) -> EffectReading:
        """Return an estimate as a result of what the document compares, told of what the table is about."""
        outcome, place = self._about(column)
        filled = [cell for cell in row if self.sheet.text(cell)]
        heads = {(h.start_char, h.end_char): None for h in column.heads}
        direction, significant = direction_of(s)
        return EffectReading(
            statistic=s, measure=s.measure or "direction_only", direction=direction,
            sentence=(min(c.start_char for c in filled), max(c.end_char for c in filled)), block=self.sheet.index,
            outcome_label=outcome, outcome_place=place, intervention=self.given, comparator=self.against,
            contrast="between_groups", significant=significant, confidence=0.8, heads=tuple(heads),
        )  # fmt: skip

    def _about(self, column: EstimateColumn) -> tuple[str, tuple[int, int]]:
        """Return the outcome of a column: of its heads, of the caption, or the document's own."""
        for head in column.heads:
            told = OF_WHAT.search(head.text)
            if told is not None:
                return self._spelt(told["what"], head.start_char), (head.start_char, head.end_char)
        plain = [
            h
            for h in column.heads
            if h.kind is None and not any(a.kind == "MEASURE" for a in read_atoms(h.text))
        ]
        if len(column.heads) > 1 and plain and stems(plain[-1].text):
            return self._spelt(plain[-1].text, plain[-1].start_char), (
                plain[-1].start_char,
                plain[-1].end_char,
            )
        if self.sheet.caption is not None:
            told = OF_WHAT.search(self.sheet.view, *self.sheet.caption)
            if told is not None:
                return self._spelt(told["what"], told.start("what")), told.span("what")
        phrase = main_outcome(self.context, self.sheet.caption)
        if phrase is None:
            head = column.heads[-1]
            return tidy(head.text), (head.start_char, head.end_char)
        return phrase.label, (phrase.start_char, phrase.end_char)

    def _spelt(self, text: str, at_char: int) -> str:
        return self.context.names.written_out(tidy(strip_statistic(text)) or text, at_char)


def _made(label: str, start: int, end: int) -> Phrase:
    return Phrase(start, end, label, label, -1, 0, 0, 0, (0.0,) * 5)
