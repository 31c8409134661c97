"""Which stretches of a document are phrases: its noun chunks, chunks joined, and what the tagger marked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from kg.assembly.aliases import find_listed_codes
from kg.assembly.annotation import Annotation
from kg.assembly.combined import Stretch, find_joins, find_partings, part, without_asides
from kg.assembly.labels import names_people, stems, tidy
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
#: Units of what is given; "min" and "m" may be part of a name: "6 min walk".
_GIVEN_UNIT = re.compile(r"(?<=\s)(?:[mkµμu]?g|mcg|IU|Gy|m[lL])\s+(?:of\s+)?(?=\w)")
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
        self._partings = find_partings(text)
        self._mentions = part(annotation.mentions, self._partings, text)
        self._parts: dict[Stretch, tuple[Stretch, Stretch]] = {}  # of what was given together

    def find(self) -> list[Phrase]:
        """Collect chunks, chunks joined by "of", and tagged mentions, one phrase a stretch."""
        stretches: dict[Stretch, None] = {}
        text, chunks = self.text, self.annotation.chunks
        partings = frozenset(self._partings)
        for k, chunk in enumerate(chunks):
            stretches[chunk.start_char, chunk.end_char] = None
            end = chunk.end_char
            for other in chunks[k + 1 : k + 3]:
                if other.start_char - end > _LONGEST_GAP:
                    break
                gap = text[end : other.start_char]
                if gap.strip().lower() not in _GAPS or (end, other.start_char) in partings:
                    break
                if gap.strip() == "to" and names_people(
                    text[max(0, end - 20) : end].rpartition(" ")[2]
                ):
                    break  # "adults to yoga"
                end = other.end_char
                stretches[chunk.start_char, end] = None
        for mention in self._mentions:
            stretches[mention.start_char, mention.end_char] = None
        for start, end in list(stretches):
            glued = text.startswith("(", end) and _SUBSCRIPT.match(text, end)
            if glued:
                del stretches[start, end]
                stretches[start, glued.end()] = None
        whole = self._combined({(self._behind_unit(start), end) for start, end in stretches})
        found = self._mark_lists(
            [p for (start, end) in sorted(whole) if (p := self.at(start, end, 0))]
        )
        return sorted([*found, *self._listed_codes()], key=in_order)

    def _combined(self, stretches: set[Stretch]) -> set[Stretch]:
        """Return the stretches, those that name what was given together as one: "vitamin D plus calcium"."""
        joins = list(find_joins(self.text))
        if not joins:
            return stretches
        by_start: dict[int, set[Stretch]] = {behind: set() for _, behind in joins}
        by_end: dict[int, set[Stretch]] = {before: set() for before, _ in joins}
        for stretch in stretches:
            by_start.get(stretch[0], set()).add(stretch)
            by_end.get(stretch[1], set()).add(stretch)
        for before, behind in joins:
            left, right = by_end[before], by_start[behind]
            if not (self._is_given(left) and self._is_given(right)):
                continue
            first, last = max(left)[0], min(right)[1]
            wholes = {(start, end) for start, _ in left for _, end in right}
            joined = wholes & stretches or (
                {(start, last) for start, _ in left} | {(first, end) for _, end in right}
            )
            self._parts.update(dict.fromkeys(joined, (max(left), min(right))))
            stretches = stretches - left - right | joined
            for stretch in joined:
                by_end.get(stretch[1], set()).add(stretch)
        return stretches

    def _is_given(self, stretches: Iterable[Stretch]) -> bool:
        """Tell whether the tagger saw something that was given in one of some stretches."""
        given = (KIND["intervention"], KIND["comparator"])
        return any(self._scores(*stretch)[kind] > 0 for stretch in stretches for kind in given)

    def _behind_unit(self, start: int) -> int:
        """Return where a name begins that was found from a unit on: "40,000 IU/week of vitamin D", "8 Gy TLI"."""
        text = self.text
        rest = text.startswith("/", start - 1) and _REST_OF_UNIT.match(text, start)
        if rest and rest[1] in BASE_UNITS:
            return rest.end()
        given = text[max(0, start - 2) : start - 1].isdigit() and _GIVEN_UNIT.match(text, start)
        return given.end() if given else start

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
        if (start, end) in self._parts:
            raw = without_asides(raw)
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
        mentions = self._mentions
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
        for stretch in self._parts.get((start, end), ()):
            scores = list(map(max, scores, self._scores(*stretch)))
        return tuple(scores)

    @cached_property
    def _mention_ends(self) -> list[int]:
        return [m.end_char for m in self._mentions]

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
