"""A sentence as an outline: its numbers and the brackets that hold them blotted out, all offsets kept.

In "Smoking ######## and obesity ######## were predictors of death" the grammar shows that brackets hide:
on which word the sentence turns, and what it names on the two sides.
"""

from __future__ import annotations

import re
from functools import cached_property

from kg.assembly import side_words as words
from kg.assembly.context import Context
from kg.assembly.phrase import Phrase
from kg.assembly.side_words import BLOT, Pivot
from kg.assembly.words import GROUP_WORDS
from kg.assembly.zones import behind_label
from kg.numbers.statistic import Statistic

Stretch = tuple[int, int]  # offsets in the sentence
Turn = tuple[re.Match[str], Pivot]

LONGEST = 14  # tokens of the longest name
#: Share of a stretch that a phrase must cover to be its name: where it has a comma, and where not.
_COVERS_LIST, _COVERS = 0.6, 0.9
_BLOTS = re.compile(rf"{BLOT}+")
#: Where a number ends whose p value is told behind what it is of: "0.49 (0.33-0.72) for men (p = 0.01)".
_P_APART = re.compile(r"[)\]%\d](?=\s+(?:for|in|among|with|of)\s)", re.IGNORECASE)


class Outline:
    """The outline of one sentence of a document.

    Attributes
    ----------
    text
        The sentence with a run of :data:`BLOT` for each number, or for the bracket that holds it; brackets
        without a number are left blank.
    marks
        Where each number's run lies, by statistic.
    brackets
        The statistics that stand in a bracket.
    """

    def __init__(self, context: Context, sentence: int) -> None:
        self.context, self.sentence = context, sentence
        place = context.annotation.sentences[sentence]
        self.start = place.start_char
        self.marks: dict[int, Stretch] = {}
        self.brackets: set[int] = set()
        numbers = {
            k: value_place(s)
            for k, s in enumerate(context.statistics)
            if context.places[k].sentence == sentence
            and (s.value is not None or s.p_value is not None)
        }
        text = list(place.text)
        for start, end in self._bracket_places():
            inside = [k for k, at in numbers.items() if start <= at - self.start < end]
            text[start:end] = (BLOT if inside else " ") * (end - start)
            self.marks.update(dict.fromkeys(inside, (start, end)))
            self.brackets.update(inside)
        for k, at in numbers.items():
            if k not in self.marks:
                start = at - self.start
                end = min(own_end(context, k) - self.start, len(text))
                text[start:end] = BLOT * (end - start)
                self.marks[k] = start, end
        self.text = "".join(text)

    def _bracket_places(self) -> list[Stretch]:
        """Return where the outermost brackets stand."""
        tokens, depths = self.context.annotation.tokens, self.context.depths
        t, last = self.context.sentence_tokens[self.sentence]
        found = []
        while t < last:
            u = t
            while u < last and depths[u] > 0:
                u += 1
            if u > t:
                found.append(
                    (tokens[t].start_char - self.start, tokens[u - 1].end_char - self.start)
                )
            t = u + 1
        return found

    @cached_property
    def pivots(self) -> list[Turn]:
        """The words on which the sentence turns, in text order; none lies in another."""
        found: list[Turn] = []
        for pivot in words.PIVOTS:
            for match in pivot.pattern.finditer(self.text):
                if not any(m.start() < match.end() and match.start() < m.end() for m, _ in found):
                    found.append((match, pivot))
        kept: list[Turn] = []
        for match, pivot in sorted(found, key=lambda turn: turn[0].start()):
            near = bool(kept) and match.start() - kept[-1][0].end() < words.APART
            adjective = pivot.weak and words.BEFORE_ADJECTIVE.search(self.text[: match.start()])
            if not (pivot.weak and near) and not adjective:
                kept.append((match, pivot))
        return kept

    def turns_of(self, mark: Stretch) -> list[Turn]:
        """Return the pivots of the clause that holds a mark."""
        start, end = self.clause(mark)
        return [turn for turn in self.pivots if start <= turn[0].start() and turn[0].end() <= end]

    def clause(self, mark: Stretch) -> Stretch:
        """Return the clause that holds a mark."""
        ends = list(words.CLAUSE.finditer(self.text))
        start = max((m.end() for m in ends if m.end() <= mark[0]), default=0)
        end = min((m.start() for m in ends if m.start() >= mark[1]), default=len(self.text))
        return start, end

    def turn_of(self, mark: Stretch) -> Turn | None:
        """Return the pivot that a mark belongs to: the last before it, else the next.

        In "A was linked to O (…), and B (…) was linked to P" it is the one right behind.
        """
        turns = self.turns_of(mark)
        before = [turn for turn in turns if turn[0].end() <= mark[0]]
        after = [turn for turn in turns if turn[0].start() >= mark[1]]
        follows = bool(after) and not self.text[mark[1] : after[0][0].start()].strip()
        if before and follows and BLOT in self.text[before[-1][0].end() : mark[0]]:
            return after[0]
        return before[-1] if before else after[0] if after else None

    def sides_of(self, turn: Turn, mark: Stretch) -> tuple[Stretch, Stretch]:
        """Return the stretches before and behind a pivot that belong to it."""
        start, end = self.clause(mark)
        turns = self.turns_of(mark)
        n = turns.index(turn)
        if n + 1 < len(turns):
            end = turns[n + 1][0].start()
        if n:
            start = turns[n - 1][0].end()
            start = max((b.end() for b in self.blots((start, turn[0].start()))), default=start)
        return (start, turn[0].start()), (turn[0].end(), end)

    def blots(self, region: Stretch) -> list[re.Match[str]]:
        """Return the runs of a region."""
        return list(_BLOTS.finditer(self.text, *region))

    def item(self, region: Stretch, mark: Stretch) -> Phrase | None:
        """Return the name in front of a mark, behind the mark before it.

        Where nothing but an adjustment or a comparator stands there, that earlier mark's name is meant.
        """
        opening = words.ADJUNCT.match(self.text, region[0], mark[0])
        if opening is not None:  # "Compared with placebo, A (…)"
            region = opening.end(), region[1]
        first = self.text.find(BLOT, region[0], mark[0])
        compared = words.COMPARED.search(self.text, region[0], first) if first >= 0 else None
        last = self.text.rfind(BLOT, region[0], mark[0]) + 1
        if compared is not None and words.COMPARED.search(self.text, last, mark[0]) is None:
            # "as compared with the moderate (…) or high trajectories (…)"
            return self.name((region[0], compared.start()), before_pivot=False)
        blots = self.blots((region[0], mark[0]))
        starts = [region[0], *(blot.end() for blot in blots)]
        ends = [*(blot.start() for blot in blots), mark[0]]
        for start, end in zip(reversed(starts), reversed(ends), strict=True):
            for beyond in (words.BEYOND, words.COMPARED):
                cut = beyond.search(self.text, start, end)
                end = end if cut is None else cut.start()
            if self.text[start:end].strip(" ,;"):
                return self.name((start, end), before_pivot=True)
        return None

    def name(self, region: Stretch, *, before_pivot: bool) -> Phrase | None:
        """Return what a region names, ``None`` where it only points to something.

        Parameters
        ----------
        before_pivot
            Whether the region ends where its name does; else it begins there, and ends at a mark.
        """
        start, end = self._trimmed(region, before_pivot=before_pivot)
        if end - start < 2:
            return None
        a, b = start + self.start, end + self.start
        within = [
            p
            for p in self.context.by_sentence.get(self.sentence, ())
            if a - 1 <= p.start_char and p.end_char <= b + 1 and p.last - p.first <= LONGEST
            and not set(p.raw.lower().split()) <= GROUP_WORDS
        ]  # fmt: skip
        phrase = max(within, key=lambda p: (p.end_char - p.start_char, max(p.scores)), default=None)
        covered = 0.0 if phrase is None else (phrase.end_char - phrase.start_char) / (end - start)
        if covered >= (_COVERS_LIST if "," in self.text[start:end] else _COVERS):
            return phrase
        made = self.context.phrase_at(a, b)
        if made is None or set(made.raw.lower().split()) <= GROUP_WORDS | words.POINTING:
            return phrase
        return made if made.last - made.first <= LONGEST else phrase

    def _trimmed(self, region: Stretch, *, before_pivot: bool) -> Stretch:
        """Return a region without what frames its name."""
        start, end = region
        text = self.text
        if start == 0:
            start = behind_label(text)
        if before_pivot:
            for match in words.REPORTED.finditer(text, start, end):
                start = match.end()
            adjunct = words.ADJUSTED.match(text, start, end) or words.ADJUNCT.match(
                text, start, end
            )
            if adjunct is not None and adjunct.end() < end - 2:
                start = adjunct.end()
        for mark in (";",) if before_pivot else (BLOT, ";"):
            cut = text.find(mark, start, end)
            end = end if cut < 0 else cut
        for beyond in (words.BEYOND, words.COMPARED):
            found = beyond.search(text, start, end)
            if found is not None and found.start() > start + 2:
                end = found.start()
        lead = words.LEAD.match(text, start, end)
        start = start if lead is None else lead.end()
        got = words.WHO_GOT.match(text, start, end)
        start = start if got is None else got.end()
        tail = words.TAIL.search(text[start:end])
        return start, end if tail is None else start + tail.start()


def value_place(statistic: Statistic) -> int:
    """Return where a number's digits begin, the whole expression where it has no value."""
    return statistic.start_char if statistic.value_start is None else statistic.value_start


def own_end(context: Context, k: int) -> int:
    """Return where a number's expression ends, without a p value that stands behind further words."""
    s = context.statistics[k]
    if s.value_end is None or s.p_start is None or not s.value_end < s.p_start < s.end_char:
        return s.end_char
    apart = _P_APART.search(context.reading.view.text, s.value_end - 1, s.p_start)
    return s.end_char if apart is None else apart.end()
