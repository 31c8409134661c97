"""Which intervention a dose is of."""

from __future__ import annotations

from collections.abc import Sequence

from kg.assembly.context import Context
from kg.assembly.effects import EffectReading
from kg.assembly.labels import likeness, tidy
from kg.assembly.phrase import Phrase
from kg.assembly.registry import Registry
from kg.numbers.dose_repeats import first_tellings
from kg.numbers.dose_told import complete
from kg.numbers.statistic import DoseReading
from kg.records import Dose, content_id
from kg.text import Reading

#: What a phrase begins with that is a limit of an amount.
_BOUNDS = ("maximum", "max ", "max.", "minimum", "up to", "at least", "at most")
#: A dose and the other places (view offsets) that tell of it.
Told = tuple[DoseReading, tuple[tuple[int, int], ...]]


def tell_doses_apart(
    text: str, doses: Sequence[DoseReading], advice: Sequence[tuple[int, int]]
) -> list[Told]:
    """Return each dose once, with its other places: a page tells its regimen in title, text and table.

    What is said only at a repeat, behind the name elsewhere or of the whole trial completes the dose.

    Doses inside advice stand by themselves: two rules may name one dose under two conditions.
    """
    advised = [any(a <= d.amount_start < b for a, b in advice) for d in doses]
    reported = [d for d, inside in zip(doses, advised, strict=True) if not inside]
    first = first_tellings(text, reported)
    repeats: dict[int, list[DoseReading]] = {}
    for n, original in enumerate(first):
        if n != original:
            repeats.setdefault(original, []).append(reported[n])
    once = [(d, tuple(repeats.get(n, ()))) for n, d in enumerate(reported) if first[n] == n]
    told: list[Told] = [
        (whole, (*((r.start_char, r.end_char) for r in again), *places))
        for (_, again), (whole, places) in zip(once, complete(text, once), strict=True)
    ]
    told += [(d, ()) for d, inside in zip(doses, advised, strict=True) if inside]
    return sorted(told, key=lambda pair: pair[0].start_char)


def attach_doses(
    reading: Reading, context: Context, study: str, doses: Sequence[Told],
    interventions: Registry, effects: Sequence[EffectReading],
) -> list[Dose]:  # fmt: skip
    """Return the dose records of a study, each with its intervention, in the order of `doses`.

    The substance named right at the dose decides; then the one substance that other doses in the same
    unit name ("800 IU of vitamin D" tells what 2,000 IU are of), if two do; then the nearest phrase of the sentence that
    the tagger holds for an intervention; then the substance that one dose in the unit names; then the intervention of the
    surest effect. An intervention that no effect has named yet is entered in `interventions`.
    """
    records = []
    by_unit = _substances_by_unit(reading, [d for d, _ in doses])
    often = {unit: places[0] for unit, places in by_unit.items() if len(places) > 1}
    for d, places in doses:
        span = reading.span(d.start_char, d.end_char)
        again = tuple(reading.span(*place) for place in places)
        phrase = _nearest_intervention(context, d)
        identifier: str | None = None
        if d.substance_start is not None and d.substance_end is not None:
            identifier = _enter(reading, context, interventions, d.substance_start, d.substance_end)
        elif d.unit in often:
            identifier = _enter(reading, context, interventions, *often[d.unit])
        elif phrase is not None:
            identifier = interventions.add(
                phrase.label, reading.span(phrase.start_char, phrase.end_char)
            )
        elif d.unit in by_unit:
            identifier = _enter(reading, context, interventions, *by_unit[d.unit][0])
        elif effects:
            best = max(effects, key=lambda e: e.confidence if e.intervention else 0.0).intervention
            identifier = interventions.find(best.label) if best else None
        key = [study, identifier, d.low, d.high, d.unit, d.frequency, d.duration, span.start_char]
        records.append(
            Dose(
                id=content_id("dose", key), intervention=identifier, low=d.low, high=d.high, unit=d.unit,
                raw_unit=d.raw_unit, times_per_day_low=d.times_per_day_low,
                times_per_day_high=d.times_per_day_high, interval_days_low=d.interval_days_low,
                interval_days_high=d.interval_days_high, frequency=d.frequency, route=d.route,
                duration=d.duration, duration_days_low=d.duration_days_low,
                duration_days_high=d.duration_days_high, doses_low=d.doses_low, doses_high=d.doses_high,
                per_day_low=d.per_day_low, per_day_high=d.per_day_high, cumulative_low=d.cumulative_low,
                cumulative_high=d.cumulative_high, evidence=(span, *again),
            )
        )  # fmt: skip
    return records


def _substances_by_unit(
    reading: Reading, doses: Sequence[DoseReading]
) -> dict[str, list[tuple[int, int]]]:
    """Return where the substance of a unit is named, for units whose doses all name the same."""
    named: dict[str, list[tuple[int, int]]] = {}
    for d in doses:
        if d.substance_start is not None and d.substance_end is not None:
            named.setdefault(d.unit, []).append((d.substance_start, d.substance_end))
    text = reading.view.text
    return {
        unit: places
        for unit, places in named.items()
        if all(likeness(text[slice(*places[0])], text[slice(*p)]) >= 0.9 for p in places)
    }


def _enter(
    reading: Reading, context: Context, interventions: Registry, start: int, end: int
) -> str:
    """Return the intervention that a stretch names, entered if no other is called the same."""
    label = context.names.written_out(tidy(reading.view.text[start:end]), start)
    return interventions.find(label) or interventions.add(label, reading.span(start, end))


def _nearest_intervention(context: Context, dose: DoseReading) -> Phrase | None:
    sentence = context.annotation.sentence_at(dose.amount_start)
    best: tuple[float, Phrase] | None = None
    for back in (0, 1):
        if sentence is None or sentence - back < 0:
            break
        for phrase in context.by_sentence.get(sentence - back, ()):
            score = phrase.score("intervention")
            if score < 0.5 or likeness(phrase.label, "placebo") > 0:
                continue
            if phrase.raw.lower().startswith(_BOUNDS):
                continue  # "maximum 60 mg": the dose itself
            gap = max(phrase.start_char - dose.end_char, dose.start_char - phrase.end_char, 0)
            merit = score - gap / 100 - 0.5 * back
            if best is None or merit > best[0]:
                best = (merit, phrase)
        if best is not None:
            break
    return best[1] if best else None
