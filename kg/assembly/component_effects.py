"""Results of component studies: the value cells of a synthesis' table of included studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.assembly.cell_values import parse_cell
from kg.assembly.context import Context
from kg.assembly.effects import EffectReading
from kg.assembly.labels import likeness, tidy
from kg.assembly.phrase import Phrase
from kg.assembly.study_reading import StudyReading
from kg.assembly.table_estimates import ESTIMATES, direction_of, with_own_interval
from kg.assembly.table_labels import OF_WHAT
from kg.assembly.told_pair import told_pair
from kg.numbers.atoms import read_atoms
from kg.numbers.statistic import shift
from kg.records import Direction, Measure


def find_component_effects(
    contexts: Mapping[int, Context],
    studies: Sequence[StudyReading],
    effects: Sequence[EffectReading],
) -> Iterator[EffectReading]:
    """Yield one effect for each value cell of each component study.

    A component's intervention is the one that most effects of its synthesis name: a row of the
    table says how much of it was given, not what it was. `contexts` are those of the reports.
    """
    for number, study in enumerate(studies):
        if study.parent is None:
            continue
        context = contexts[study.parent]
        text = context.reading.view.text
        intervention = _main_intervention(context, studies, study, effects)
        before: dict[str, float] = {}
        for cell in study.cells:
            value = parse_cell(text[cell.start_char : cell.end_char])
            if value is None:
                continue
            statistic = shift(value.statistic, cell.start_char)
            direction: Direction = "unclear"
            if cell.phase == "before" and statistic.value is not None:
                before[cell.column] = statistic.value
            elif cell.column in before and statistic.value is not None:
                change = statistic.value - before[cell.column]
                direction = (
                    "increase" if change > 0 else "decrease" if change < 0 else "no_difference"
                )
            measure: Measure = "mean" if value.form != "percent" else "percent"
            keys = (a.key for a in read_atoms(cell.column) if a.kind == "MEASURE")
            named: Measure | None = next((k for k in keys if k in ESTIMATES), None)  # type: ignore[misc]
            if named is not None:
                measure, statistic = named, with_own_interval(replace(statistic, measure=named))
                direction, _ = direction_of(statistic)
            yield EffectReading(
                statistic=statistic,
                measure=measure,
                direction=direction,
                sentence=(cell.start_char, cell.end_char),
                block=study.blocks[0] if study.blocks else -1,
                outcome_label=_known_name(
                    context.names.written_out(_measured(cell.column, named), cell.column_start),
                    effects,
                ),
                outcome_place=(cell.column_start, cell.column_end),
                intervention=intervention,
                contrast="between_groups"
                if named
                else "before_after"
                if cell.phase
                else "single_arm",
                timepoint=cell.phase,
                confidence=0.9,
                study=number,
            )


def _main_intervention(
    context: Context,
    studies: Sequence[StudyReading],
    study: StudyReading,
    effects: Sequence[EffectReading],
) -> Phrase | None:
    blocks = set(studies[study.parent].blocks if study.parent is not None else study.blocks)
    named = [e.intervention for e in effects if e.intervention is not None and e.block in blocks]
    if not named:
        return told_pair(context)[0]
    return max(
        named,
        key=lambda p: (sum(likeness(p.label, q.label) for q in named), len(p.label), -p.start_char),
    )


def _measured(column: str, named: Measure | None) -> str:
    """Return what a column is about: "falling" where it holds the relative risk of that."""
    told = OF_WHAT.search(column) if named is not None else None
    return column if told is None else tidy(told["what"])


def _known_name(column: str, effects: Sequence[EffectReading]) -> str:
    """Return the name that the text's own results give to a column's outcome, else the column's."""
    names = [
        e.outcome_label
        for e in effects
        if e.outcome_label and likeness(e.outcome_label, column) >= 0.5
    ]
    return max(names, key=len, default=column)
