"""Which effects of the graph answer one question, and which do not and why.

A study contributes one estimate. Effects that compare groups come first; where a study has none, the
results of its two arms are compared. Nothing is mixed that does not measure the same thing: measure,
unit and "per" must agree, or be convertible by :mod:`kg.statistics.amounts`. A synthesis does not stand
beside studies that it may contain, and results told again are taken once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.effects import EffectRow, find_effects
from kg.errors import PoolError
from kg.identity import fold
from kg.measures import GROUP_MEASURES
from kg.outcomes import lookup_outcome, outcome_key, same_outcome
from kg.statistics.amounts import AmountError
from kg.statistics.arm_pairs import ArmResult
from kg.store import Store
from kg.synthesis.analysis import LeftOut
from kg.synthesis.arm_results import compare_arms, find_arm_results, is_about
from kg.synthesis.candidates import POOLABLE, Candidate, Kind, groups_of, in_unit, read_candidate
from kg.synthesis.contributions import EVENT_MEASURES, MEAN_MEASURES, Contribution
from kg.synthesis.doses import find_doses
from kg.synthesis.question import CONTRAST_WORDS, Question, contrast_of, objection

SYNTHESES = frozenset({"meta-analysis", "systematic review"})


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be pooled, in which measure, and what is not."""

    contributions: tuple[Contribution, ...]
    measure: str
    left_out: tuple[LeftOut, ...]


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
        candidates = [
            c for row in kept if (c := self._candidate(row, doses.get(row.effect))) is not None
        ]
        arms = self._from_arms(rows, kept)
        candidates = self._one_kind(candidates, arms)
        candidates = self._once_each(candidates)
        self._tell_of_arms(rows, candidates)
        if not candidates:
            raise PoolError(self._nothing(rows))
        measure = candidates[0].kind.measure
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
        reason = objection(row, self.question)
        if reason is not None:
            self._leave(row, reason)
        return reason is None

    def _candidate(self, row: EffectRow, dose: str | None) -> Candidate | None:
        try:
            return read_candidate(row, self.question, dose)
        except (ValueError, AmountError) as error:
            self._leave(row, str(error))
            return None

    # --- several effects against one another ------------------------------------------------------

    def _one_contrast(self, rows: list[EffectRow]) -> list[EffectRow]:
        """Keep comparisons of groups apart from associations, and interventions from exposures."""
        wanted = self.question.contrast
        if wanted == "any":
            return rows
        comparing = [row for row in rows if POOLABLE.get(row.measure)]
        if not wanted:
            kinds = Counter(contrast_of(row) for row in comparing)
            wanted = max(
                sorted(kinds), key=lambda kind: (kind == "between_groups", kinds[kind]), default=""
            )
        kept = []
        for row in rows:
            if contrast_of(row) == wanted or row not in comparing:
                kept.append(row)
            else:
                self._leave(
                    row,
                    f"{CONTRAST_WORDS[contrast_of(row)]} (--contrast {contrast_of(row)} takes it)",
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

    def _from_arms(self, rows: Sequence[EffectRow], kept: Sequence[EffectRow]) -> list[Candidate]:
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
                        contribution, unit=unit, year=row.year, groups=groups_of(row, None)
                    ).measured_as(measure)
                except ValueError:
                    continue
                if measure == "MD" and self.question.unit and unit != self.question.unit:
                    try:
                        item = in_unit(item, unit, self.question.unit, row.outcome)
                    except AmountError as error:
                        self.left_out.append(
                            LeftOut(row.study, _arms_told(first), str(error), row.effect)
                        )
                        continue
                found.append(Candidate(row, item, Kind(measure, item.unit, "")))
        return found

    def _tell_of_arms(self, rows: Sequence[EffectRow], taken: Sequence[Candidate]) -> None:
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

    def _one_kind(self, candidates: list[Candidate], arms: list[Candidate]) -> list[Candidate]:
        """Choose the measure, unit and "per" that most studies have; the rest is left out."""
        question = self.question

        def asked(kind: Kind) -> bool:
            return question.measure in (None, kind.measure) and question.unit in ("", kind.unit)

        told: Counter[Kind] = Counter()
        for kind in {c.kind for c in candidates} | {c.kind for c in arms}:
            if asked(kind):
                reported = {c.row.study_node for c in candidates if c.kind == kind}
                computed = {c.row.study_node for c in arms if c.kind == kind} - reported
                # what is reported counts for more, so that arms do not outvote it on their own
                told[kind] = 1000 * len(reported | computed) + len(reported)
        order = list(POOLABLE)
        chosen = max(
            sorted(told), key=lambda kind: (told[kind], -order.index(kind.measure)), default=None
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

    def _same_kind(self, c: Candidate, chosen: Kind | None) -> Candidate | None:
        """Return a mean difference in the unit that was chosen, where a sourced factor leads there."""
        measure, unit, per = c.kind
        if chosen is None or (chosen.measure, chosen.per) != (measure, per):
            return None
        if not (unit and chosen.unit):
            return None
        try:
            changed = in_unit(c.contribution, unit, chosen.unit, c.row.outcome)
        except AmountError:
            return None
        return replace(c, contribution=changed, kind=chosen)

    def _once_each(self, candidates: list[Candidate]) -> list[Candidate]:
        """Keep one estimate a study, and of studies with the same numbers one."""
        kept: list[Candidate] = []
        by_study: dict[str, Candidate] = {}
        numbers: dict[tuple[float, ...], Candidate] = {}
        for c in sorted(candidates, key=lambda c: c.rank(self.question)):
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


def _other_kind(kind: Kind, chosen: Kind | None, question: Question) -> str:
    if chosen is None:
        wanted = " ".join(filter(None, (question.measure, question.unit)))
        return f"{kind}, not {wanted}"
    hint = ""
    if kind.measure != chosen.measure:
        hint = f" (--measure {kind.measure} pools it)"
    elif kind.unit != chosen.unit and kind.unit:
        hint = f" (--unit {kind.unit!r} pools it)"
    return f"{kind}; pooled is {chosen}{hint}"


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
