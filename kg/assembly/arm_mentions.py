"""Where a text names the arms of a study, one place at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.assembly.allocation import Groups, called_by, place_of
from kg.assembly.context import Context
from kg.assembly.labels import FUNCTION_WORDS
from kg.assembly.phrase import MENTION_KINDS, Phrase
from kg.assembly.words import QUANTITY_WORDS, STATISTIC_WORDS, TIME_WORDS

GROUP_HEADS = frozenset("group groups arm arms cohort cohorts regimen regimens".split())
_DOSED = GROUP_HEADS | {"dose"}
#: Words for people that may stand beside the name of their arm.
PEOPLE = frozenset(
    "patient patients participant participants subject subjects women men woman man children infants adults"
    " individuals persons people boys girls mothers recipients users those ones volunteers survivors eyes cases"
    " treated receiving received assigned randomized randomised allocated only alone".split()
)
#: Names of an arm by its part in the comparison, without what it was given.
CONTROLS = frozenset(
    "placebo control controls comparator comparison sham vehicle untreated observation".split()
)
GENERIC = frozenset("intervention treatment study experimental active investigational test".split())
#: Words that make a phrase no arm of its own: "both groups", "the two arms".
_COLLECTIVE = frozenset(
    "both two three four five all each between either other same respective several different whole entire"
    " total overall remaining younger older age high-risk low-risk phase trial".split()
)
_NUMBER = re.compile(r"[\d.,·]+")
_UNIT = frozenset(
    "mg g kg μg µg mcg iu ml gy mg/m mg/kg mg/m2 % daily weekly monthly once twice".split()
)
_CODE = re.compile(
    r"(?:groups?|arms?|cohort|regimen)\s+(?:[A-Ha-h]|[IVX]{1,4}|\d{1,2})$", re.IGNORECASE
)
_SECOND_CODE = re.compile(
    r"\b(group|arm)\s+([A-H]|[IVX]{1,3}|\d)\s*(?:,|and|or|&|vs\.?|versus|than|to)\s*(?:in\s+)?([A-H]|[IVX]{1,3}|\d)\b(?![-.%\d])",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*\(([^()]*)\)\s*$")
_WORD = re.compile(r"[^\W_]+(?:[.·,]\d+)?", re.UNICODE)
_NO_ARM = QUANTITY_WORDS | STATISTIC_WORDS | TIME_WORDS  # heads of what is measured or counted
_SEEN = 0.25  # tagger score from which a mention names an intervention
_POINTED = 0.6  # strength of a name that a number is said to go with
_LONGEST = 8  # tokens of a name
_TOLD = 0.95  # strength of a name that a list of groups tells
_AMOUNT = 0.8  # of an amount that is the name of a group
_REPEATED = 0.4  # strength from which a name is looked for in the rest of the text
_COMMON = frozenset("therapy drug drugs usual standard early late high low".split())
_OUTCOME_CONTROL = frozenset(
    "local locoregional disease tumor tumour pain symptom glycemic glycaemic total complete".split()
)
_STUDY_GROUP = re.compile(
    r"[A-Z]\w+ (?:Study|Trials?|Cooperative|Cancer|Oncology|Research|Working) Groups?\b"
)
_JOINED = frozenset("in of for on among and or versus vs vs. after".split())
_NEGATED = frozenset("no without non not".split())
_ALONE = frozenset("alone only".split())
_PLURAL = frozenset("groups arms cohorts regimens".split())
_SHARING = frozenset("and or versus vs vs. /".split())
_PARTING = frozenset(". ; was were had than (".split())
_PARTS = GROUP_HEADS | CONTROLS | GENERIC
_INTERVENTION, _COMPARATOR = (MENTION_KINDS.index(kind) for kind in ("intervention", "comparator"))
_LONGEST_CODE = 4  # characters
_WITH_NAMES = GROUP_HEADS | PEOPLE  # words behind a name that are no part of it
_TOO_COMMON = GENERIC | _COMMON
_LISTED = (["and"], ["or"], ["versus"], ["vs"], ["vs."], ["/"], ["&"], ["to"], ["than"])


@dataclass(slots=True)
class FoundMention:
    """A phrase that names an arm; two with a key in common name the same one."""

    phrase: Phrase
    keys: tuple[frozenset[str], ...]
    grouped: bool
    alone: bool
    strength: float
    told: bool = False  # whether a list of groups names it


def find_mentions(context: Context, pointed: Collection[Phrase] = ()) -> list[FoundMention]:
    """Return the phrases that may name an arm, the best of those that overlap, in text order.

    Those `pointed` at are names whatever their words say.
    """
    phrases = [*context.phrases, *_further_codes(context)]
    told = {place for groups in context.groups for place in groups.places}
    read = (
        _told(context, p)
        if told and place_of(p) in told
        else _read(context, p, bool(pointed) and p in pointed)
        for p in phrases
    )
    found = [f for f in read if f is not None]
    found.sort(key=lambda f: (-round(_rank(f), 3), f.phrase.first, f.phrase.last))
    taken: list[FoundMention] = []
    used: set[int] = set()
    for f in found:
        tokens = range(f.phrase.first, f.phrase.last)
        if f.phrase.list_id < -1:  # the codes of "groups 1 to 4" share one place
            taken.append(f)
            continue
        if used.isdisjoint(tokens):
            used.update(tokens)
            taken.append(f)
    for groups in context.groups:
        amounts = list(_amounts(context, groups, taken, used))
        taken = [f for f in taken if not _has_amount_behind(f, amounts)] + amounts
    taken.extend(_again(context, taken, used))
    listed = {(f.phrase.first, f.phrase.last) for f in taken if f.phrase.list_id < -1}
    taken = [
        f for f in taken
        if f.phrase.list_id < -1
        or not any(a <= f.phrase.first and f.phrase.last <= b for a, b in listed)
    ]  # fmt: skip
    return sorted(taken, key=lambda f: (f.phrase.first, f.phrase.list_index, f.phrase.last))


def _amounts(
    context: Context, groups: Groups, taken: Sequence[FoundMention], used: set[int]
) -> Iterator[FoundMention]:
    """Yield where groups that differ by an amount are called by it: "11% with 9 μg"."""
    sources = {place_of(f.phrase): f for f in taken}
    text, tokens = context.reading.view.text, context.annotation.tokens
    for amount, place in groups.amounts.items():
        source = sources.get(place)
        if source is None:
            continue
        for match in re.finditer(called_by(amount), text):
            first, last = context.token_at(match.start()), context.token_at(match.end())
            sentence = context.annotation.sentence_at(match.start())
            if sentence is None or last <= first or not used.isdisjoint(range(first, last)):
                continue
            grouped = last < len(context.lower) and context.lower[last] in _DOSED
            used.update(range(first, last))
            phrase = replace(
                source.phrase, start_char=match.start(), end_char=tokens[last - 1].end_char, sentence=sentence,
                first=first, last=last, depth=context.depths[first], list_id=-1, list_index=0,
            )  # fmt: skip
            yield FoundMention(phrase, source.keys, grouped, False, _AMOUNT)


def _has_amount_behind(f: FoundMention, amounts: Sequence[FoundMention]) -> bool:
    """Tell whether "A" of "A 4.5 μg" was found, whose amount says which of several groups it is."""
    own = key_of(f.phrase.raw)
    return not f.told and any(
        f.phrase.last == a.phrase.first and any(own <= key for key in a.keys) for a in amounts
    )


def _again(
    context: Context, taken: Sequence[FoundMention], used: set[int]
) -> Iterator[FoundMention]:
    """Yield the places where a name stands again and nobody marked it: "S-1: 9.2 %, capecitabine: 1.4 %"."""
    forms: dict[tuple[str, ...], FoundMention] = {}
    for f in sorted(taken, key=lambda f: -f.strength):
        tokens = context.lower[f.phrase.first : f.phrase.last]
        while tokens and tokens[-1] in _WITH_NAMES:
            tokens = tokens[:-1]
        name = tuple(tokens)
        short = len(name) == 1 and (len(name[0]) < 2 or name[0] in _TOO_COMMON)
        if (
            name
            and len(name) <= 5
            and f.strength >= _REPEATED
            and not short
            and f.phrase.list_id >= -1
        ):
            forms.setdefault(name, f)
    keyed: dict[
        frozenset[str] | str, int
    ] = {}  # by its keys, and by the short form it is headed by
    for n, f in enumerate(taken):
        for key in f.keys:
            keyed.setdefault(key, n)
        for head in _headed(f.phrase.raw):
            keyed.setdefault(head, n)
    for item in context.annotation.abbreviations:
        at = [keyed[key] for key in (key_of(item.long), item.short) if key and key in keyed]
        if at:
            forms.setdefault((item.short.lower(),), taken[min(at)])
    heads: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(forms, key=lambda n: (-len(n), n)):
        heads[name[0]].append(name)
    tokens_of = context.annotation.tokens
    lower = context.lower
    for sentence, (first, last) in enumerate(context.sentence_tokens):
        for t in [t for t in range(first, last) if lower[t] in heads]:
            fits = [
                n for n in heads[lower[t]]
                if t + len(n) <= last and tuple(lower[t : t + len(n)]) == n
                and used.isdisjoint(range(t, t + len(n)))
            ]  # fmt: skip
            if not fits:
                continue
            name = fits[0]
            end = t + len(name)
            source = forms[name]
            start_char, end_char = tokens_of[t].start_char, tokens_of[end - 1].end_char
            phrase = replace(
                source.phrase, start_char=start_char, end_char=end_char, sentence=sentence, first=t, last=end,
                depth=context.depths[t], raw=context.reading.view.text[start_char:end_char], list_id=-1, list_index=0,
            )  # fmt: skip
            grouped = (end < last and lower[end] in GROUP_HEADS) or _shares_head(context, phrase)
            alone = end < last and lower[end] in _ALONE
            marks = _marks(lower[t - 1] in _NEGATED if t else False, alone)
            keys = ((source.keys[0] | marks),) if marks else source.keys
            used.update(range(t, end))
            yield FoundMention(phrase, keys, grouped, alone, 0.5 * source.strength)


def _headed(raw: str) -> list[str]:
    """Return what may be a short form with a word for what it is: "PBOO" of "PBOO diet", of "LED group"."""
    first, _, rest = raw.partition(" ")
    return [first] if 0 < len(rest.split()) <= 2 else []


def _further_codes(context: Context) -> Iterator[Phrase]:
    """Yield the second code of "group A and B", which stands without its noun."""
    text = context.reading.view.text
    for match in _SECOND_CODE.finditer(text):
        sentence = context.annotation.sentence_at(match.start(3))
        first = context.token_at(match.start(3))
        if sentence is None or first >= len(context.lower):
            continue
        code = f"{match[1].lower()} {match[3]}"
        depth = context.depths[first]
        yield Phrase(
            match.start(3),
            match.end(3),
            code,
            code,
            sentence,
            first,
            first + 1,
            depth,
            (0.0,) * len(MENTION_KINDS),
        )


def _rank(f: FoundMention) -> float:
    """Return how good a name a phrase is beside those that overlap it: whole names, one name each."""
    length = f.phrase.last - f.phrase.first
    joined = bool(_JOINED.intersection(f.phrase.raw.lower().split()))
    return f.strength + 0.3 * f.grouped + (-0.1 if joined else 0.05) * length


def _read(context: Context, p: Phrase, pointed: bool = False) -> FoundMention | None:
    """Return what a phrase says as an arm's name, ``None`` if it is none."""
    if p.last - p.first > _LONGEST:
        return None
    tagged = max(p.scores[_INTERVENTION], p.scores[_COMPARATOR])
    if not (tagged >= _SEEN or pointed or p.list_id < -1 or _tells_part(p.raw)):
        return None
    words = words_of(p.raw)
    if not words:
        return None
    coded = p.list_id < -1 or _is_code(p.raw, words)
    if not _COLLECTIVE.isdisjoint(words):
        return None
    if "Group" in p.raw and _STUDY_GROUP.search(p.raw):
        return None
    if words[-1] == "control" and not _OUTCOME_CONTROL.isdisjoint(words[:-1]):
        return None
    lower = context.lower
    after = lower[p.last] if p.last < len(lower) else ""
    heads = words[-1] in GROUP_HEADS or words[0] in GROUP_HEADS or after in GROUP_HEADS or coded
    bare = [w for w in words if w not in GROUP_HEADS and w not in PEOPLE]
    grouped = heads or _shares_head(context, p)
    if not grouped and tagged < 0.6 and words[-1] in _NO_ARM and not pointed:
        return None
    control = bool(CONTROLS & set(bare)) and len(bare) <= 3
    if control and _NEGATED.intersection(lower[max(0, p.first - 2) : p.first]):
        return None  # "without a control group"
    generic = bool(bare) and set(bare) <= GENERIC and grouped
    if generic and words[-1] in _PLURAL and lower[p.first - 1 : p.first] not in _LISTED:
        return None  # "no difference between treatment groups": all of them
    if coded:
        strength = 0.9
    elif control or generic:
        strength = max(tagged, 0.8)
    elif grouped and bare and words[-1] in GROUP_HEADS:
        strength = max(tagged, 0.6)
    elif tagged >= _SEEN or pointed:
        strength = max(tagged, _POINTED * pointed)
    else:
        return None
    alone = after in _ALONE or bool(_ALONE & set(words))
    before = lower[p.first - 1] if p.first else ""
    keys = _keys(p, coded, _marks(before in _NEGATED, alone))
    if not keys:
        return None
    return FoundMention(p, keys, grouped, alone, min(1.0, strength))


def _told(context: Context, p: Phrase) -> FoundMention | None:
    """Return a name that a list of groups tells."""
    lower = context.lower
    words = words_of(p.raw)
    after = lower[p.last] if p.last < len(lower) else ""
    before = lower[p.first - 1] if p.first else ""
    alone = after in _ALONE or bool(_ALONE & set(words))
    keys = _keys(p, _is_code(p.raw, words), _marks(before in _NEGATED, alone))
    grouped = (
        after in GROUP_HEADS or words[-1:] in (("group",), ("arm",)) or _shares_head(context, p)
    )
    return FoundMention(p, keys, grouped, alone, _TOLD, told=True) if keys else None


def _shares_head(context: Context, p: Phrase) -> bool:
    """Tell whether a name stands in a list that ends in "groups": "study" of "the study and the control group"."""
    lower, last = context.lower, context.sentence_tokens[p.sentence][1]
    for t in range(p.last, min(last, p.last + 9)):
        if lower[t] in GROUP_HEADS:
            return not _SHARING.isdisjoint(lower[p.last : t])
        if lower[t] in _PARTING:
            return False
    return False


@lru_cache(maxsize=16384)
def words_of(text: str) -> tuple[str, ...]:
    return tuple([w.lower() for w in _WORD.findall(text)])


@lru_cache(maxsize=16384)
def _tells_part(raw: str) -> bool:
    """Tell whether a name has a word or a code for a group or its part."""
    words = words_of(raw)
    return not _PARTS.isdisjoint(words) or _is_code(raw, words)


def _is_code(text: str, words: Sequence[str]) -> bool:
    """Tell whether a name of these words ends in a code: "group A", "arm 2"."""
    return bool(words) and len(words[-1]) <= _LONGEST_CODE and _CODE.search(text) is not None


@lru_cache(maxsize=16384)
def key_of(text: str) -> frozenset[str]:
    words = words_of(text)
    if _is_code(text, words):
        return frozenset(["#" + words[-1]])
    kept = [
        w for w in words
        if w not in FUNCTION_WORDS and w not in GROUP_HEADS and w not in PEOPLE and w not in _UNIT
        and w not in ("treatment", "therapy", "supplementation", "use", "administration", "intake")
    ]  # fmt: skip
    named = [w for w in kept if not _NUMBER.fullmatch(w)]
    stems = [w[:-1] if len(w) > 4 and w.endswith("s") else w for w in named or kept]
    return frozenset(w[:7] for w in stems) or frozenset(
        w for w in words if w in ("treatment", "therapy")
    )


def _marks(negated: bool, alone: bool) -> frozenset[str]:
    """Return what is added to a name by a word beside it: "no MRI", "FAC alone"."""
    return frozenset(mark for mark, stands in (("no", negated), ("alone", alone)) if stands)


def _keys(p: Phrase, coded: bool, marks: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Return the keys of a phrase: as it stands, and written out."""
    if marks:
        return ((key_of(p.raw) - _ALONE) | marks,)
    out = {key_of(p.raw)}
    words = {w for w in words_of(p.raw) if w not in GROUP_HEADS and w not in PEOPLE}
    if words and words <= GENERIC:
        return tuple(k for k in out if k)  # "the treatment arm" is not what it was given by a guess
    if p.label != p.raw and not (p.list_id < -1):
        match = _BRACKET.search(p.label)
        out.add(key_of(p.label[: match.start()] if match else p.label))
    elif coded:
        out.add(key_of(p.label))
    return tuple(sorted((k for k in out if k), key=sorted))
