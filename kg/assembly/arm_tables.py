"""Results of arms in tables: outcomes down and arms across, or the other way round.

Every value cell becomes one result of one arm: events and total, or a mean or median with its spread
and the arm's size. Its evidence is the row, the heads of its column, and the number. What a bare
"12 (24.0)" means is told by arithmetic where the head tells the size: 12 of 50 is 24 percent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.assembly.arms import ArmReading
from kg.assembly.context import Context, Phrase
from kg.assembly.effects import EffectReading
from kg.assembly.labels import likeness, stems, tidy
from kg.assembly.table_cells import Number, read_number
from kg.assembly.table_grid import RAISED, Grid, Head, StatisticKind, read_grid, statistic_kind
from kg.assembly.words import CONTROL_WORDS, GENERIC_WORDS, GROUP_WORDS
from kg.records import Measure
from kg.text import Block, Cell, Table

_PHASE = re.compile(
    r"\b(?:baseline|before|after|pre-?(?:treatment|test|intervention|operative(?:ly)?|op)?|"
    r"post-?(?:treatment|test|intervention|operative(?:ly)?|op)?|follow-?up|admission|discharge|"
    r"end\s*(?:point|of\s+\w+)|endpoint|initial|final|change(?:\s+from\s+baseline)?|first\s+\w+|"
    r"(?:\d+\s*(?:-|–|to)\s*)?(?:\d+|one|two|three|six|twelve)(?:st|nd|rd|th)?[\s-]*(?:hours?|hrs?|h|days?|weeks?|wks?|months?|mo|years?|yrs?|minutes?|min)|"
    r"(?:hour|day|week|month|year|visit|time|period)\s*-?\d+(?:\s*to\s*\d+)?)\b|^[TDWM]\s?\d{1,3}$",
    re.IGNORECASE,
)  # fmt: skip
#: Tables of what people were like before anything was done: no results.
_BASELINE = re.compile(
    r"\b(?:baseline|demographics?|characteristics?|on admission|at entry|at enrol+ment|preoperative)\b",
    re.IGNORECASE,
)
_NOT_ARMS = re.compile(
    r"\b(?:total|overall|all|both|items?|variables?|parameters?|references?|authors?|studies|study|years?|country|"
    r"countries|domains?|questions?|comments?|definitions?|descriptions?|inclusion|exclusion|cost)\b",
    re.IGNORECASE,
)
#: Columns that stand for all arms.
_SUMS = re.compile(
    r"total|overall|all(?:\s+(?:patients|participants|subjects))?|both(?:\s+groups)?|sum",
    re.IGNORECASE,
)
_ARM_CODE = re.compile(
    r"(?:group|arm|cohort)s?\s*(?:[A-F]|[IVX]{1,4}|\d)\b|\b(?:[A-F]|I{1,3}|IV)\s*group\b", re.I
)
_COUNT_WORDS = re.compile(
    r"\bn\s*[(,]?\s*%|\b(?:no|number)\.?\s*\(%\)|\(%\)|,\s*%|\b(?:patients|subjects|women|men)\b",
    re.I,
)
_UNIT = re.compile(r"[(\[,]\s*([^()\[\],]{1,24})\s*[)\]]?\s*$")
_MEASURED: dict[StatisticKind, Measure] = {"mean": "mean", "median": "median", "percent": "percent", "count": "percent", "fraction": "percent"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm as a head or a stub names it."""

    label: str
    start_char: int
    end_char: int
    size: int | None
    control: bool


@dataclass(frozen=True, slots=True)
class Column:
    """What stands below a column's heads."""

    number: int
    arm: Arm | None
    phase: str | None
    kind: StatisticKind | None
    about: str  # what heads say beside arm, phase and kind: an outcome
    heads: tuple[Head, ...]


def find_arm_effects(
    context: Context, index: int, block: Block, table: Table
) -> list[EffectReading] | None:
    """Return the arm results of a table, ``None`` if it is no table of arms."""
    view = context.reading.view.text

    def text_of(cell: Cell) -> str:
        return " ".join(view[cell.start_char : cell.end_char].split())

    grid = read_grid(table, text_of)
    if grid is None or len(grid.rows) > 200:
        return None
    return _Reader(context, index, table, grid, view).read()


def compared(effects: list[EffectReading]) -> list[EffectReading]:
    """Set the arms of a row against its control, at each time: the control, or else the first arm.

    Which way an outcome goes is told by the values, if the row's p value says that they differ.
    """
    found: list[EffectReading] = []
    for effect in effects:
        peers = [
            e for e in effects
            if (e.timepoint, e.outcome_label, e.measure) == (effect.timepoint, effect.outcome_label, effect.measure)
        ]  # fmt: skip
        against = next((e for e in peers if e.arm is not None and e.arm.control), peers[0])
        p = effect.statistic.p_value
        if against is effect or effect.arm == against.arm:
            found.append(effect)
            continue
        one, other = effect.statistic.value, against.statistic.value
        direction = effect.direction
        if p is not None and direction == "unclear" and one is not None and other is not None:
            direction = "increase" if one > other else "decrease" if one < other else "unclear"
        found.append(
            replace(
                effect,
                direction=direction,
                comparator=against.intervention,
                contrast="between_groups",
            )
        )
    return found


def with_sizes(effects: list[EffectReading]) -> list[EffectReading]:
    """Give the results of arms the sizes that other tables print for the same arms.

    A size counts only where all tables that tell it agree.
    """
    sizes: dict[frozenset[str], set[int]] = {}
    for effect in effects:
        if effect.arm is not None and effect.arm.n is not None:
            sizes.setdefault(stems(effect.arm.label), set()).add(effect.arm.n)
    found: list[EffectReading] = []
    for effect in effects:
        told: set[int] = set()
        if effect.arm is not None and effect.arm.n is None:
            own = stems(effect.arm.label)
            alike = [key for key in sizes if key == own] or [
                key for key in sizes if key and own and (key < own or own < key)
            ]
            told = sizes[alike[0]] if len(alike) == 1 else set()
        if effect.arm is not None and effect.arm.n is None and len(told) == 1:
            (n,) = told
            statistic = effect.statistic
            if statistic.n is None:
                statistic = replace(
                    statistic, n=n, total=n if statistic.events is not None and statistic.total is None else statistic.total
                )  # fmt: skip
            effect = replace(effect, arm=replace(effect.arm, n=n), statistic=statistic)
        found.append(effect)
    return found


class _Reader:
    """Reads one table."""

    def __init__(self, context: Context, index: int, table: Table, grid: Grid, view: str) -> None:
        self.context, self.index, self.grid, self.view = context, index, grid, view
        caption = table.caption or _above(context, index)
        self.caption = view[slice(*caption)] if caption else ""
        self.caption_place = caption
        notes = context.reading.blocks[index + 1 : index + 3]
        self.about = " ".join(
            [
                self.caption,
                *(view[b.start_char : min(b.end_char, b.start_char + 400)] for b in notes),
            ]
        ).lower()
        self.names = _interventions(context)
        self.baseline = bool(_BASELINE.search(self.caption[:200]))

    def text(self, cell: Cell) -> str:
        return " ".join(self.view[cell.start_char : cell.end_char].split())

    def stub(self, cell: Cell) -> str:
        """Return what a row is called, marks of notes left out."""
        return RAISED.sub("", self.text(cell)).strip(" *_†‡§¤")

    def read(self) -> list[EffectReading] | None:
        grid = self.grid
        width = len(grid.heads)
        labels = [self._label(grid.heads[n]) for n in range(grid.stubs, width)]
        across = self._armness([label for label in labels if label])
        stubs = [self.stub(row[0]) for row in grid.rows]
        down = self._armness([stub for stub in stubs if stub])
        if grid.stubs == 2:
            second = [self.stub(row[1]) for row in grid.rows]
            if self._armness([s for s in second if s]) > max(across, down, 0.5):
                return self._nested()
        distinct = len({label.lower() for label in labels if label})
        if across >= 0.5 and across >= down and distinct >= 2:
            return self._across()
        if down >= 0.6 and down > across:
            return self._down()
        return None

    def _label(self, heads: Sequence[Head]) -> str:
        """Return what a column's heads name beside statistics and phases."""
        parts = [
            h.text for h in heads
            if h.text and statistic_kind(h.text) is None and not _PHASE.fullmatch(h.text.strip(" ()"))
        ]  # fmt: skip
        return " ".join(parts)

    def _armness(self, labels: Sequence[str]) -> float:
        """Return the share of labels that can be names of arms, 0 to 1."""
        distinct = [
            label for label in dict.fromkeys(labels) if not _SUMS.fullmatch(label.strip(" ()"))
        ]
        if not distinct:
            return 0.0
        return sum(self._is_arm(label) for label in distinct) / len(distinct)

    def _is_arm(self, label: str) -> bool:
        bare = self.context.written_out(
            label, self.caption_place[0] if self.caption_place else 0
        ).lower()
        words = set(re.findall(r"[a-z]+", bare))
        if _NOT_ARMS.search(bare) and not words & CONTROL_WORDS:
            return False
        if _ARM_CODE.search(label) or words & (
            CONTROL_WORDS - {"no", "normal", "baseline", "alone", "standard"}
        ):
            return True
        if words & GENERIC_WORDS and len(words) <= 6:
            return True
        if words & GROUP_WORDS and words & {"group", "groups", "arm", "arms", "cohort"}:
            return True
        own = stems(label)
        return (
            bool(own)
            and len(bare) < 80
            and any(own <= name or name <= own or len(own & name) >= 2 for name in self.names)
        )

    # Arms across ------------------------------------------------------------------------------

    def _across(self) -> list[EffectReading]:
        columns = [self._column(n) for n in range(self.grid.stubs, len(self.grid.heads))]
        depth = max((len(c.heads) for c in columns if c.arm), default=0)
        columns = [
            self._column(c.number, forced=True) if c.arm is None and len(c.heads) == depth else c
            for c in columns
        ]
        found: list[EffectReading] = []
        section = ""
        for row in self.grid.rows:
            stub = " ".join(t for c in row[: self.grid.stubs] if (t := self.stub(c)))
            values = [self.text(c) for c in row[self.grid.stubs :]]
            if not any(re.search(r"\d", v) for v in values) or len({id(c) for c in row}) == 1:
                section = stub or next((v for v in values if v), section)
                continue
            if not any(re.search(r"\d", v) for v, c in zip(values, columns, strict=True) if c.arm):
                section = stub  # only a p value stands beside a heading
                continue
            found += self._row(row, stub, section, columns)
        return found

    def _column(self, number: int, *, forced: bool = False) -> Column:
        """Read a column's heads; `forced`: what they name beside statistics and times is an arm."""
        heads = self.grid.heads[number]
        phase = kind = None
        size: int | None = None
        names: list[Head] = []
        for head in heads:
            size = head.size or size
            if not head.text:
                continue
            if head.kind is not None:
                kind = head.kind
                if statistic_kind(head.text) is not None:
                    continue
            if (
                (found := _PHASE.search(head.text))
                and len(stems(head.text)) <= 4
                and not self._is_arm(_PHASE.sub("", head.text))
            ):
                phase = found.group()
            else:
                names.append(head)
        arm = None
        about = ""
        named = [head for head in names if self._is_arm(head.text)]
        if forced and not named and kind not in ("p", "ci", "estimate"):
            named = [head for head in names if not _NOT_ARMS.search(head.text)][-1:]
        if named:
            head = named[-1]
            about = " ".join(h.text for h in names if h is not head)
            inner = _PHASE.search(head.text)
            label = tidy(_PHASE.sub("", head.text)) if inner else head.text
            phase = phase or (inner.group() if inner else None)
            arm = self._arm(label or head.text, head.start_char, head.end_char, size or head.size)
        else:
            about = " ".join(h.text for h in names)
        return Column(number, arm, phase, kind, about, heads)

    def _arm(self, label: str, start: int, end: int, size: int | None) -> Arm:
        words = set(re.findall(r"[a-z]+", label.lower()))
        control = bool(words & CONTROL_WORDS)
        return Arm(self.context.written_out(tidy(label), start), start, end, size, control)

    def _row(
        self, row: Sequence[Cell], stub: str, section: str, columns: Sequence[Column]
    ) -> Iterator[EffectReading]:
        p = self._p(row, columns)
        by_arm: dict[tuple[str, str | None, str], list[Column]] = {}
        for column in columns:
            if column.arm is not None and column.kind not in ("p", "ci", "estimate"):
                key = (column.arm.label, column.phase, column.about)
                by_arm.setdefault(key, []).append(column)
        outcome, timepoint = self._outcome(stub, section)
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
                number, arm, label or self.caption, row[0], row, phase or timepoint,
                [h for c in group for h in c.heads], p,
            )  # fmt: skip
            made.append(effect)
        yield from compared(made)

    def _p(self, row: Sequence[Cell], columns: Sequence[Column]) -> tuple[str, float, str] | None:
        for column in columns:
            if column.kind == "p" and (found := parse_p(self.text(row[column.number]))):
                return found
        return None

    def _outcome(self, stub: str, section: str) -> tuple[str, str | None]:
        """Return a row's outcome and time: of the stub, of the heading above it, or of both."""
        bare = _strip_statistic(stub)
        phase = _PHASE.search(bare)
        if phase and not re.search(r"[a-z]", _SUMS.sub("", _PHASE.sub("", bare.lower()))):
            return _strip_statistic(section) or self._of_caption(), bare
        if not stems(bare):
            return _strip_statistic(section) or self._of_caption(), None
        head = _strip_statistic(section)
        if head and likeness(head, bare) < 0.5 and not _GENERAL.search(head):
            return f"{head}: {bare}", None
        return bare, None

    def _of_caption(self) -> str:
        bare = re.sub(r"^\s*tab(?:le)?\.?\s*\w{1,4}[.:]?\s*", "", self.caption, flags=re.IGNORECASE)
        return bare[:120].split(".")[0]

    # Arms down --------------------------------------------------------------------------------

    def _down(self) -> list[EffectReading]:
        """Read rows of arms under columns of outcomes, phases and statistics."""
        columns = [self._column_down(n) for n in range(self.grid.stubs, len(self.grid.heads))]
        sizes = [
            c for c in columns
            if c.phase is None and not c.about and c.heads
            and re.fullmatch(r"n|no\.?|number", c.heads[-1].text, re.IGNORECASE)
        ]  # fmt: skip
        if all(c.kind in ("count", "percent", "p") for c in columns):
            sizes = []  # the counts are events
        found: list[EffectReading] = []
        section = ""
        for row in self.grid.rows:
            stub = self.stub(row[0])
            values = [self.text(c) for c in row[1:]]
            if not any(re.search(r"\d", v) for v in values):
                section = stub
                continue
            if not self._is_arm(stub):
                continue
            told = self.text(row[sizes[0].number]) if len(sizes) == 1 else ""
            size = int(told) if re.fullmatch(r"\d{1,6}", told) else None
            found += self._row_down(row, stub, section, columns, size)
        return found

    def _column_down(self, number: int) -> Column:
        heads = self.grid.heads[number]
        phase = kind = None
        names: list[str] = []
        for head in heads:
            if head.kind is not None:
                kind = head.kind
                if statistic_kind(head.text) is not None:
                    continue
            found = _PHASE.search(head.text)
            rest = _PHASE.sub(" ", head.text) if found else head.text
            phase = found.group() if found else phase
            if stems(rest):
                names.append(_strip_statistic(rest))
        return Column(number, None, phase, kind, ": ".join(n for n in names if n), heads)

    def _row_down(
        self, row: Sequence[Cell], stub: str, section: str, columns: Sequence[Column], size: int | None
    ) -> Iterator[EffectReading]:  # fmt: skip
        p = self._p(row, columns)
        arm = self._arm(stub, row[0].start_char, row[0].end_char, size)
        sized = re.search(r"\b[nN]\s*=\s*(\d+)", stub)
        if sized:
            label = re.sub(r"[(\[]?\s*[nN]\s*=\s*\d+\s*[)\]]?", "", stub)
            arm = replace(arm, label=tidy(label) or stub, size=int(sized[1]))
        groups: dict[tuple[str | None, str], list[Column]] = {}
        for column in columns:
            if column.kind in ("p", "ci", "estimate"):
                continue
            if (
                column.kind == "count"
                and size is not None
                and self.text(row[column.number]) == str(size)
            ):
                continue
            groups.setdefault((column.phase, column.about), []).append(column)
        for (phase, about), group in groups.items():
            number = self._number(row, group, arm.size, f"{about} {self.caption}")
            if number is None:
                continue
            outcome = about or _strip_statistic(section) or self._of_caption()
            place = group[0].heads[0] if about and group[0].heads else None
            cell = Cell(place.start_char, place.end_char) if place else row[0]
            yield self._effect(
                number, arm, outcome, cell, row, phase, [h for c in group for h in c.heads], p
            )

    def _nested(self) -> list[EffectReading]:
        """Read two stubs: an outcome that stands for several rows, and the arm of each row."""
        columns = [self._column_down(n) for n in range(2, len(self.grid.heads))]
        found: list[EffectReading] = []
        outcome = ""
        for row in self.grid.rows:
            outcome = self.stub(row[0]) or outcome
            stub = self.stub(row[1])
            if not stub or not self._is_arm(stub):
                continue
            shifted = (row[1], *row[1:])
            for effect in self._row_down(shifted, stub, outcome, columns, None):
                label = _strip_statistic(outcome)
                own = effect.outcome_label or ""
                if label and likeness(label, own) < 0.5:
                    told = label if own == self._of_caption() else f"{label}: {own}"
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
        for column in group:
            cell = row[column.number]
            number = read_number(
                self.view[cell.start_char : cell.end_char],
                cell.start_char,
                kind=column.kind,
                size=size,
                label=f"{label} {' '.join(h.text for h in column.heads)}",
                about=self.about,
            )
            if number is None:
                continue
            found = number if found is None else found.joined(number)
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
            s = replace(s, unit=s.unit or _unit(outcome))
        if p is not None:
            s = replace(s, p_operator=p[0], p_value=p[1], printed_p=p[2])  # type: ignore[arg-type]
        phrase = Phrase(arm.start_char, arm.end_char, arm.label, arm.label, -1, 0, 0, 0, (0.0,) * 5)
        place = (stub.start_char, stub.end_char)
        if not self.view[slice(*place)].strip():
            place = next((c.start_char, c.end_char) for c in row if self.text(c))
        ends = [c for c in row if self.text(c) and c.start_char >= _first(row, self.text)]
        bare = tidy(outcome.split(" [")[0].strip(" :,")) or outcome
        columns = {(h.start_char, h.end_char): None for h in heads}
        return EffectReading(
            statistic=s, measure=number.measure, direction="unclear" if p is None or p[1] < 0.05 else "no_difference",
            sentence=(min(c.start_char for c in ends), max(c.end_char for c in ends)), block=self.index,
            outcome_label=self.context.written_out(bare, place[0])[:200], outcome_place=place,
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


#: Headings that say what kind of rows follow, not what was measured.
_GENERAL = re.compile(
    r"^\s*(?:primary|secondary|other|variables?|parameters?|outcomes?|characteristics?|results?|"
    r"efficacy|safety|continuous|categorical)\b[^:]{0,40}$", re.IGNORECASE,
)  # fmt: skip
_TRAILING = re.compile(
    r"[,;:]?\s*[(\[]?\s*(?<!\w)(?:(?:mean|median|m)\b\s*(?:(?:[(\[±,+/-]|and).{0,24})?|(?:n|no\.?|number)\s*[(,/]?\s*(?:%|n)\s*\)?|"
    r"±\s*s\.?[de]\.?m?\.?|%|\(%\)|s\.?d\.?)\s*[)\]]?\s*$",
    re.IGNORECASE,
)


def _strip_statistic(label: str) -> str:
    """Return a label without what it says of the form of its numbers ("…, mean (SD)", "…, n (%)")."""
    bare = label.strip(" :*_")
    previous = None
    while bare != previous:
        previous = bare
        bare = _TRAILING.sub("", bare).strip(" :,;*_")
    bare = RAISED.sub("", bare).rstrip("*†‡§¤")
    return bare.strip(" :,;*_")


def _unit(label: str) -> str | None:
    found = _UNIT.search(label)
    if found is None or not re.search(
        r"[/%°]|\b(?:kg|g|mg|cm|mm|h|hours?|days?|min|score|points?)\b", found[1]
    ):
        return None
    return found[1].strip()


def parse_p(text: str) -> tuple[str, float, str] | None:
    """Read a cell of a column of p values; "NS" and footnote marks give ``None``.

    Examples
    --------
    >>> parse_p("<0.001*")
    ('<', 0.001, '<0.001')
    """
    found = re.match(r"[pP]?\s*([<>=≤≥]?)\s*(0?[.·,]\d+|[01](?:[.·,]\d+)?)(?!\d)", text.strip(" *"))
    if not found:
        return None
    operator = {"": "=", "≤": "<=", "≥": ">="}.get(found[1], found[1])
    value = float(found[2].replace("·", ".").replace(",", "."))
    return (operator, value, found[1] + found[2]) if value <= 1 else None


def _above(context: Context, index: int) -> tuple[int, int] | None:
    for block in reversed(context.reading.blocks[max(0, index - 2) : index]):
        if block.kind == "table":
            return None
        if block.end_char - block.start_char < 500:
            return block.start_char, block.end_char
    return None


def _interventions(context: Context) -> list[frozenset[str]]:
    """Return the stems of what the text names as given to people, the surest names first."""
    found: dict[frozenset[str], float] = {}
    for phrase in context.phrases:
        score = phrase.score("intervention")
        own = stems(phrase.raw)
        if score >= 0.5 and own and len(own) <= 5:
            found[own] = found.get(own, 0.0) + score
    ranked = sorted(found, key=lambda key: (-found[key], sorted(key)))
    return ranked[:60]
