"""Results of arms in tables: outcomes down and arms across, or the other way round.

Every value cell becomes one result of one arm: events and total, or a mean or median with its spread
and the arm's size. Its evidence is the row, the heads of its column, and the number. What a bare
"12 (24.0)" means is told by arithmetic where the head tells the size: 12 of 50 is 24 percent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kg.assembly.arm_comparisons import compared
from kg.assembly.arms import ArmReading
from kg.assembly.effects import EffectReading
from kg.assembly.labels import likeness, stems, tidy
from kg.assembly.main_outcome import main_outcome
from kg.assembly.phrase import Phrase
from kg.assembly.sheet import Sheet
from kg.assembly.table_arms import (
    OF_SEVERAL_ARMS,
    Arm,
    ArmLabels,
    Column,
    name_of,
    outcome_column,
)
from kg.assembly.table_cells import Number, read_number
from kg.assembly.table_estimates import direction_of, read_estimate
from kg.assembly.table_grid import Head
from kg.assembly.table_labels import (
    BASELINE,
    GENERAL,
    P_OF_SEVERAL,
    PHASE,
    POOLED,
    SUMS,
    parse_p,
    strip_statistic,
    title_of,
    unit_of,
    without_unit,
)
from kg.text import Cell

#: Columns of what was measured, beside which a column "n" tells in how many.
_MEASURED = frozenset({"mean", "median", "sd", "se", "iqr", "range"})


def find_arm_effects(sheet: Sheet) -> list[EffectReading] | None:
    """Return the arm results of a table, ``None`` if it is no table of arms."""
    return _Reader(sheet).read()


class _Reader:
    """Reads one table."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.context = sheet, sheet.context
        after = self.context.reading.blocks[sheet.index + 1 : sheet.index + 3]
        notes = (sheet.view[b.start_char : min(b.end_char, b.start_char + 400)] for b in after)
        self.about = " ".join([sheet.caption_text, *notes]).lower()
        self.arms = ArmLabels(self.context, sheet.caption[0] if sheet.caption else 0)
        self.title = title_of(sheet.caption_text)
        if not sheet.captioned and (named := main_outcome(self.context, sheet.caption)) is not None:
            self.title = named.label  # what stands above is a paragraph
        self.baseline = bool(BASELINE.search(sheet.caption_text[:200]))

    def read(self) -> list[EffectReading] | None:
        grid = self.sheet.grid
        width = len(grid.heads)
        labels = [name_of(grid.heads[n]) for n in range(grid.stubs, width)]
        across = self.arms.share([label for label in labels if label])
        stubs = [self.sheet.stub(row[0]) for row in grid.rows]
        down = self.arms.share([stub for stub in stubs if stub])
        if grid.stubs == 2:
            second = [self.sheet.stub(row[1]) for row in grid.rows]
            if self.arms.share([s for s in second if s]) > max(across, down, 0.5):
                return self._nested()
        distinct = len({label.lower() for label in labels if label})
        if across >= 0.5 and across >= down and distinct >= 2:
            return self._across()
        if down >= 0.6 and down > across:
            return self._down()
        return None

    # Arms across ------------------------------------------------------------------------------

    def _across(self) -> list[EffectReading]:
        heads = self.sheet.grid.heads
        columns = [self.arms.column(n, heads[n]) for n in range(self.sheet.grid.stubs, len(heads))]
        depth = max((len(c.heads) for c in columns if c.arm), default=0)
        columns = [
            self.arms.column(c.number, c.heads, forced=True)
            if c.arm is None and len(c.heads) == depth else c
            for c in columns
        ]  # fmt: skip
        found: list[EffectReading] = []
        section = ""
        for row in self.sheet.grid.rows:
            stub = " ".join(t for c in row[: self.sheet.grid.stubs] if (t := self.sheet.stub(c)))
            values = [self.sheet.text(c) for c in row[self.sheet.grid.stubs :]]
            if not any(re.search(r"\d", v) for v in values) or len({id(c) for c in row}) == 1:
                section = stub or next((v for v in values if v), section)
                continue
            if not any(re.search(r"\d", v) for v, c in zip(values, columns, strict=True) if c.arm):
                section = stub  # only a p value stands beside a heading
                continue
            found += self._row(row, stub, section, columns)
        return found

    def _row(
        self, row: Sequence[Cell], stub: str, section: str, columns: Sequence[Column]
    ) -> Iterator[EffectReading]:
        p = self._p(row, columns)
        by_arm: dict[tuple[str, str | None, str], list[Column]] = {}
        for column in columns:
            if column.arm is not None and column.kind not in OF_SEVERAL_ARMS:
                key = (column.arm.label, column.phase, column.about)
                by_arm.setdefault(key, []).append(column)
        outcome, timepoint = self._outcome(stub, section)
        if self.sheet.has_studies:
            if not POOLED.search(stub):
                return  # a study's own numbers are no result of the synthesis
            outcome, timepoint = self.title, None
        people = strip_statistic(stub) if self.sheet.has_subgroups else None
        if people:
            outcome, timepoint = self.title, None
        made: list[EffectReading] = []
        for (_, phase, about), group in by_arm.items():
            arm = group[0].arm
            assert arm is not None
            label = outcome
            if about and likeness(about, outcome) < 0.5:
                label = f"{about}: {outcome}" if outcome else about
            number = self._number(row, group, arm.size, f"{stub} {section}")
            if number is None:
                continue
            effect = self._effect(
                number, arm, label or self.sheet.caption_text, row[0], row, phase or timepoint,
                [h for c in group for h in c.heads], p,
            )  # fmt: skip
            made.append(replace(effect, subgroup=people))
        yield from compared(made, pair=len({label for label, *_ in by_arm}) == 2)
        if len({e.arm.label for e in made if e.arm is not None}) == 2:
            yield from self._estimates(row, made, p)

    def _estimates(
        self, row: Sequence[Cell], made: Sequence[EffectReading], p: tuple[str, float, str] | None
    ) -> Iterator[EffectReading]:
        """Yield what a row says of the difference of its two arms: "-0.9 (-1.4 to -0.4)"."""
        control = next((e for e in made if e.arm is not None and e.arm.control), made[-1])
        tested = next(e for e in made if e.arm != control.arm)
        for column in self.sheet.estimates:
            s = read_estimate(self.sheet.view, row, column, p)
            if s is None:
                continue
            direction, significant = direction_of(s)
            heads = {(h.start_char, h.end_char): None for h in column.heads}
            yield replace(
                tested, statistic=s, measure=s.measure or "direction_only", direction=direction, comparator=control.intervention,
                contrast="between_groups", significant=significant, arm=None, heads=tuple(heads),
            )  # fmt: skip

    def _p(self, row: Sequence[Cell], columns: Sequence[Column]) -> tuple[str, float, str] | None:
        for column in columns:
            several = any(P_OF_SEVERAL.search(head.text) for head in column.heads)
            if (
                column.kind == "p"
                and not several
                and (found := parse_p(self.sheet.text(row[column.number])))
            ):
                return found
        return None

    def _outcome(self, stub: str, section: str) -> tuple[str, str | None]:
        """Return a row's outcome and time: of the stub, of the heading above it, or of both."""
        bare = strip_statistic(stub)
        phase = PHASE.search(bare)
        if phase and not re.search(r"[a-z]", SUMS.sub("", PHASE.sub("", bare.lower()))):
            return strip_statistic(section) or self.title, bare
        if not stems(bare):
            return strip_statistic(section) or self.title, None
        head = strip_statistic(section)
        if head and likeness(head, bare) < 0.5 and not GENERAL.search(head):
            return f"{head}: {bare}", None
        return bare, None

    # Arms down --------------------------------------------------------------------------------

    def _down(self) -> list[EffectReading]:
        """Read rows of arms under columns of outcomes, phases and statistics."""
        heads = self.sheet.grid.heads
        columns = [outcome_column(n, heads[n]) for n in range(self.sheet.grid.stubs, len(heads))]
        sizes = [
            c for c in columns
            if c.phase is None and not c.about and c.heads
            and re.fullmatch(r"n|no\.?|number", c.heads[-1].text, re.IGNORECASE)
        ]  # fmt: skip
        if all(c.kind in ("count", "percent", "p") for c in columns):
            sizes = []  # the counts are events
        found: list[EffectReading] = []
        section = ""
        for row in self.sheet.grid.rows:
            stub = self.sheet.stub(row[0])
            values = [self.sheet.text(c) for c in row[1:]]
            if not any(re.search(r"\d", v) for v in values):
                section = stub
                continue
            if not self.arms.has(stub):
                continue
            told = self.sheet.text(row[sizes[0].number]) if len(sizes) == 1 else ""
            size = int(told) if re.fullmatch(r"\d{1,6}", told) else None
            found += self._row_down(row, stub, section, columns, size)
        return found

    def _row_down(
        self, row: Sequence[Cell], stub: str, section: str, columns: Sequence[Column], size: int | None
    ) -> Iterator[EffectReading]:  # fmt: skip
        p = self._p(row, columns)
        arm = self.arms.arm_of_row(stub, row[0].start_char, row[0].end_char, size)
        groups: dict[tuple[str | None, str], list[Column]] = {}
        for column in columns:
            if column.kind in OF_SEVERAL_ARMS:
                continue
            if (
                column.kind == "count"
                and size is not None
                and self.sheet.text(row[column.number]) == str(size)
            ):
                continue
            groups.setdefault((column.phase, column.about), []).append(column)
        for (phase, about), group in groups.items():
            number = self._number(row, group, arm.size, f"{about} {self.sheet.caption_text}")
            if number is None:
                continue
            outcome = about or strip_statistic(section) or self.title
            place = group[0].heads[0] if about and group[0].heads else None
            cell = Cell(place.start_char, place.end_char) if place else row[0]
            yield self._effect(
                number, arm, outcome, cell, row, phase, [h for c in group for h in c.heads], p
            )

    def _nested(self) -> list[EffectReading]:
        """Read two stubs: an outcome that stands for several rows, and the arm of each row."""
        heads = self.sheet.grid.heads
        columns = [outcome_column(n, heads[n]) for n in range(2, len(heads))]
        found: list[EffectReading] = []
        outcome = ""
        for row in self.sheet.grid.rows:
            outcome = self.sheet.stub(row[0]) or outcome
            stub = self.sheet.stub(row[1])
            if not stub or not self.arms.has(stub):
                continue
            shifted = (row[1], *row[1:])
            for effect in self._row_down(shifted, stub, outcome, columns, None):
                label = strip_statistic(outcome)
                own = effect.outcome_label or ""
                if label and likeness(label, own) < 0.5:
                    told = label if own == self.title else f"{label}: {own}"
                    effect = replace(
                        effect, outcome_label=told,
                        outcome_place=(row[0].start_char, row[0].end_char)
                        if row[0].end_char > row[0].start_char else effect.outcome_place,
                    )  # fmt: skip
                found.append(effect)
        return found

    # Values -----------------------------------------------------------------------------------

    def _number(
        self, row: Sequence[Cell], group: Sequence[Column], size: int | None, label: str
    ) -> Number | None:
        """Return the number of an arm, put together from its columns."""
        found: Number | None = None
        measured = not _MEASURED.isdisjoint(column.kind for column in group)
        n = size
        for column in group:
            cell = row[column.number]
            told = self.sheet.text(cell)
            if measured and column.kind == "count" and told.isdecimal():
                n = int(told)  # "n" beside a mean: of how many
                continue
            number = read_number(
                self.sheet.view[cell.start_char : cell.end_char],
                cell.start_char,
                kind=column.kind,
                size=size,
                label=f"{label} {' '.join(h.text for h in column.heads)}",
                about=self.about,
            )
            if number is None:
                continue
            found = number if found is None else found.joined(number)
        if found is not None and measured and found.statistic.n is None:
            return replace(found, statistic=replace(found.statistic, n=n))
        return found

    def _effect(
        self, number: Number, arm: Arm, outcome: str, stub: Cell, row: Sequence[Cell],
        timepoint: str | None, heads: Sequence[Head], p: tuple[str, float, str] | None,
    ) -> EffectReading:  # fmt: skip
        s = number.statistic
        s = replace(s, n=s.n if s.n is not None else s.total or arm.size)
        if number.measure == "percent":
            total = s.total if s.total is not None else (arm.size if s.events is not None else None)
            s = replace(s, total=total, unit="%")
        else:
            s = replace(s, unit=s.unit or unit_of(outcome))
        if p is not None:
            s = replace(s, p_operator=p[0], p_value=p[1], printed_p=p[2])  # type: ignore[arg-type]
        phrase = Phrase(arm.start_char, arm.end_char, arm.label, arm.label, -1, 0, 0, 0, (0.0,) * 5)
        place = (stub.start_char, stub.end_char)
        if not self.sheet.view[slice(*place)].strip():
            place = next((c.start_char, c.end_char) for c in row if self.sheet.text(c))
        ends = [
            c for c in row if self.sheet.text(c) and c.start_char >= _first(row, self.sheet.text)
        ]
        bare = tidy(without_unit(outcome).split(" [")[0].strip(" :,")) or outcome
        columns = {(h.start_char, h.end_char): None for h in heads}
        return EffectReading(
            statistic=s, measure=number.measure, direction="unclear" if p is None or p[1] < 0.05 else "no_difference",
            sentence=(min(c.start_char for c in ends), max(c.end_char for c in ends)), block=self.sheet.index,
            outcome_label=self.context.names.written_out(bare, place[0])[:200], outcome_place=place,
            intervention=phrase, contrast="single_arm", timepoint=timepoint,
            significant=None if p is None else (p[1] < 0.05 and p[0] not in (">", ">=")),
            reported_as="background" if self.baseline and timepoint is None else "result",
            confidence=0.85,
            arm=ArmReading(phrase, arm.label, arm.control, ((arm.start_char, arm.end_char),), arm.size),
            heads=tuple(columns),
        )  # fmt: skip


def _first(row: Sequence[Cell], text_of: Callable[[Cell], str]) -> int:
    """Return where a row's own cells begin: one that spans rows may stand far above."""
    own = [c.start_char for c in row if text_of(c)]
    last = max(own)
    return min(at for at in own if last - at < 3_000)
