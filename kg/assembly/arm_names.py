"""Where a text names the arms of a study, and which places name the same one.

An arm is named by what it was given ("the anastrozole group"), by a code ("arm A"), by its part in
the comparison ("controls", "the intervention group") or by a dose ("the 4,000 IU group"). Places
that name one arm are gathered into an :class:`ArmName`; two names that one sentence sets side by
side stay apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.assembly.context import MENTION_KINDS, Context, Phrase
from kg.assembly.labels import FUNCTION_WORDS
from kg.assembly.words import QUANTITY_WORDS, STATISTIC_WORDS, TIME_WORDS

GROUP_HEADS = frozenset("group groups arm arms cohort cohorts regimen regimens".split())
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
_LONGEST = 8  # tokens of a name
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
_DOSE_NAME = re.compile(
    r"(\d[\d.,·]*)\s*-?\s*(mg|g|μg|µg|mcg|iu|gy|weeks?|months?|years?|%)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ArmMention:
    """A place that names an arm; `name` is the index of its :class:`ArmName`."""

    phrase: Phrase
    name: int
    grouped: bool  # "… group", "… arm", also of a list that shares the word
    alone: bool  # "A alone"
    strength: float  # how sure it is that it names a group or what it was given, 0 to 1


@dataclass(slots=True)
class ArmName:
    """One arm, or what may be one: its name and the places of it, in text order."""

    label: str
    keys: set[frozenset[str]] = field(default_factory=set)
    mentions: list[ArmMention] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How much the text speaks of it as an arm."""
        return sum(m.strength * (1.5 if m.grouped else 1.0) for m in self.mentions)


@dataclass(slots=True)
class _Found:
    phrase: Phrase
    keys: tuple[frozenset[str], ...]
    grouped: bool
    alone: bool
    strength: float


def is_generic(name: ArmName) -> bool:
    """Tell whether a name says only which part an arm has: "the control group", "arm B"."""
    words = {w for m in name.mentions for w in _words(m.phrase.label)} - GROUP_HEADS - PEOPLE
    codes = {w for w in words if len(w) <= 2}
    return words - codes - FUNCTION_WORDS <= (CONTROLS - {"placebo", "sham", "vehicle"}) | GENERIC


def find_arm_names(context: Context) -> tuple[list[ArmName], list[ArmMention]]:
    """Return the arms' names, and every mention of them in text order."""
    found = _mentions(context)
    parents = _gather(found, context)
    names: list[ArmName] = []
    order: dict[int, int] = {}
    mentions: list[ArmMention] = []
    for n, item in enumerate(found):
        root = _root(parents, n)
        if root not in order:
            order[root] = len(names)
            names.append(ArmName(item.phrase.label))
        name = names[order[root]]
        mention = ArmMention(item.phrase, order[root], item.grouped, item.alone, item.strength)
        name.keys.update(item.keys)
        name.mentions.append(mention)
        mentions.append(mention)
    for name in names:
        name.label = _best_label(name.mentions)
    return names, mentions


def _best_label(mentions: Sequence[ArmMention]) -> str:
    """Return the label that says the most: what was given before a code or "the control group"."""
    votes: dict[str, float] = defaultdict(float)
    for m in mentions:
        words = set(_words(m.phrase.label))
        telling = not words <= (GROUP_HEADS | CONTROLS | GENERIC | PEOPLE)
        votes[m.phrase.label] += m.strength + 2.0 * telling
    return max(votes, key=lambda label: (votes[label], -len(label), label))


def _mentions(context: Context) -> list[_Found]:
    """Return the phrases that may name an arm, the best of those that overlap, in text order."""
    phrases = [*context.phrases, *_further_codes(context)]
    found = [f for p in phrases if (f := _read(context, p)) is not None]
    found.sort(key=lambda f: (-round(_rank(f), 3), f.phrase.first, f.phrase.last))
    taken: list[_Found] = []
    used: set[int] = set()
    for f in found:
        tokens = range(f.phrase.first, f.phrase.last)
        if f.phrase.list_id < -1:  # the codes of "groups 1 to 4" share one place
            taken.append(f)
            continue
        if used.isdisjoint(tokens):
            used.update(tokens)
            taken.append(f)
    taken.extend(_again(context, taken, used))
    listed = {(f.phrase.first, f.phrase.last) for f in taken if f.phrase.list_id < -1}
    taken = [
        f for f in taken
        if f.phrase.list_id < -1
        or not any(a <= f.phrase.first and f.phrase.last <= b for a, b in listed)
    ]  # fmt: skip
    return sorted(taken, key=lambda f: (f.phrase.first, f.phrase.list_index, f.phrase.last))


def _again(context: Context, taken: Sequence[_Found], used: set[int]) -> Iterator[_Found]:
    """Yield the places where a name stands again and nobody marked it: "S-1: 9.2 %, capecitabine: 1.4 %"."""
    forms: dict[tuple[str, ...], _Found] = {}
    for f in sorted(taken, key=lambda f: -f.strength):
        tokens = context.lower[f.phrase.first : f.phrase.last]
        while tokens and tokens[-1] in GROUP_HEADS | PEOPLE:
            tokens = tokens[:-1]
        name = tuple(tokens)
        short = len(name) == 1 and (len(name[0]) < 2 or name[0] in GENERIC | _COMMON)
        if (
            name
            and len(name) <= 5
            and f.strength >= _REPEATED
            and not short
            and f.phrase.list_id >= -1
        ):
            forms.setdefault(name, f)
    for item in context.annotation.abbreviations:
        form = (item.short.lower(),)
        long = _key(item.long)
        source = next((f for f in taken if long and long in f.keys), None)
        if source is not None:
            forms.setdefault(form, source)
    heads: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(forms, key=lambda n: (-len(n), n)):
        heads[name[0]].append(name)
    tokens_of = context.annotation.tokens
    for sentence, (first, last) in enumerate(context.sentence_tokens):
        t = first
        while t < last:
            fits = [
                n for n in heads.get(context.lower[t], ())
                if t + len(n) <= last and tuple(context.lower[t : t + len(n)]) == n
                and used.isdisjoint(range(t, t + len(n)))
            ]  # fmt: skip
            if not fits:
                t += 1
                continue
            name = fits[0]
            end = t + len(name)
            source = forms[name]
            start_char, end_char = tokens_of[t].start_char, tokens_of[end - 1].end_char
            phrase = replace(
                source.phrase, start_char=start_char, end_char=end_char, sentence=sentence, first=t, last=end,
                depth=context.depths[t], raw=context.reading.view.text[start_char:end_char], list_id=-1, list_index=0,
            )  # fmt: skip
            grouped = (end < last and context.lower[end] in GROUP_HEADS) or _shares_head(
                context, phrase
            )
            alone = end < last and context.lower[end] in _ALONE
            marks = _marks(context.lower[t - 1] in _NEGATED if t else False, alone)
            keys = ((source.keys[0] | marks),) if marks else source.keys
            used.update(range(t, end))
            yield _Found(phrase, keys, grouped, alone, 0.5 * source.strength)
            t = end


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


def _rank(f: _Found) -> float:
    """Return how good a name a phrase is beside those that overlap it: whole names, one name each."""
    length = f.phrase.last - f.phrase.first
    joined = bool(_JOINED.intersection(f.phrase.raw.lower().split()))
    return f.strength + 0.3 * f.grouped + (-0.1 if joined else 0.05) * length


def _read(context: Context, p: Phrase) -> _Found | None:
    """Return what a phrase says as an arm's name, ``None`` if it is none."""
    if p.last - p.first > _LONGEST:
        return None
    words = _words(p.raw)
    if not words or _COLLECTIVE.intersection(words):
        return None
    if _STUDY_GROUP.search(p.raw) or (words[-1] == "control" and words[0] in _OUTCOME_CONTROL):
        return None
    coded = p.list_id < -1 or _CODE.search(p.raw) is not None
    lower = context.lower
    after = lower[p.last] if p.last < len(lower) else ""
    heads = bool(GROUP_HEADS & {words[-1], words[0]}) or after in GROUP_HEADS or coded
    tagged = max(p.score("intervention"), p.score("comparator"))
    bare = [w for w in words if w not in GROUP_HEADS and w not in PEOPLE]
    grouped = heads or _shares_head(context, p)
    if not grouped and tagged < 0.6 and words[-1] in _NO_ARM:
        return None
    control = bool(CONTROLS & set(bare)) and len(bare) <= 3
    generic = bool(bare) and set(bare) <= GENERIC and grouped
    if coded:
        strength = 0.9
    elif control or generic:
        strength = max(tagged, 0.8)
    elif grouped and bare and words[-1] in GROUP_HEADS:
        strength = max(tagged, 0.6)
    elif tagged >= _SEEN:
        strength = tagged
    else:
        return None
    alone = after in _ALONE or bool(_ALONE & set(words))
    before = lower[p.first - 1] if p.first else ""
    keys = _keys(p, coded, _marks(before in _NEGATED, alone))
    if not keys:
        return None
    return _Found(p, keys, grouped, alone, min(1.0, strength))


def _shares_head(context: Context, p: Phrase) -> bool:
    """Tell whether a name stands in a list that ends in "groups": "study" of "the study and the control group"."""
    lower, last = context.lower, context.sentence_tokens[p.sentence][1]
    for t in range(p.last, min(last, p.last + 9)):
        if lower[t] in GROUP_HEADS:
            words = lower[p.last : t]
            return any(w in ("and", "or", "versus", "vs", "vs.", "/") for w in words)
        if lower[t] in (".", ";", "was", "were", "had", "than", "("):
            return False
    return False


def _words(text: str) -> list[str]:
    return [w.lower() for w in _WORD.findall(text)]


def _key(text: str) -> frozenset[str]:
    words = _words(text)
    if _CODE.search(text):
        return frozenset(["#" + words[-1]])
    kept = [
        w for w in words
        if w not in FUNCTION_WORDS and w not in GROUP_HEADS and w not in PEOPLE and w not in _UNIT
        and w not in ("treatment", "therapy", "supplementation")
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
        return ((_key(p.raw) - _ALONE) | marks,)
    out = {_key(p.raw)}
    words = {w for w in _words(p.raw) if w not in GROUP_HEADS and w not in PEOPLE}
    if words and words <= GENERIC:
        return tuple(k for k in out if k)  # "the treatment arm" is not what it was given by a guess
    if p.label != p.raw and not (p.list_id < -1):
        match = _BRACKET.search(p.label)
        out.add(_key(p.label[: match.start()] if match else p.label))
    elif coded:
        out.add(_key(p.label))
    return tuple(sorted((k for k in out if k), key=sorted))


def _root(parents: list[int], n: int) -> int:
    while parents[n] != n:
        parents[n] = parents[parents[n]]
        n = parents[n]
    return n


def _gather(found: Sequence[_Found], context: Context) -> list[int]:
    """Return for each mention the mention it is gathered with: equal names first, then parts of names."""
    found = _doses_apart(found)
    parents = list(range(len(found)))
    together = _side_by_side(found, context)

    def merge(one: int, other: int) -> bool:
        a, b = _root(parents, one), _root(parents, other)
        if a == b:
            return True
        mine = {n for n in range(len(found)) if _root(parents, n) in (a, b)}
        if any(x in mine and y in mine for x, y in together):
            return False
        parents[max(a, b)] = min(a, b)
        return True

    by_key: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for n, f in enumerate(found):
        for key in f.keys:
            by_key[key].append(n)
    for members in by_key.values():
        for other in members[1:]:
            merge(members[0], other)
    for n, m in _defined_beside(found, context):
        merge(n, m)
    for small in sorted(by_key, key=lambda k: (-len(k), sorted(k))):
        larger = [k for k in by_key if small < k and len(k) <= len(small) + 2]
        roots = {_root(parents, by_key[k][0]) for k in larger}
        if len(roots) == 1:
            merge(by_key[small][0], by_key[larger[0]][0])
    return parents


def _doses_apart(found: Sequence[_Found]) -> list[_Found]:
    """Return the mentions, those of one name in several doses with the dose in their keys."""
    doses: defaultdict[frozenset[str], set[str]] = defaultdict(set)
    printed = [_DOSE_NAME.search(f.phrase.raw) for f in found]
    for f, dose in zip(found, printed, strict=True):
        if dose:
            doses[f.keys[0]].add(dose[1])
    return [
        replace(f, keys=(f.keys[0] | {dose[1] + dose[2].lower()[:2]},))
        if dose and len(doses[f.keys[0]]) > 1
        else f
        for f, dose in zip(found, printed, strict=True)
    ]


def _side_by_side(found: Sequence[_Found], context: Context) -> set[tuple[int, int]]:
    """Return the pairs of mentions that a sentence compares or lists: they name two things."""
    pairs: set[tuple[int, int]] = set()
    lower = context.lower
    for n, one in enumerate(found):
        for m in range(n + 1, min(len(found), n + 5)):
            other = found[m]
            if other.phrase.sentence != one.phrase.sentence:
                break
            if set(one.keys) & set(other.keys):
                continue
            if one.phrase.list_id == other.phrase.list_id < -1:
                pairs.add((n, m))
                continue
            gap = lower[one.phrase.last : other.phrase.first]
            if _opens(gap):
                continue
            if {"versus", "vs", "vs.", "v", "or", "than", "with", "and", "to"}.intersection(gap):
                pairs.add((n, m))
    return pairs


def _opens(gap: Sequence[str]) -> bool:
    """Tell whether a bracket opens between two mentions and does not close."""
    return gap.count("(") + gap.count("[") > gap.count(")") + gap.count("]")


def _defined_beside(found: Sequence[_Found], context: Context) -> Iterable[tuple[int, int]]:
    """Yield mentions of which one names the other in a bracket: "RT alone (group A, n = 20)"."""
    lower = context.lower
    for n in range(len(found) - 1):
        one, other = found[n], found[n + 1]
        if one.phrase.sentence != other.phrase.sentence:
            continue
        gap = [w for w in lower[one.phrase.last : other.phrase.first] if w not in FUNCTION_WORDS]
        if gap in (["("], ["["], ["alone", "("], ["group", "("], ["arm", "("], ["only", "("]) and (
            other.grouped or one.grouped
        ):
            yield n, n + 1
