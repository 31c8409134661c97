"""Which effects of the graph answer one question, and which do not and why.

A study contributes one estimate. Effects that compare groups come first; where a study has none, the
results of its two arms are compared. Nothing is mixed that does not measure the same thing: measure,
unit and "per" must agree, or be convertible by :mod:`kg.statistics.amounts`. A synthesis does not stand
beside studies that it may contain, and results told again are taken once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.combinations import INERT
from kg.effects import EffectRow, find_effects
from kg.errors import PoolError
from kg.identity import fold
from kg.outcomes import lookup_outcome, outcome_key, same_outcome
from kg.statistics.amounts import AmountError, convert
from kg.statistics.arm_pairs import ArmResult
from kg.statistics.conversions import or_to_rr, se_from_p
from kg.statistics.estimate import Estimate, from_interval
from kg.statistics.scales import to_scale
from kg.store import Store
from kg.synthesis.analysis import LeftOut
from kg.synthesis.arm_results import compare_arms, find_arm_results, is_about
from kg.synthesis.contributions import EVENT_MEASURES, MEAN_MEASURES, Contribution
from kg.synthesis.doses import find_doses
from kg.vocabulary import GROUP_MEASURES

#: Measures that can be pooled, and the one they are pooled as.
POOLABLE = {
    "RR": "RR", "OR": "OR", "HR": "HR", "IRR": "IRR", "RD": "RD", "MD": "MD", "WMD": "MD", "SMD": "SMD",
    "ROM": "ROM", "r": "r", "rho": "rho",
}  # fmt: skip
SYNTHESES = frozenset({"meta-analysis", "systematic review"})
#: Designs that report no results of their own.
_NO_RESULTS = frozenset({"review", "guideline", "protocol"})
#: Words that turn the name of a substance into that of its lack.
_LACK = frozenset(
    {"deficiency", "deficient", "insufficiency", "insufficient", "depletion", "low", "lowest"}
)


@dataclass(frozen=True, slots=True)
class Question:
    """What to select. ``None`` and ``""`` leave a choice open: the one with most studies is taken.

    ``contrast`` is as in :class:`kg.records.Effect`, or ``"any"``. ``without`` are labels or ends of
    effect IRIs to pass over. ``baseline_risk`` allows odds ratios to become risk ratios.
    """

    intervention: str
    outcome: str
    measure: str | None = None
    unit: str = ""
    contrast: str = ""
    design: str = ""
    comparator: str = ""
    without: tuple[str, ...] = ()
    subgroups: bool = False
    combinations: bool = False
    syntheses: bool = False
    convert: bool = False
    baseline_risk: float | None = None
    least_confidence: float = 0.0

    @property
    def title(self) -> str:
        """The question in words."""
        return f"{self.intervention} and {self.outcome}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be pooled, in which measure, and what is not."""

    contributions: tuple[Contribution, ...]
    measure: str
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: EffectRow
    contribution: Contribution
    #: What must agree: measure, unit, per.
    kind: tuple[str, str, str]


def select_effects(store: Store, question: Question) -> Selection:
    """Select comparable effects of an intervention on an outcome.

    Raises
    ------
    QueryError
        If no intervention or outcome is called so; the message suggests some.
    PoolError
        If nothing can be pooled; the message says what there is and why not.
    """
    return _Selector(store, question).select()


class _Selector:
    def __init__(self, store: Store, question: Question) -> None:
        self.store = store
        self.question = question
        self.left_out: list[LeftOut] = []

    def select(self) -> Selection:
        rows = find_effects(self.store, self.question.intervention, self.question.outcome)
        rows = self._one_outcome(rows)
        doses = find_doses(self.store, [row.effect for row in rows])
        kept = [row for row in rows if self._fits(row)]
        kept = self._one_contrast(kept)
        kept = self._no_synthesis_with_members(kept)
        candidates = [c for row in kept if (c := self._candidate(row, doses)) is not None]
        arms = self._from_arms(rows, kept)
        candidates = self._one_kind(candidates, arms)
        candidates = self._once_each(candidates)
        self._tell_of_arms(rows, candidates)
        if not candidates:
            raise PoolError(self._nothing(rows))
        measure = candidates[0].kind[0]
        return Selection(tuple(c.contribution for c in candidates), measure, tuple(self.left_out))

    def _one_outcome(self, rows: list[EffectRow]) -> list[EffectRow]:
        """Keep the outcome asked for under all its names, where there is one that is just that.

        "exacerbation" then means neither "time to first exacerbation" nor "severe exacerbations"; a
        word that is no outcome by itself ("fractures of") keeps all that it finds.
        """
        asked = outcome_key(self.question.outcome, lookup=lookup_outcome)
        same = [
            row for row in rows
            if same_outcome(asked, outcome_key(row.outcome, lookup=lookup_outcome))
        ]  # fmt: skip
        if not same:
            return rows
        effects = {row.effect for row in same}
        for row in rows:
            if row.effect not in effects:
                self._leave(row, f"another outcome: {row.outcome} (ask for it by name)")
        return same

    def _leave(self, row: EffectRow, reason: str) -> None:
        if row.measure not in GROUP_MEASURES:  # arms are compared apart, and told of in one line
            self.left_out.append(LeftOut(row.study, tell(row), reason, row.effect))

    # --- one effect at a time -------------------------------------------------------------------

    def _fits(self, row: EffectRow) -> bool:
        reason = self._objection(row)
        if reason is not None:
            self._leave(row, reason)
        return reason is None

    def _objection(self, row: EffectRow) -> str | None:
        question = self.question
        asked = set(fold(question.intervention).split())
        if row.reported_as != "result":
            return "a hypothesis" if row.reported_as == "hypothesis" else "told of earlier work"
        if row.design in _NO_RESULTS:
            return f"a {row.design} has no results of its own"
        if any(
            row.effect.endswith(name) or fold(name) == fold(row.study) for name in question.without
        ):
            return "passed over as asked"
        if question.design and question.design not in row.design:
            return f"a {row.design}"
        lack = _LACK.intersection(fold(row.intervention).split()) - asked
        if lack:
            return f"about {row.intervention}, not {question.intervention}"
        given_with = [part for part in fold(row.intervention).split(" + ") if part not in INERT]
        if len(given_with) > 1 and not question.combinations and "+" not in question.intervention:
            return f"given together: {row.intervention} (--combinations takes it)"
        if row.comparator and fold(question.intervention) in fold(row.comparator):
            return f"compares it with itself: {row.comparator}"
        if question.comparator and fold(question.comparator) not in fold(row.comparator or ""):
            return f"against {row.comparator or 'an unnamed comparator'}"
        if row.subgroup and not question.subgroups:
            return f"of a subgroup: {row.subgroup} (--subgroups takes it)"
        if row.timepoint and fold(row.timepoint).removeprefix("at ").startswith(
            ("baseline", "before")
        ):
            return "at baseline"
        if row.confidence is not None and row.confidence < question.least_confidence:
            return f"its link has a confidence of {row.confidence:g}"
        return None

    def _candidate(self, row: EffectRow, doses: dict[str, str]) -> _Candidate | None:
        if row.measure in GROUP_MEASURES:
            return None
        if row.measure == "direction_only":
            self._leave(row, "told in words, without a number")
            return None
        measure = POOLABLE.get(row.measure)
        if measure is None:
            self._leave(row, f"{row.measure.replace('_', ' ')} is not pooled")
            return None
        try:
            own, note = read_estimate(row, measure)
            estimate, unit, notes = self._wanted(row, own, measure)
        except (ValueError, AmountError) as error:
            self._leave(row, str(error))
            return None
        contribution = Contribution(
            row.study, estimate, unit=unit, year=row.year, n=row.n,
            groups=_groups(row, doses.get(row.effect)), sources=(row.effect,),
            notes=tuple(filter(None, (note, *notes))),
            reported=_reported(row) if estimate is own else None,
        )  # fmt: skip
        return _Candidate(row, contribution, (estimate.measure, unit, step(row.per or "")))

    def _wanted(
        self, row: EffectRow, estimate: Estimate, measure: str
    ) -> tuple[Estimate, str, tuple[str, ...]]:
        """Return the estimate in the measure and unit that were asked for, where that is sound."""
        unit = "" if measure not in ("MD", "RD") else row.unit or ""
        notes: list[str] = []
        if measure == "RD" and unit == "%":
            estimate = Estimate("RD", estimate.point / 100, estimate.error / 100, estimate.method)
            unit = ""
        if measure == "MD" and self.question.unit and unit and unit != self.question.unit:
            change = convert(1.0, unit, self.question.unit, row.outcome)
            estimate = Estimate("MD", estimate.point * change.value, estimate.error * change.value)
            notes.append(f"from {unit}{': ' + change.method if change.method else ''}")
            unit = self.question.unit
        wanted = self.question.measure
        if wanted == "RR" and measure == "OR" and self.question.baseline_risk is not None:
            risk = self.question.baseline_risk
            low, high = estimate.interval()
            value = or_to_rr(estimate.value, risk)
            estimate = from_interval("RR", value, or_to_rr(low, risk), or_to_rr(high, risk))
            notes.append(f"RR from OR at a baseline risk of {risk:g} (Zhang & Yu 1998)")
        elif self.question.convert and {measure, wanted} == {"SMD", "OR"}:
            found = Contribution(row.study, estimate).measured_as(str(wanted))
            assert found.estimate is not None
            estimate, unit = found.estimate, ""
            notes.append(estimate.method)
        return estimate, unit, tuple(notes)

    # --- several effects against one another ------------------------------------------------------

    def _one_contrast(self, rows: list[EffectRow]) -> list[EffectRow]:
        """Keep comparisons of groups apart from associations, and interventions from exposures."""
        wanted = self.question.contrast
        if wanted == "any":
            return rows
        comparing = [row for row in rows if POOLABLE.get(row.measure)]
        if not wanted:
            kinds = Counter(_contrast(row) for row in comparing)
            wanted = max(
                sorted(kinds), key=lambda kind: (kind == "between_groups", kinds[kind]), default=""
            )
        kept = []
        for row in rows:
            if _contrast(row) == wanted or row not in comparing:
                kept.append(row)
            else:
                self._leave(
                    row, f"{_CONTRAST_WORDS[_contrast(row)]} (--contrast {_contrast(row)} takes it)"
                )
        return kept

    def _no_synthesis_with_members(self, rows: list[EffectRow]) -> list[EffectRow]:
        syntheses = [row for row in rows if row.design in SYNTHESES and row.parent is None]
        if not syntheses or self.question.syntheses:
            return rows
        kept = []
        members: dict[str, list[str]] = {}
        for row in rows:
            if row.parent is not None:
                members.setdefault(row.parent, []).append(row.study)
        for row in rows:
            if row not in syntheses:
                kept.append(row)
            elif row.study in members:
                names = ", ".join(sorted(set(members[row.study])))
                self._leave(row, f"a synthesis of {names}, which are here themselves")
            else:
                self._leave(
                    row, "a synthesis, which may contain these studies (--syntheses takes it)"
                )
        return kept

    def _from_arms(self, rows: Sequence[EffectRow], kept: Sequence[EffectRow]) -> list[_Candidate]:
        """Compare the arms of studies: from events and means where the text compares nothing."""
        results = find_arm_results(self.store, {row.study_node for row in rows})
        fitting = {row.effect for row in kept}
        outcomes = {fold(row.outcome) for row in rows}
        found = []
        for contribution, first in compare_arms(
            [item for item in results if fold(item.outcome) in outcomes],
            self.question.intervention,
            lambda item: item.effect in fitting or not is_about(item, self.question.intervention),
        ):
            row = next((row for row in rows if row.effect == first.effect), None)
            if row is None or row.effect not in fitting:
                continue
            for measure in self._arm_measures(contribution):
                unit = contribution.unit if measure == "MD" else ""
                try:
                    item = replace(
                        contribution, unit=unit, year=row.year, groups=_groups(row, None)
                    ).measured_as(measure)
                except ValueError:
                    continue
                if measure == "MD" and self.question.unit and unit != self.question.unit:
                    try:
                        item = _in_unit(item, unit, self.question.unit, row.outcome)
                    except AmountError as error:
                        self.left_out.append(
                            LeftOut(row.study, _arms_told(first), str(error), row.effect)
                        )
                        continue
                found.append(_Candidate(row, item, (measure, item.unit, "")))
        return found

    def _tell_of_arms(self, rows: Sequence[EffectRow], taken: Sequence[_Candidate]) -> None:
        """Say, a line a study, how many values of single groups were not compared."""
        used = {source for c in taken for source in c.contribution.sources}
        studies: Counter[tuple[str, str]] = Counter()
        for row in rows:
            if row.measure in GROUP_MEASURES and row.effect not in used:
                studies[row.study, row.study_node] += 1
        present = {c.row.study_node for c in taken}
        for (study, node), count in sorted(studies.items()):
            if node not in present:
                told = f"{count} value{'s' if count > 1 else ''} of single groups"
                self.left_out.append(LeftOut(study, told, "no pair of arms that says enough", node))

    def _arm_measures(self, contribution: Contribution) -> tuple[str, ...]:
        able = EVENT_MEASURES if contribution.events is not None else MEAN_MEASURES[:2]
        wanted = self.question.measure
        return able if wanted is None else tuple(name for name in able if name == wanted)

    def _one_kind(self, candidates: list[_Candidate], arms: list[_Candidate]) -> list[_Candidate]:
        """Choose the measure, unit and "per" that most studies have; the rest is left out."""
        question = self.question

        def asked(kind: tuple[str, str, str]) -> bool:
            return question.measure in (None, kind[0]) and question.unit in ("", kind[1])

        told: Counter[tuple[str, str, str]] = Counter()
        for kind in {c.kind for c in candidates} | {c.kind for c in arms}:
            if asked(kind):
                reported = {c.row.study_node for c in candidates if c.kind == kind}
                computed = {c.row.study_node for c in arms if c.kind == kind} - reported
                # what is reported counts for more, so that arms do not outvote it on their own
                told[kind] = 1000 * len(reported | computed) + len(reported)
        order = list(POOLABLE)
        chosen = max(
            sorted(told), key=lambda kind: (told[kind], -order.index(kind[0])), default=None
        )
        kept = []
        for c in candidates:
            same = c if c.kind == chosen else self._same_kind(c, chosen)
            if same is not None:
                kept.append(same)
            else:
                self._leave(c.row, _other_kind(c.kind, chosen, question))
        reported = {c.row.study_node for c in kept}
        for c in arms:
            same = c if c.kind == chosen else self._same_kind(c, chosen)
            if same is not None and c.row.study_node not in reported:
                kept.append(same)
                reported.add(c.row.study_node)
        return kept

    def _same_kind(self, c: _Candidate, chosen: tuple[str, str, str] | None) -> _Candidate | None:
        """Return a mean difference in the unit that was chosen, where a sourced factor leads there."""
        measure, unit, per = c.kind
        if chosen is None or chosen[0] != measure or chosen[2] != per or not (unit and chosen[1]):
            return None
        try:
            changed = _in_unit(c.contribution, unit, chosen[1], c.row.outcome)
        except AmountError:
            return None
        return replace(c, contribution=changed, kind=chosen)

    def _once_each(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Keep one estimate a study, and of studies with the same numbers one."""
        kept: list[_Candidate] = []
        by_study: dict[str, _Candidate] = {}
        numbers: dict[tuple[float, ...], _Candidate] = {}
        for c in sorted(
            candidates, key=lambda c: (c.row.parent is not None, _rank(c, self.question))
        ):
            estimate = c.contribution.estimate
            assert estimate is not None
            same = by_study.get(c.row.study_node)
            if same is not None:
                self._leave(c.row, f"the study is in with {tell(same.row)}")
                continue
            key = (round(estimate.point, 6), round(estimate.error, 6))
            twin = numbers.get(key)
            if twin is not None and c.row.value is not None:
                self._leave(c.row, f"the same numbers as {twin.row.study}")
                continue
            by_study[c.row.study_node] = numbers[key] = c
            kept.append(c)
        order = {id(c): index for index, c in enumerate(candidates)}
        return sorted(kept, key=lambda c: (c.row.year or 9999, fold(c.row.study), order[id(c)]))

    def _nothing(self, rows: Sequence[EffectRow]) -> str:
        title = f"{self.question.intervention!r} and {self.question.outcome!r}"
        if not rows:
            return f"nothing joins {title}; try: kg effects {self.question.intervention!r}"
        lines = [f"  {item.label}: {item.told} — {item.reason}" for item in self.left_out[:12]]
        more = len(self.left_out) - 12
        if more > 0:
            lines.append(f"  and {more} more")
        return f"nothing to pool of {title}:\n" + "\n".join(lines)


_CONTRAST_WORDS = {
    "between_groups": "compares groups", "association": "an association", "before_after": "before against after",
    "single_arm": "of one group", "": "compares nobody knows what",
}  # fmt: skip


_EACH = re.compile(r"(?i)^(?:per|each|every|an?)\s+")
_RISE = re.compile(r"(?i)[\s-]*\b(?:rise|increase|increment|higher)\b(?:\s+(?:of|by|in))?")
_FALL = re.compile(
    r"(?i)[\s-]*\b(?:decrease|decrement|drop|fall|reduction|lower)\b(?:\s+(?:of|by|in))?"
)
_VERSUS = re.compile(r"(?i)\s*\b(?:vs\b\.?|versus\b)\s*")


def step(per: str) -> str:
    """Return by what an exposure differs, in words that are the same for the same step.

    >>> step("each rise of 10 ng/ml") == step("Per 10-ng/mL increment") == "per 10 ng/mL"
    True
    >>> step("per SD decrease"), step("Q4 vs. Q1")
    ('per SD lower', 'Q4 versus Q1')
    """
    each = _EACH.match(per)
    if each is None:
        return _VERSUS.sub(" versus ", per)
    text = per[each.end() :]
    size = _FALL.sub(" ", _RISE.sub(" ", text))
    size = re.sub(r"/([md]?)l\b", r"/\1L", re.sub(r"(?<=\d)-", " ", size))
    return " ".join(["per", *size.split(), *(["lower"] if _FALL.search(text) else [])])


def _contrast(row: EffectRow) -> str:
    contrast = row.contrast or ""
    return "association" if contrast == "between_groups" and row.exposure else contrast


def read_estimate(row: EffectRow, measure: str) -> tuple[Estimate, str]:
    """Return the estimate of a reported effect, and a note where its error was worked out from p.

    Raises
    ------
    ValueError
        If no standard error follows from what is reported.
    """
    if row.value is None:
        raise ValueError("no estimate is told")
    if row.ci_low is not None and row.ci_high is not None:
        if not row.ci_low <= row.value <= row.ci_high:
            raise ValueError("the estimate lies outside its interval")
        return from_interval(measure, row.value, row.ci_low, row.ci_high, row.ci_level), ""
    if row.p_value is not None and row.p_operator in ("=", None):
        error = se_from_p(measure, row.value, row.p_value)
        note = "standard error from p (Cochrane Handbook 6.3.2)"
        return Estimate(measure, to_scale(measure, row.value), error, note), note
    if row.p_value is not None:
        raise ValueError(f"no interval, and p only as {row.p_operator} {row.p_value:g}")
    raise ValueError("neither interval nor p value")


def _reported(row: EffectRow) -> tuple[float, float, float, float] | None:
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return None
    return row.value, row.ci_low, row.ci_high, 95.0 if row.ci_level is None else row.ci_level


def _in_unit(item: Contribution, unit: str, wanted: str, substance: str) -> Contribution:
    change = convert(1.0, unit, wanted, substance)
    old = item.estimate
    assert old is not None
    estimate = Estimate(old.measure, old.point * change.value, old.error * change.value, old.method)
    return replace(
        item, estimate=estimate, means=None, n=item.participants, unit=wanted, reported=None,
        notes=(*item.notes, f"from {unit}{': ' + change.method if change.method else ''}"),
    )  # fmt: skip


def _groups(row: EffectRow, dose: str | None) -> dict[str, str]:
    found = {
        "design": row.design, "comparator": row.comparator or "", "outcome": row.outcome,
        "intervention": row.intervention, "population": row.population or "", "dose": dose or "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _rank(c: _Candidate, question: Question) -> tuple[object, ...]:
    """Order the estimates of a study: whole before part, the outcome asked for, as the text runs."""
    return (
        c.row.subgroup is not None, fold(c.row.outcome) != fold(question.outcome),
        c.row.value is None, c.row.document, c.row.start_char, c.row.effect,
    )  # fmt: skip


def _other_kind(
    kind: tuple[str, str, str], chosen: tuple[str, str, str] | None, question: Question
) -> str:
    if chosen is None:
        wanted = " ".join(filter(None, (question.measure, question.unit)))
        return f"{_kind_words(kind)}, not {wanted}"
    hint = ""
    if kind[0] != chosen[0]:
        hint = f" (--measure {kind[0]} pools it)"
    elif kind[1] != chosen[1] and kind[1]:
        hint = f" (--unit {kind[1]!r} pools it)"
    return f"{_kind_words(kind)}; pooled is {_kind_words(chosen)}{hint}"


def _kind_words(kind: tuple[str, str, str]) -> str:
    measure, unit, per = kind
    if measure == "MD":
        unit = unit or "without a unit"
    return " ".join(filter(None, (measure, unit, per)))


def tell(row: EffectRow) -> str:
    """Return an effect's numbers in a few words."""
    if row.measure == "direction_only":
        return f"{row.outcome}: {row.direction.replace('_', ' ')}"
    if row.value is None:
        return row.measure.replace("_", " ")
    text = f"{row.measure} {row.value:g}"
    if row.ci_low is not None and row.ci_high is not None:
        text += f" ({row.ci_low:g} to {row.ci_high:g})"
    return f"{text} {row.unit}" if row.unit else text


def _arms_told(item: ArmResult) -> str:
    return f"{item.measure} {item.value:g} {item.unit}".strip() if item.value is not None else ""
