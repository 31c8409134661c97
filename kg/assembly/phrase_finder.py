"""Which stretches of a document are phrases: its noun chunks, chunks joined, and what the tagger marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from kg.assembly.aliases import find_listed_codes
from kg.assembly.annotation import Annotation
from kg.assembly.labels import stems, tidy
from kg.assembly.naming import Naming
from kg.assembly.phrase import KIND, MENTION_KINDS, Phrase
from kg.assembly.words import CONNECTORS
from kg.numbers.units import BASE_UNITS

_UNSEEN = (0.0,) * len(MENTION_KINDS)
_LONGEST = 160  # characters of a name
_MOST_BETWEEN = 5  # words between two members of a list
#: What joins two chunks to one name, and the most characters of it.
_GAPS = frozenset(["of", "of the", "in", "in the", "for", "with", "to"])
_LONGEST_GAP = 9
_BRACKETS = frozenset("()[]")
_REST_OF_UNIT = re.compile(r"(?<=/)(\w+)\s+(?:of\s+)?")
#: A subscript as plain text prints it, "HbA(1c)", "B(12)": part of the word.
_SUBSCRIPT = re.compile(r"(?<=[A-Za-z])\((\d{1,2}[a-z]?)\)")


class PhraseFinder:
    """Finds the phrases of one document.

    Parameters
    ----------
    text, annotation, names
        The view's text, its annotation, and the names as the document means them.
    starts, lower, depths
        Each token's first character, its text in small letters, and the brackets it stands in.
    in_number
        Whether each token is part of a number's expression; a phrase is more than that.
    """

    def __init__(
        self,
        text: str,
        annotation: Annotation,
        names: Naming,
        starts: Sequence[int],
        lower: Sequence[str],
        depths: Sequence[int],
        in_number: Sequence[bool],
    ) -> None:
        self.text, self.annotation, self.names = text, annotation, names
        self.starts, self.lower, self.depths = starts, lower, depths
        self.in_number = in_number

    def find(self) -> list[Phrase]:
        """Collect chunks, chunks joined by "of", and tagged mentions, one phrase a stretch."""
        stretches: dict[tuple[int, int], None] = {}
        text, chunks = self.text, self.annotation.chunks
        for k, chunk in enumerate(chunks):
            stretches[chunk.start_char, chunk.end_char] = None
            end = chunk.end_char
            for other in chunks[k + 1 : k + 3]:
                if other.start_char - end > _LONGEST_GAP:
                    break
                if text[end : other.start_char].strip().lower() not in _GAPS:
                    break
                end = other.end_char
                stretches[chunk.start_char, end] = None
        for mention in self.annotation.mentions:
            stretches[mention.start_char, mention.end_char] = None
        for start, end in list(stretches):
            glued = text.startswith("(", end) and _SUBSCRIPT.match(text, end)
            if glued:
                del stretches[start, end]
                stretches[start, glued.end()] = None
        whole = {(self._behind_unit(start), end) for start, end in stretches}
        found = self._mark_lists(
            [p for (start, end) in sorted(whole) if (p := self.at(start, end, 0))]
        )
        return sorted([*found, *self._listed_codes()], key=in_order)

    def _behind_unit(self, start: int) -> int:
        """Return where a name begins that was found from the end of a unit on: "40,000 IU/week of vitamin D"."""
        text = self.text
        rest = text.startswith("/", start - 1) and _REST_OF_UNIT.match(text, start)
        return rest.end() if rest and rest[1] in BASE_UNITS else start

    def _listed_codes(self) -> Iterator[Phrase]:
        """Yield a phrase for each group of "groups 1 to 4", all at the place of the whole list."""
        for number, (start, end, codes) in enumerate(find_listed_codes(self.text)):
            whole = self.at(start, end)
            if whole is None:
                continue
            for index, code in enumerate(codes):
                yield replace(
                    whole,
                    label=code,
                    raw=code,
                    list_id=-2 - number,
                    list_index=index,
                    list_size=len(codes),
                )

    def at(
        self, start: int, end: int, list_id: int = -1, *, counted: bool = False
    ) -> Phrase | None:
        """Return a stretch as a phrase, ``None`` where it names nothing; an amount is a name where `counted`."""
        sentence = self.annotation.sentence_at(start)
        if sentence is None:
            return None
        first, last = bisect_right(self.starts, start) - 1, bisect_left(self.starts, end)
        if last <= first or not (counted or False in self.in_number[first:last]):
            return None
        raw = self.text[start:end]
        raw = tidy(_SUBSCRIPT.sub(r"\1", raw) if "(" in raw else raw)
        if len(raw) > _LONGEST or not stems(raw):
            return None
        return Phrase(
            start,
            end,
            self.names.written_out(raw, start),
            raw,
            sentence,
            first,
            last,
            self.depths[first],
            self._scores(start, end),
            list_id,
        )

    def _scores(self, start: int, end: int) -> tuple[float, ...]:
        """Return the tagger's score of a stretch for each mention kind: its mentions' by what they share with it."""
        mentions = self.annotation.mentions
        k = bisect_right(self._mention_ends, start)
        if k == len(mentions) or mentions[k].start_char >= end:
            return _UNSEEN
        scores = list(_UNSEEN)
        while k < len(mentions) and mentions[k].start_char < end:
            mention = mentions[k]
            k += 1
            overlap = min(end, mention.end_char) - max(start, mention.start_char)
            union = max(end, mention.end_char) - min(start, mention.start_char)
            kind = KIND[mention.kind]
            scores[kind] = max(scores[kind], mention.score * overlap / union)
        return tuple(scores)

    @cached_property
    def _mention_ends(self) -> list[int]:
        return [m.end_char for m in self.annotation.mentions]

    def _mark_lists(self, phrases: list[Phrase]) -> list[Phrase]:
        """Give a number to the phrases that stand side by side ("A, B and C"), brackets left out.

        The phrases are in text order.
        """
        by_first: dict[int, list[Phrase]] = {}
        for p in phrases:
            by_first.setdefault(p.first, []).append(p)
        base = [
            group[0]
            if len(group) == 1
            else max(group, key=lambda p: (max(p.scores), p.first - p.last))
            for group in by_first.values()
        ]
        runs: list[list[Phrase]] = []
        for phrase in base:
            if runs and self._side_by_side(runs[-1][-1], phrase):
                runs[-1].append(phrase)
            else:
                runs.append([phrase])
        marks: dict[int, tuple[int, int, int]] = {}
        for number, run in enumerate(runs, 1):
            if len(run) > 1:
                for index, phrase in enumerate(run):
                    marks[phrase.first] = (number, index, len(run))
        return [p.listed(*marks[p.first]) if p.first in marks else p for p in phrases]

    def _side_by_side(self, one: Phrase, other: Phrase) -> bool:
        if one.sentence != other.sentence or other.first < one.last:
            return False
        depth, words = min(one.depth, other.depth), 0
        for k in range(one.last, other.first):
            word = self.lower[k]
            if self.depths[k] <= depth and word not in _BRACKETS:
                words += 1
                if words > _MOST_BETWEEN or word not in CONNECTORS:
                    return False
        return words > 0


def in_order(phrase: Phrase) -> tuple[int, int, int]:
    """Return what phrases are sorted by: their place, and the place in a list of group codes."""
    return phrase.first, phrase.last, phrase.list_index
