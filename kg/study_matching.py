"""Whether two reports tell of one study: points for and against, each with its reason in words.

After Fellegi & Sunter (A theory for record linkage, J Am Stat Assoc 1969): evidence adds up, and a
pair is one study from a threshold on. The points are chosen on real pages (docs/identity.md), so that
an identifier is enough where nothing speaks against it, a title or some results are enough with
little besides, and what strangers share by chance (one interval, a round number of people, p = 0.05)
never is.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.study_profile import Profile, digits_of, is_telling_title

#: Points from which two reports are one study, and from which they are shown as possibly one.
SAME = 8.0
POSSIBLE = 4.0

_IDENTIFIER, _SECOND_IDENTIFIER = 12.0, 3.0
_REGISTRY = 9.0
_TITLE = 8.0
_RESULTS_AT_MOST = 12.0
#: For two results or more that tell something: their agreement is no accident of one of them.
_SEVERAL = 1.0
#: Significant digits of a result → points: of an estimate with its interval, of a mean with its SD,
#: of a part of a whole. Chance agreement at six digits was seen once in some 10⁵ pairs of abstracts.
_INTERVAL = ((9, 3.5), (7, 3.0), (6, 2.5), (5, 1.5), (0, 0.5))
_MEAN = ((8, 2.0), (7, 1.5), (6, 1.0), (0, 0.25))
_PART = ((6, 1.5), (5, 1.0), (0, 0.25))
_IDENTIFYING = ("same DOI", "same PubMed", "same registry", "same title")


@dataclass(frozen=True, slots=True)
class Match:
    """Two reports that look alike, and what was made of it.

    ``first`` < ``second`` are reports; ``reasons`` speak for and against, in words; ``same`` is the
    verdict. ``score`` is the sum of points.
    """

    first: str
    second: str
    same: bool
    score: float
    reasons: tuple[str, ...]

    @property
    def worth_showing(self) -> bool:
        """Whether a person should see it: one study, possibly one, or an identifier that both have."""
        identified = any(reason.startswith(_IDENTIFYING) for reason in self.reasons)
        return self.same or self.score >= POSSIBLE or identified


def compare(one: Profile, other: Profile) -> Match:
    """Judge two reports; the order of the arguments does not matter."""
    first, second = sorted((one, other), key=lambda profile: profile.report)
    found: list[tuple[float, str]] = []
    by_registry = _identifiers(first, second, found)
    identified = bool(found)
    _title_and_people(first, second, found, by_registry=by_registry)
    shared = _results(first, second, found, identified=identified)
    _against(first, second, found, by_registry=by_registry, identified=identified)
    score = sum(points for points, _ in found)
    # What is known of nothing but people and year is never enough.
    enough = identified or shared > 0 or first.title == second.title != "" or _member(first, second)
    reasons = tuple(reason for _, reason in found)
    return Match(first.report, second.report, score >= SAME and enough, round(score, 2), reasons)


def _member(one: Profile, other: Profile) -> bool:
    """Whether one may be known from a synthesis by author, year and people alone."""
    return (one.component or other.component) and bool(one.author)


def _identifiers(one: Profile, other: Profile, found: list[tuple[float, str]]) -> bool:
    """Enter common identifiers; return whether a registry number is among them."""
    common = [item for item in one.identifiers if item in other.identifiers]
    names = {"doi": "DOI", "pmid": "PubMed number"}
    points = _IDENTIFIER
    for item in common:
        kind, _, value = item.partition(":")
        if kind in names:
            found.append((points, f"same {names[kind]} {value}"))
            points = _SECOND_IDENTIFIER
    by_registry = [item for item in common if item.startswith("registry:")]
    for item in by_registry:
        found.append(
            (_REGISTRY if points == _IDENTIFIER else _SECOND_IDENTIFIER,
             f"same registry number {item.removeprefix('registry:')}")
        )  # fmt: skip
    return bool(by_registry)


def _title_and_people(
    one: Profile, other: Profile, found: list[tuple[float, str]], *, by_registry: bool
) -> None:
    if one.title and one.title == other.title:
        if is_telling_title(one.title):
            found.append((_TITLE, "same title"))
        else:
            found.append((2.0, "same short title"))
    elif one.title and other.title and not by_registry and _apart(one.title, other.title):
        found.append((-3.0, "titles without a common word"))
    if one.author and one.author == other.author:
        found.append((2.0, f"same first author {one.author.title()}"))
    if one.year and other.year:
        gap = abs(one.year - other.year)
        if gap == 0:
            found.append((1.0, f"same year {one.year}"))
        elif gap > 2 and not by_registry:
            found.append((-1.0, f"years {one.year} and {other.year}"))
    if one.n and other.n:
        if one.n == other.n:
            points = 4.0 if one.n >= 1000 else 3.0 if one.n >= 100 else 2.0 if one.n >= 20 else 0.5
            if one.n % 100 == 0 or (one.n < 100 and one.n % 10 == 0):
                points /= 2  # round numbers are common
            found.append((points, f"same number of participants {one.n}"))
        elif not by_registry and max(one.n, other.n) > 1.1 * min(one.n, other.n):
            found.append((-3.0, f"{one.n} and {other.n} participants"))
    common = set(one.words) & set(other.words)
    if len(common) >= 2:
        found.append((1.0, "named alike: " + ", ".join(sorted(common)[:4])))
    elif not common and min(len(one.words), len(other.words)) >= 3 and not by_registry:
        found.append((-2.0, "interventions and outcomes without a common word"))


def _apart(one: str, other: str) -> bool:
    words = {word for word in one.split() if len(word) > 3}
    others = {word for word in other.split() if len(word) > 3}
    return min(len(words), len(others)) >= 3 and not words & others


def _results(
    one: Profile, other: Profile, found: list[tuple[float, str]], *, identified: bool
) -> int:
    """Enter equal results; return how many tell something."""
    common = [key for key in one.results if key in other.results]
    points = sum(_worth(key) for key in common)
    telling = [key for key in common if _worth(key) >= 1]
    points += _SEVERAL if len(telling) > 1 else 0
    if common:
        shown = "; ".join(_in_words(key) for key in common[:3])
        more = f" and {len(common) - 3} more" if len(common) > 3 else ""
        number = "1 equal result" if len(common) == 1 else f"{len(common)} equal results"
        found.append((min(points, _RESULTS_AT_MOST), f"{number}: {shown}{more}"))
    fewer = min(len(one.results), len(other.results))
    if not identified and common and len(common) < fewer / 2:
        found.append((-4.0, f"{fewer - len(common)} of {fewer} results differ"))
    return len(telling)


def _worth(key: str) -> float:
    table = {"i": _INTERVAL, "s": _MEAN, "e": _PART}[key[0]]
    digits = digits_of(key)
    return next(points for least, points in table if digits >= least)


def _in_words(key: str) -> str:
    numbers = key[1:].split("|")
    if key[0] == "i":
        return f"{numbers[0]} ({numbers[1]} to {numbers[2]})"
    return f"{numbers[0]} ± {numbers[1]}" if key[0] == "s" else f"{numbers[0]}/{numbers[1]}"


def _against(
    one: Profile, other: Profile, found: list[tuple[float, str]], *, by_registry: bool, identified: bool
) -> None:  # fmt: skip
    families = {one.family, other.family}
    published = any(reason.startswith(("same DOI", "same PubMed")) for _, reason in found)
    if len(families - {"other"}) == 2:  # the same publication may be misread; a number may be cited
        found.append((-3.0 if published else -8.0, f"{_called(one)} and {_called(other)}"))
    elif "other" in families and len(families) == 2 and not identified and not _member(one, other):
        found.append((-1.0, "one has no known design"))
    if one.animal != other.animal and families == {"primary"}:
        found.append((-8.0, "animals and people"))
    if not by_registry:
        for prefix, name in (("doi:", "DOIs"), ("pmid:", "PubMed numbers")):
            mine = {item for item in one.identifiers if item.startswith(prefix)}
            theirs = {item for item in other.identifiers if item.startswith(prefix)}
            if mine and theirs and not mine & theirs:
                found.append((-6.0, f"different {name}"))
                break
    mine, theirs = set(one.registries), set(other.registries)
    if mine and theirs and not mine & theirs:
        found.append((-6.0, "different registry numbers"))


def _called(profile: Profile) -> str:
    return {"synthesis": "a synthesis", "advice": "a review or guideline"}.get(
        profile.family, "a primary study"
    )
