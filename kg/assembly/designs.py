"""The design of a study, from the words of its title, its design statement and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kg.assembly.cue import Cue
from kg.assembly.design_cues import CUES, DESIGNS, IMPERATIVE, INDEX, OFTEN
from kg.assembly.linear import Weights, load_weights, score
from kg.records import Design

Offsets = tuple[int, int]

#: Characters of a text that are asked for its design: full texts cite studies of every design.
ABSTRACT_LENGTH = 6000
#: "Design: Prospective cohort study." — the sentence after the label names the design.
_LEAD = re.compile(
    r"\b(?:study\s+|trial\s+|research\s+)?design(?:,\s*setting,?\s*(?:and|&)\s*\w+)?(?:\s+and\s+methods)?\s*[:.]?\s+"
    r"(?=[A-Z])(?P<lead>[^.]{5,250})",
    re.IGNORECASE,
)
#: The letters first, as in :mod:`kg.assembly.cue`.
_RESULTS = re.compile(r"95\s?%|p(?<!\wp)\s*[<=>]|P(?<!\wP)\s*[<=>]|n(?<!\wn)\s*=|r(?<!\wr)esults\b")
_PAST = re.compile(r"\b(?:were|was|had|received|showed|increased|decreased)\b")
_PARTS = re.compile(
    r"(?:^|\s)(?:Objectives?|OBJECTIVES?|(?:Search |Materials and )?[Mm]ethods|METHODS|(?:Main )?[Rr]esults|RESULTS)\s*[:.\n]|\b(?:Search methods|Main results|Selection criteria)\b"
)
_SAYS = Cue.of(
    r"(?:this|the present|our|the current|an?)\s+(?!(?:published|previous|prior|earlier|larger?|recent|parent|subsequent|future)\b)(?:[\w-]+,?\s+){0,8}?(?:study|trial|analysis|review|survey|meta-analysis)\b"
)


#: A sentence that does nothing but name the design: "Case series; Level of evidence, 4."
_FRAGMENT = re.compile(
    r"[.\n]\s*(?P<lead>[A-Z][\w-]*(?:[ ,]+[\w-]+){0,7}?\s(?:study|trial|series|analysis|survey|review|experiment))(?=\s*[;.]|\s+of\s+\d)"
)


#: Designs of studies that a synthesis includes: "a meta-analysis of prospective cohorts".
_INCLUDED = frozenset(
    {"cohort", "cohort study", "prospective", "case-control", "cross-sectional", "nested"}
)


def design_features(
    text: str, title: Offsets | None, stretches: Iterable[Offsets], headline: str = ""
) -> set[str]:
    """Return the features of a study's text that tell of its design.

    Parameters
    ----------
    text
        The view's text; offsets refer to it.
    title
        Where the study's title stands, if anywhere.
    stretches
        The rest of the study's text.
    headline
        What the page itself calls the study.
    """
    title_text = text[slice(*title)] if title else ""
    body = "\n".join(
        text[a:b] for a, b in stretches if not (title and title[0] <= a and b <= title[1])
    )
    if title and title_text and body.startswith(title_text):
        body = body[len(title_text) :]
    whole, body = body, body[:ABSTRACT_LENGTH]
    lower = body.lower()
    leads = [m["lead"].lower() for m in _leads(body, lower)]
    lead = "\n".join([*leads, *(m.group() for m in _SAYS.pattern.finditer(lower))])
    places = {
        "text": lower,
        "title": title_text.lower(),
        "lead": lead,
        "headline": headline.lower(),
    }
    features = {
        f"{place}:{name}"
        for place, part in places.items()
        for name in INDEX.find(part)
        if CUES[name].pattern.search(part)
    }
    if features & {"title:synthesis of", "title:umbrella review"}:
        features -= {f for f in features if f.partition(":")[2] in _INCLUDED}
    if "title:umbrella review" in features:
        features -= {f for f in features if f.endswith((":synthesis of", ":meta-analysis"))}
    features.add("bias")
    for name, times in OFTEN.items():
        if f"text:{name}" in features and CUES[name].count(lower) >= times:
            features.add(f"often:{name}")
    advice = len(IMPERATIVE.findall(body))
    if advice:
        features |= {"text:imperative", *(["often:imperative"] if advice >= 3 else [])}
    if len(body) < 300:
        features.add("no text")
    features.add("results" if _RESULTS.search(body) else "no results")
    features.update(_combined(features, lower, whole))
    return features


def _leads(body: str, lower: str) -> Iterator[re.Match[str]]:
    """Yield the sentences of a text, also given in lower case, that name its design."""
    if "design" in lower:
        yield from _LEAD.finditer(body)
    yield from _FRAGMENT.finditer(f"\n{body}" if body[:1].isupper() else body)


def _combined(features: set[str], body: str, whole: str) -> set[str]:
    """Return what only several cues together tell."""
    found = set()
    own = bool(features & {"text:randomly assigned", "title:randomised trial", "lead:randomised"})
    anywhere = any(f.endswith((":randomised", ":crossover", ":randomised trial")) for f in features)
    intervened = bool(
        features & {"text:intervention", "text:groups compared", "text:controlled trial"}
    )
    if own:
        found.add("own randomisation")
    if not anywhere:
        found.add("no randomisation")
        if intervened:
            found.add("intervention, not randomised")
    if "title:observational" in features:
        if not own:
            found.add("observational, not randomised")
        if anywhere and "title:randomised" not in features:
            found.add("observational, trial")
    if not intervened and not features & {"text:longitudinal", "text:survival", "text:controls"}:
        found.add("observational, measured once")
    if "text:future" in features and CUES["future"].count(body) > len(_PAST.findall(body)) / 2:
        found.add("mostly future")
    if len(features & _SYNTHESIS) >= 2:
        named = any(f.endswith(":meta-analysis") for f in features)
        pooled = named or ("text:pooled" in features and "title:systematic review" not in features)
        found |= {"synthesis", "synthesis, pooled" if pooled else "synthesis, not pooled"}
    long = len(whole) > 15_000 or (len(whole) > 4000 and "synthesis" not in found)
    if long and len(_PARTS.findall(whole)) < 2:
        found.add("long, no methods")
    if len(body) < 150 and not any(f.partition(":")[2] in _NAMED for f in features):
        found.add("nothing but a title")
    places = {
        name: m.start()
        for name in _OBSERVATIONAL
        if f"text:{name}" in features and (m := CUES[name].pattern.search(body))
    }
    if places:
        found.add(f"first:{min(places, key=lambda name: places[name])}")
    return found


_SYNTHESIS = frozenset(
    f"text:{name}"
    for name in (
        "meta-analysis",
        "pooled",
        "systematic review",
        "databases searched",
        "studies included",
        "cochrane",
    )
)
_OBSERVATIONAL = ("cohort study", "case-control", "cross-sectional")
_NAMED = frozenset({
    "meta-analysis", "systematic review", "review", "guideline", "protocol", "randomised", "cohort",
    "case-control", "cross-sectional", "case report", "case series", "animals", "prospective",
    "retrospective", "placebo", "controlled trial", "survey", "single arm", "not randomised",
})  # fmt: skip


def alternatives(features: Iterable[str]) -> list[list[str]]:
    """Return, for each design of :data:`DESIGNS`, the names under which its weights are kept."""
    names = sorted(features)
    return [[f"{design}|{name}" for name in names] for design in DESIGNS]


def classify_design(
    features: Iterable[str], weights: Mapping[str, Weights] | None = None
) -> Design:
    """Return the design that the features speak for most."""
    table = load_weights("designs") if weights is None else weights
    names = sorted(features)
    return max(DESIGNS, key=lambda design: score(names, table.get(design, {})))


def design_evidence(text: str, design: Design, places: Iterable[Offsets]) -> Offsets | None:
    """Return the words that state a design: the strongest cue found first in the given places."""
    cues = [CUES[name] for name in _TELLING.get(design, ())]
    lowered = text.lower()
    if len(lowered) != len(text):
        return None  # a letter whose lower case is two: offsets would not fit
    for start, end in places:
        for cue in cues:
            if match := cue.search(lowered, start, end):
                return match.start(), _word_end(text, match.end(), end)
    return None


def _word_end(text: str, place: int, limit: int) -> int:
    while place < limit and (text[place].isalnum() or text[place] == "-"):
        place += 1
    return place


#: The cues whose words name a design, most telling first.
_TELLING: dict[Design, tuple[str, ...]] = {
    "randomized controlled trial": ("randomised trial", "randomly assigned", "randomised", "crossover", "blind", "placebo"),
    "non-randomized trial": ("not randomised", "single arm", "feasibility", "open-label", "groups compared", "intervention"),
    "cohort": ("cohort study", "cohort", "retrospective", "prospective", "longitudinal", "registry", "survival"),
    "case-control": ("case-control", "nested", "controls"),
    "cross-sectional": ("cross-sectional", "survey", "prevalence", "correlate"),
    "case series": ("case series",),
    "case report": ("case report",),
    "meta-analysis": ("meta-analysis", "pooled", "systematic review"),
    "systematic review": ("systematic review", "databases searched"),
    "review": ("review", "review word"),
    "guideline": ("guideline", "recommendation"),
    "protocol": ("protocol", "future"),
    "animal study": ("animal model", "animals"),
    "other": (),
}  # fmt: skip
