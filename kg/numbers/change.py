"""Words of change around a value: "reduced by …", "a decline of …", "… lower"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kg.numbers.atom import Atom
from kg.numbers.expression import Expression
from kg.numbers.pieces import Bounds, kind_at, lower_at
from kg.numbers.units import TIME_UNITS
from kg.numbers.words import (
    CHANGE_NOUN_STEMS,
    CONNECTION_BREAKERS,
    FILLERS,
    TIMES_APART,
    change_direction,
)

_REACH_AFTER: Final = 5
_REACH_BEFORE: Final = 14
_REACH_COMPARED: Final = 24
_COMPARATIVES: Final = frozenset({"more", "less", "higher", "lower", "greater", "fewer"})


def change_before(atoms: Sequence[Atom], e: Expression) -> int:
    """Return the direction of "reduced by …", "a reduction of …" before the value, or 0."""
    at = e.start - 1
    if kind_at(atoms, at) == "CMP" and atoms[at].word:
        at -= 1
    while kind_at(atoms, at) in {"WORD", "STAT", "NUM"} and lower_at(atoms, at) in FILLERS:
        at -= 1
    if (behind := _behind_mean(atoms, at)) is not None:
        at = behind
    link = lower_at(atoms, at)
    if kind_at(atoms, at) == "OPEN":
        return 0
    if moved := _went(atoms, at - (link == "by")):
        return moved
    if link in _LOST_OR_GAINED and e.unit_code in _MASSES:
        return _LOST_OR_GAINED[link]
    direct = change_direction(link)
    if direct and kind_at(atoms, at) == "WORD" and link not in _COMPARATIVES:
        return direct
    if link in {"was", "were", "averaged"}:
        return _change_as_subject(atoms, at)
    if link == "with" and _is_share_of_change(atoms, e, at):
        return _change_linked(atoms, at, "by")  # "reduced weight with 25%"
    if link not in {"by", "of"}:
        return 0
    return _change_linked(atoms, at, link)


_AVERAGES: Final = frozenset({"mean", "median", "average"})
_LOST_OR_GAINED: Final = {"lost": -1, "gained": 1}
_MASSES: Final = frozenset({"kg", "g", "[lb_av]"})


def _behind_mean(atoms: Sequence[Atom], at: int) -> int | None:
    """Return the word before "a mean of" in "fell by a mean of 2.3 kg", "lost an average of 2.3 kg"."""
    if lower_at(atoms, at) != "of" or lower_at(atoms, at - 1) not in _AVERAGES:
        return None
    at -= 2
    at -= lower_at(atoms, at) in {"a", "an"}
    word = lower_at(atoms, at)
    return at if word == "by" or word in _LOST_OR_GAINED or change_direction(word) else None


def _went(atoms: Sequence[Atom], at: int) -> int:
    """Return the direction of "went down", "went up" that ends at an atom, or 0."""
    if lower_at(atoms, at) in {"went", "gone"}:
        return int(lower_at(atoms, at + 1) == "up")  # a filler, passed over on the way here
    if lower_at(atoms, at - 1) in {"went", "gone"}:
        return {"down": -1, "up": 1}.get(lower_at(atoms, at), 0)
    return 0


_WHOM: Final = frozenset(
    {"compared", "comparison", "in", "among", "for", "from", "who", "treated", "after", "those"}
)
_GOES_ON: Final = frozenset({"in", "compared", "versus", "vs", "after", "at", "during", "from"})


def _is_share_of_change(atoms: Sequence[Atom], e: Expression, at: int) -> bool:
    """Whether a percentage behind "with" says by how much: nothing that it is a share of stands behind it."""
    if e.unit is None or kind_at(atoms, e.unit) != "PERCENT":
        return False
    behind = kind_at(atoms, e.end)
    ends = behind in {"COMMA", "SEMI", "STOP", "AND", "OPEN", ""}
    if not ends and lower_at(atoms, e.end) not in _GOES_ON:
        return False
    for step in range(1, _REACH_BEFORE):
        word = lower_at(atoms, at - step)
        if change_direction(word):
            return word not in _COMPARATIVES
        if word in _WHOM or kind_at(atoms, at - step) in {"STOP", "BREAK", "SEMI", ""}:
            return False
    return False


_COMPARING: Final = frozenset({"than", "compared", "versus", "following"})


def change_in_bracket(atoms: Sequence[Atom], e: Expression) -> int:
    """Return the direction of "was lower after A than after B (24%, P = 0.076)", or 0.

    One percentage with a p value of its own in a bracket behind a comparison says by how much.
    """
    at = e.start - 1
    if kind_at(atoms, at) != "OPEN" or e.p is None or e.group is not None:
        return 0
    compared = False
    depth = 0
    for _ in range(_REACH_COMPARED):
        at -= 1
        kind, word = kind_at(atoms, at), lower_at(atoms, at)
        if kind in {"STOP", "BREAK", "SEMI", ""}:
            return 0
        if kind in {"OPEN", "CLOSE"}:
            depth += 1 if kind == "CLOSE" else -1
            if depth < 0:
                return 0
        elif depth == 0:
            if compared and kind == "WORD" and (direction := change_direction(word)):
                return direction
            compared = compared or word in _COMPARING
    return 0


_LABEL: Final = 5  # atoms between a bracket and the first of two values
#: Participles behind which "by" names those who did it.
_AGENTS: Final = frozenset({"achieved", "attained", "reached", "reported", "experienced", "seen", "observed", "noted"})  # fmt: skip
_MOVING: Final = frozenset({"change", "changes", "changed", "shift", "shifted", "went"})


def is_change_in_bracket(atoms: Sequence[Atom], bounds: Bounds) -> bool:
    """Whether "(8.3% to 9.3%)", "(group A: 15.1 to 16.1)" goes from one value to another.

    No range falls; one that rises is a change only behind words of change.
    """
    low, high = atoms[bounds.low], atoms[bounds.high]
    at = bounds.start - 1
    while at > bounds.start - _LABEL and kind_at(atoms, at) in {"WORD", "NAME", "COLON", "COMMA"}:
        at -= 1
    if kind_at(atoms, at) != "OPEN" or bounds.separator != "TO":
        return False
    if kind_at(atoms, at - 1) not in {"WORD", "NAME", "CLOSE"} or high.signed or low.signed:
        return False  # behind a number it is that number's interval
    if cast(float, low.value) > cast(float, high.value):
        return True
    time = bounds.unit is not None and atoms[bounds.unit].key in TIME_UNITS
    return not time and _tells_change(atoms, at)


def _tells_change(atoms: Sequence[Atom], at: int) -> bool:
    """Whether a word of change stands before a bracket in its sentence."""
    for step in range(1, _REACH_COMPARED):
        if kind_at(atoms, at - step) in {"STOP", "BREAK", ""}:
            return False
        word = lower_at(atoms, at - step)
        if change_direction(word) or word in _MOVING:
            return True
    return False


def _change_linked(atoms: Sequence[Atom], at: int, link: str) -> int:
    """Return the direction of the word of change that "by" or "of" at `at` goes with, or 0.

    In "reduced the risk of new or worsening fracture by 66%" a verb goes before a participle.
    """
    steps = depth = participle = 0
    if link == "by" and lower_at(atoms, at - 1) in _AGENTS:
        return 0  # "weight loss was achieved by 36%": so many people, not so much
    if link == "by" and kind_at(atoms, at - 1) == "OPEN":
        at -= 1  # "suppressed production (by 17%)"
    while steps < _REACH_BEFORE and at > 0:
        at -= 1
        atom = atoms[at]
        if atom.kind in {"OPEN", "CLOSE"} and link == "by":
            depth += 1 if atom.kind == "CLOSE" else -1
            if depth < 0:
                return participle
            continue
        if atom.kind in {"STOP", "BREAK"} or (depth == 0 and atom.kind == "SEMI"):
            return participle
        if depth:
            continue
        steps += 1
        if link == "of" and atom.kind in {"TO", "NUM", "PERCENT", "P", "OPEN", "CLOSE"}:
            return 0
        direction = change_direction(atom.lower) if atom.kind == "WORD" else 0
        if direction and link == "by" and steps > 1 and atom.lower.endswith("ing"):
            participle = participle or direction
            continue
        if direction and not (link == "of" and not atom.lower.startswith(CHANGE_NOUN_STEMS)):
            lost = link == "of" and atom.lower == "loss" and lower_at(atoms, at - 1) in _LOST
            return 0 if lost else direction
        if link == "of" and atom.lower in {"change", "difference", "changes", "from", "baseline"}:
            return 0  # "fell from a mean of 18.9"
    return participle


def _change_as_subject(atoms: Sequence[Atom], verb: int) -> int:
    """Return the direction of "the mean decrease in pressure was …": a noun of change as subject."""
    for step in range(1, 10):
        atom = atoms[verb - step] if verb - step >= 0 else None
        if atom is None or atom.kind not in {"WORD", "NAME", "STAT"}:
            return 0
        word = atom.lower
        if word.startswith(
            ("reduction", "decrease", "decline", "increase", "improvement", "rise", "loss", "drop")
        ):
            following = lower_at(atoms, verb - step + 1)
            if step == 1 and _names_outcome(atoms, verb - 1):
                return 0  # "bone loss was 0.5 mm": how much of it there was
            return change_direction(word) if following in {"in", "of", "from", "was", "were"} else 0
    return 0


def _names_outcome(atoms: Sequence[Atom], noun: int) -> bool:
    """Whether a noun goes before a noun of change: "bone loss", not "the loss", "a mean loss"."""
    before = lower_at(atoms, noun - 1)
    return kind_at(atoms, noun - 1) in {"WORD", "NAME"} and before not in FILLERS | _DESCRIBING


#: What is measured by how much of it is lost: "blood loss of 650 mL".
_LOST: Final = frozenset(
    {"blood", "hearing", "tooth", "hair", "graft", "pregnancy", "fetal", "heat", "fluid"}
)
_DESCRIBING: Final = frozenset({
    "this", "that", "these", "any", "no", "relative", "absolute", "overall", "net", "adjusted",
    "significant", "maximum", "corrected", "observed", "greatest", "largest", "and", "corresponding",
    "placebo-corrected", "placebo-adjusted", "its", "their", "further", "percentage", "percent",
})  # fmt: skip


def change_after(atoms: Sequence[Atom], e: Expression) -> int:
    """Return the direction of "… lower", "… reduction", "… more likely" behind the value, or 0."""
    at = (e.unit if e.unit is not None else cast(int, e.value)) + 1
    if (
        e.bounds is not None
        and kind_at(atoms, at) == "OPEN"
        and kind_at(atoms, e.end - 1) == "CLOSE"
    ):
        at = e.end  # "a 15% (95% CI 10 to 20%) increase"
    for step in range(_REACH_AFTER):
        atom = atoms[at + step] if at + step < len(atoms) else None
        if atom is None or atom.kind not in {"WORD", "NAME"}:
            return 0
        word = atom.lower
        direction = change_direction(word)
        if step == 0 and e.unit is not None and atoms[e.unit].key in TIME_UNITS:
            direction = TIMES_APART.get(word, direction)
        following = lower_at(atoms, at + step + 1)
        if direction and word in _COMPARATIVES and step == 0 and following == "than":
            return (
                0
                if word in {"more", "less"} and kind_at(atoms, at + step + 2) == "NUM"
                else direction
            )
        if direction and word.endswith("ed") and word not in {"elevated"}:
            nominal = following.startswith(
                (
                    "risk",
                    "odds",
                    "rate",
                    "hazard",
                    "incidence",
                    "mortality",
                    "likelihood",
                    "chance",
                    "frequency",
                    "prevalence",
                    "probab",
                )
            )
            return direction if nominal else 0
        if direction and word.endswith("ing") and word not in {"lowering"}:
            return 0
        if (
            direction
            and word.startswith(("loss", "gain", "fall", "drop", "cut", "slow"))
            and step > 1
        ):
            return 0
        if direction:
            return direction
        if word in CONNECTION_BREAKERS:
            return 0
    return 0
