"""When two outcomes are the same: what is measured × in what × how it counts × instrument × time.

"serum 25(OH)D", "vitamin D levels" and "25-hydroxyvitamin D concentration" are one outcome;
"time to first exacerbation", "severe exacerbations" and "exacerbations" are three. A name is taken
apart by rules, what remains is looked up in the terminologies, and the parts make a key:

``measured``    the concept, or the words where no terminology knows them
``specimen``    urine, saliva, breast milk …; blood, the usual one, is left out
``aspect``      an event's count or risk, its time, duration or severity, remission
``instrument``  scale or questionnaire
``timepoint``   when

The first four make the group of an outcome in the graph; a timepoint belongs to an effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.identity import fold, node_name
from kg.terminology.entry import ConceptEntry, is_short_form
from kg.terminology.layers import packaged
from kg.terminology.names import bag_key, plain_key

#: Least score of a name that counts; scores that differ by less leave the choice to the kind.
_SURE, _NEARLY = 0.9, 0.03
#: What outcomes are, the likeliest first.
_KINDS = {"measurement": 0, "instrument": 1, "disease": 2, "symptom": 3, "chemical": 4, "action": 5}

#: Name of an outcome's substance, state or event → its entry, ``None`` if no terminology knows it.
Lookup = Callable[[str], ConceptEntry | None]


@dataclass(frozen=True, slots=True)
class OutcomeKey:
    """The parts of an outcome; "" where a name does not say."""

    measured: str
    specimen: str = ""
    aspect: str = ""
    instrument: str = ""
    timepoint: str = ""
    label: str = ""

    @property
    def group(self) -> tuple[str, str, str, str]:
        """What two names of one outcome have in common, whenever it was measured."""
        return self.measured, self.specimen, self.aspect, self.instrument

    @property
    def node(self) -> str:
        """The name of the group's node."""
        return node_name("outcomegroup", list(self.group))

    @property
    def title(self) -> str:
        """The group in words: ``25-hydroxyvitamin D, in urine``."""
        parts = [self.label or self.measured.removeprefix("w:")]
        parts += [f"in {self.specimen}"] if self.specimen else []
        parts += [self.aspect] if self.aspect else []
        parts += [f"by {self.instrument}"] if self.instrument else []
        return ", ".join(parts)


_SPECIMENS = (
    ("urine", r"urin(?:e|ary)"), ("saliva", r"saliva(?:ry)?"), ("breast milk", r"(?:breast|human) milk"),
    ("cord blood", r"(?:umbilical )?cord(?: blood)?"), ("cerebrospinal fluid", r"csf|cerebrospinal fluid"),
    ("stool", r"f(?:a?e)cal|f(?:a?e)ces|stool"), ("synovial fluid", r"synovial(?: fluid)?"),
    ("sputum", r"sputum"), ("hair", r"hair"), ("amniotic fluid", r"amniotic(?: fluid)?"),
)  # fmt: skip
_IN_SPECIMEN = tuple(
    (name, re.compile(rf"^(?:{form})\s+(?=\S)|\s+(?:in|of)\s+(?:the\s+)?(?:{form})$", re.IGNORECASE))
    for name, form in _SPECIMENS
)  # fmt: skip
_BLOOD = re.compile(
    r"^(?:serum|plasma|circulating|(?:whole|peripheral|venous) blood|blood(?=\s+(?:level|concentration|25|\w+ (?:AUC|levels?|concentrations?))))\s+"
    r"(?:and\s+(?:serum|plasma)\s+)?(?=\S)|\s+in\s+(?:the\s+)?(?:serum|plasma|blood|circulation)$",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty-four)"
)
_UNIT = r"(?:h(?:ours?|rs?)?|d(?:ays?)?|w(?:ee)?ks?|mo(?:nths?)?|y(?:ea)?rs?|min(?:utes?)?)"
_TIME = re.compile(
    rf"\s*[,;(]?\s*\b(?:(?:at|after|by|until|within|over|during|from)\s+(?:the\s+)?(?:(?:first|last|next)\s+)?"
    rf"(?:{_NUMBER}[\s-]{{0,4}}(?:-|–|to|and)?[\s-]{{0,4}}{_NUMBER}?[\s-]{{0,4}}{_UNIT}\b(?:\s+(?:of\s+)?(?:follow-?up|treatment|therapy))?"
    rf"|(?:{_UNIT}|visit)\s+{_NUMBER}|\d{{1,2}}[:.]\d\d(?:\s*h(?:ours)?)?|(?:presentation|admission|enrol?lment|screening|entry)"
    r"|(?:untreated )?baseline(?:\s+to\s+[\w -]+)?|follow-?up|discharge|endpoint|study end|end of (?:the )?(?:study|treatment|trial))"
    rf"|(?:{_UNIT}|visit)\s+{_NUMBER}$|{_NUMBER}[\s-]{{0,4}}{_UNIT}\s+(?:after|post)\b[\w\s-]*$)\)?",
    re.IGNORECASE,
)
#: A follow-up before the name: "30-day mortality". Hours and minutes are part of a test: "2-hour glucose".
_FRONT_TIME = re.compile(
    rf"^(?:{_NUMBER}[\s-](?:d(?:ays?)?|w(?:ee)?ks?|mo(?:nths?)?|y(?:ea)?rs?))\s+(?=\w)",
    re.IGNORECASE,
)
#: Groups of people at the end of a name belong to the population, not to the outcome.
_PEOPLE = re.compile(
    r"\s+(?:in|among|for)\s+(?:the\s+)?(?:\w+[\s-]){0,3}(?:patients?|subjects?|men|women|boys|girls|children|adults|infants|"
    r"participants?|individuals|people|males?|females?|group|arm|mothers|offspring|newborns?|elderly|population)$",
    re.IGNORECASE,
)
#: Aspect → how a name says it; the first that fits is taken. What an event counts is no aspect.
_ASPECTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(form, re.IGNORECASE))
    for name, form in (
        ("time to", r"^(?:(?:median|mean)\s+)?(?:time|days|weeks|months)[\s-]+(?:to|until|of(?=\s+(?:max|peak)))[\s-]+(?:the\s+)?(?:first\s+)?|^(?:onset|time) of onset of\s+"),
        ("free of", r"[\s-]free(?=\s|$)(?:\s+(?:days?|rate|status|patients?))?(?!\s*survival)|^freedom from\s+|^absence of\s+|^no (?=\w)"),
        ("duration", r"^(?:duration|length|days|hours)\s+(?:of|with)\s+(?!stay)|\s+duration$"),
        ("severity", r"^severity\s+of\s+|\s+severity$"),
        ("recovery", r"^(?:remission|resolution|recovery|regression|clearance|cure)\s+(?:of|from)\s+|\s+(?:remission|resolution|recovery)$"),
        ("recurrence", r"^(?:recurrence|recurrent|relapse)s?\s+(?:of\s+)?(?=\w)|\s+(?:recurrence|relapse)s?$"),
        ("variability", r"\s+variability$|^variation in\s+"),
    )
)  # fmt: skip
#: States of which severity, intensity and score are one thing: they are graded, not counted.
_GRADED = re.compile(
    r"\b(?:pain|fatigue|depress|anxi|itch|prurit|dyspn|breathless|stress|distress|nausea|symptom|discomfort|soreness|"
    r"insomnia|sleepiness|disability|spastic|stiffness|disease)\w*", re.IGNORECASE,
)  # fmt: skip
_FRONT = re.compile(
    r"^(?:"
    r"(?:risks?|incidences?|prevalences?|rates?|odds|hazards?|occurrences?|frequency|numbers?|count|proportion|percent(?:age)?s?|"
    r"probability|likelihood|presence|development|episodes?|cases?|events?|levels?|concentrations?|amount|values?|"
    r"(?:a\s+)?diagnosis|intensity|degree|extent)\s+(?:of|for|in|with)\s+(?:the\s+)?"
    r"|(?:changes?|reductions?|increases?|decreases?|improvements?|worsening|differences?|decline|fall|rise|gain|drop)"
    r"\s+(?:in|of|from)\s+(?:the\s+)?"
    r"|(?:(?:mean|median|average|final|absolute|relative|adjusted|unadjusted|crude|overall (?!survival|response)|baseline|post-?treatment"
    r"|self-?reported|cumulative|annual(?:ized)?|percent(?:age)?|change|increased|decreased|elevated|reduced|raised|lower(?:ed)?(?!\s+(?:limb|extremit|back|respir|urinary))"
    r"(?!\s+than)|higher(?!\s+than)|any|maintaining|achieving|reaching|attaining|achieved|total(?=\s+25)|suspected|new-?onset|new|incident|prevalent|maternal(?=\s+(?:serum|25|vitamin))|improved|the|a|an|first|subsequent|experiencing|having"
    r"|patients?(?:\s+with)?|participants?(?:\s+with)?|subjects?\s+with)\s+))",
    re.IGNORECASE,
)  # fmt: skip
_BACK = re.compile(
    r"(?<![\s-])[\s-]++(?:levels?|concentrations?|status|values?|rates?|incidences?|prevalences?|risks?|odds|events?|episodes?|"
    r"frequenc(?:y|ies)|intensity|total scores?|domain scores?|subscale scores?|scores?|subscale|scale|ratings?|measure(?:ment)?s?|changes?|reductions?|increases?|decreases?|"
    r"improvements?|decline|occurrence|development|incidents?|cases)$",
    re.IGNORECASE,
)  # fmt: skip
#: Words whose last part is their name: "heart rate" is no rate of hearts.
_WHOLE = re.compile(
    r"\b(?:(?:heart|pulse|respiratory|filtration|metabolic|sedimentation|flow|infusion|walking)\s+rates?"
    r"|(?:weight|hair|bone|blood|hearing|tooth|vision|memory|tissue|attachment|pregnancy|appetite)\s+(?:loss|gain)s?"
    r"|(?:risk|cognitive|functional)\s+(?:score|status|decline)|adverse events?|side effects?|"
    r"body mass index|(?:performance|functional|nutritional|health|mental|oxidative|menopausal|smoking|marital|socioeconomic)\s+status)$",
    re.IGNORECASE,
)  # fmt: skip
_INSTRUMENT = re.compile(
    r"\b(?:(?:by|on|using|with|assessed by|measured by|according to)\s+(?:the\s+)?)?"
    r"(?P<name>VAS|NRS|visual analog(?:ue)? scale|numeric(?:al)? rating scale|SF-?(?:36|12)|EQ-?5D(?:-\dL)?|KINDL-R|"
    r"WOMAC|KOOS|DAS-?28|BASDAI|BASFI|PASI|DLQI|SCORAD|EASI|CDASI|SLEDAI|EDSS|MMSE|MoCA|ADAS-?[Cc]og|UPDRS|PANSS|CGI(?:-[SI])?|"
    r"HAM-?D(?:-?\d+)?|HDRS(?:-?\d+)?|MADRS|BDI(?:-II)?|PHQ-?9|GAD-?7|HADS|HAM-?A|STAI|PSQI|ISI|FACT-\w+|QLQ-C30|IPSS|ODI|"
    r"Constant(?:-Murley)?|DASH|ACQ|ACT|AQLQ|CAT|SGRQ|mMRC|6MWT|TUG|SPPB|PedsQL|GHQ-?\d*|FSS|MFI|BPI|KINDL)\b(?:\s+(?:total\s+)?scores?)?",
)
_BRACKET = re.compile(
    r"(?:^|(?<=\s)|\s+)[(\[](?P<inside>[^()\[\]]*(?:\((?:OH|a)\)[^()\[\]]*)?)[)\]](?!\w)"
)
#: Words in brackets that tell one outcome from another.
_TELLING = re.compile(
    r"(?i)\b(?:morning|afternoon|evening|night|daytime|left|right|upper|lower|mice|rats)\b"
)
#: Degrees that a terminology's broader name may lack: then it names another outcome.
_DEGREES = frozenset(
    "severe mild moderate major minor serious acute chronic persistent fatal nonfatal recurrent early late"
    " symptomatic nocturnal gestational postoperative total free ionized active".split()
)
_INNER = re.compile(r"\((OH|a)\)", re.IGNORECASE)
#: What an instrument measures, for outcomes named by the instrument alone.
_CONSTRUCTS = {
    "mmse": "cognitive function", "moca": "cognitive function", "adascog": "cognitive function",
    "hamd": "depression", "madrs": "depression", "bdi": "depression", "bdiii": "depression", "phq9": "depression",
    "hama": "anxiety", "gad7": "anxiety", "stai": "anxiety", "psqi": "sleep quality", "isi": "insomnia",
    "edss": "disability", "odi": "disability", "sf36": "quality of life", "sf12": "quality of life",
    "eq5d": "quality of life", "eq5d3l": "quality of life", "eq5d5l": "quality of life", "dlqi": "quality of life",
    "aqlq": "quality of life", "qlqc30": "quality of life", "kindlr": "quality of life", "pedsql": "quality of life",
    "fss": "fatigue", "mfi": "fatigue", "bpi": "pain",
}  # fmt: skip
#: Words that say nothing without their bracket: "mediators (self-efficacy)".
_GENERIC = re.compile(
    r"(?i)^(?:secondary |primary |clinical |other )?(?:outcomes?|mediators?|parameters?|measures?|markers?|variables?|success|"
    r"improvement|response|discrimination|gender|sex)$"
)
_COMPARISONS = {"<": " below ", "≤": " below ", ">": " above ", "≥": " above "}
_AREA = re.compile(r"(?i)^(?:AUC|area under the(?: [\w-]+)? curve)\s+(?:of|for)\s+(.+)$")
_LACK = re.compile(
    r"(?i)^(?:25[\s-]?\(?OH\)?[\s-]?D\d?|25-?hydroxy-?vitamin D\d?)\s+(deficiency|insufficiency|sufficiency)"
)
_COMPARED = re.compile(r"\s*([<>≤≥])\s*(?:=\s*)?")
#: What a concept is as an outcome, where that is another: what is given stands for its level in people.
_AS_OUTCOME = {
    "MESH:D014807": "MESH:C104450",  # vitamin D: 25-hydroxyvitamin D tells who has how much
    "MESH:D002762": "MESH:C104450",  # vitamin D3
    "MESH:D002112": "MESH:C104450",  # calcifediol
    "EFO:0004631": "MESH:C104450",  # 25-hydroxyvitamin D level
    "CLINEV:1-25-dihydroxyvitamin-d-level": "MESH:D002117",  # calcitriol
    "MESH:D005947": "EFO:0004468",  # glucose: blood glucose
    "MESH:D002097": "EFO:0004458",  # high-sensitivity C-reactive protein: the same, measured finer
    "MESH:D064420": "CLINEV:adverse-event",  # adverse drug reaction
    "CLINEV:all-cause-mortality": "EFO:0004352",  # mortality
}


def outcome_key(
    label: str, instrument: str | None = None, timepoint: str | None = None,
    concept: tuple[str, str] | None = None, lookup: Lookup | None = None,
) -> OutcomeKey:  # fmt: skip
    """Take an outcome apart.

    Parameters
    ----------
    label
        As a text names it.
    instrument, timepoint
        Where the record knows them; else they are sought in the label.
    concept
        Id and label of what the record takes it for: asked where only a short form is left, which
        the document defines.
    lookup
        Asked for the concept of what is measured; ``None``: words alone.

    Examples
    --------
    >>> one = outcome_key("serum 25(OH)D", lookup=lookup_outcome)
    >>> other = outcome_key("vitamin D levels at 12 weeks", lookup=lookup_outcome)
    >>> one.group == other.group, other.timepoint
    (True, '12 weeks')
    >>> outcome_key("time to first exacerbation").aspect
    'time to'
    """
    text, found = _protect(" ".join(label.split())), {"instrument": instrument or ""}
    text = _take_instrument(text, found)
    text, time = _take_time(text)
    outside = _BRACKET.sub("", text).strip(" ,;:-")
    if _GENERIC.match(outside) and (inside := _BRACKET.search(text)):
        text = inside["inside"]
    text = _BRACKET.sub(_kept_bracket, text).strip(" ,;:-")
    specimen = aspect = ""
    previous = None
    while text and text != previous:
        previous = text
        text = _PEOPLE.sub("", text).strip(" ,;:-")
        bare = _BLOOD.sub("", text)
        for name, pattern in _IN_SPECIMEN:
            if not specimen and pattern.search(bare) and pattern.sub("", bare).strip():
                specimen, bare = name, pattern.sub("", bare)
        if not aspect:
            aspect, bare = _take_aspect(bare)
        shorter = _FRONT.sub("", bare)
        if not _WHOLE.search(shorter):
            shorter = _BACK.sub("", shorter)
        text = shorter.strip(" ,;:-") or bare
    tool = _instrument_key(found["instrument"])
    if tool in _CONSTRUCTS and _instrument_key(text) == tool:
        text = _CONSTRUCTS[tool]
    measured, name = _measured(_unprotect(text) or label, concept, lookup)
    return OutcomeKey(measured, specimen, aspect, tool, timepoint or time, name)


def lookup_outcome(name: str) -> ConceptEntry | None:
    """Return the concept of an outcome's name in the packaged lexicon, ``None`` where it has none.

    Only a name that is the concept's own counts, in any spelling: similar ones do not.
    """
    hits = [hit for hit in packaged().find(name) if hit.score >= _SURE]
    if not hits:
        return None
    best = max(hit.score for hit in hits)
    return min(
        (hit for hit in hits if hit.score > best - _NEARLY),
        key=lambda hit: (_KINDS.get(hit.entry.kind, len(_KINDS)), -hit.score, hit.entry.id),
    ).entry


def broader_of(curie: str) -> Iterator[tuple[str, str, str]]:
    """Yield what the packaged lexicon has above a concept: narrower id, broader id, broader label."""
    lexicon = packaged()
    waiting, seen = [curie], {curie}
    while waiting:
        entry = lexicon.get(waiting.pop(0))
        for above in entry.broader if entry is not None else ():
            wider = lexicon.get(above)
            if wider is not None and entry is not None:
                yield entry.id, above, wider.label
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)


def same_outcome(one: OutcomeKey, other: OutcomeKey, *, times: bool = False) -> bool:
    """Whether two outcomes may be compared: the same group, and the same time where asked.

    An instrument that only one of them names does not tell them apart.
    """
    if one.group[:3] != other.group[:3]:
        return False
    if one.instrument and other.instrument and one.instrument != other.instrument:
        return False
    return not times or fold(one.timepoint) == fold(other.timepoint)


def _take_instrument(text: str, found: dict[str, str]) -> str:
    match = _INSTRUMENT.search(text)
    if match is None:
        return text
    rest = (text[: match.start()] + " " + text[match.end() :]).strip(" ,;:()[]-")
    found["instrument"] = found["instrument"] or match["name"]
    return rest if len(re.findall(r"[A-Za-z]{3,}", rest)) >= 1 else text


def _take_time(text: str) -> tuple[str, str]:
    match = _TIME.search(text)
    if match and match.start() > 2:
        time = re.sub(
            r"^\W*(?:at|after|by|within|over|during)\s+",
            "",
            match.group().strip(" ,;()"),
            flags=re.I,
        )
        return (text[: match.start()] + text[match.end() :]).strip(" ,;:-"), time
    front = _FRONT_TIME.match(text)
    if (
        front
        and len(text[front.end() :].split()) >= 1
        and not re.match(r"(?i)walk|race|run|ambul|ecg|urin", text[front.end() :])
    ):
        return text[front.end() :], front.group().strip()
    return text, ""


def _take_aspect(text: str) -> tuple[str, str]:
    for name, pattern in _ASPECTS:
        match = pattern.search(text)
        if match is None:
            continue
        rest = (text[: match.start()] + " " + text[match.end() :]).strip(" ,;:-")
        if not rest:
            continue
        if name == "severity" and _GRADED.search(rest):
            return "", rest
        return name, rest
    return "", text


def _measured(text: str, concept: tuple[str, str] | None, lookup: Lookup | None) -> tuple[str, str]:
    """Return the key of what is measured, and its name."""
    text = _COMPARED.sub(lambda match: _COMPARISONS[match[1]], text)
    text = re.sub(r"(?<=\d)\.0+(?!\d)", "", text)
    text = _AREA.sub(r"\1 AUC", text)
    text = _LACK.sub(r"vitamin D \1", text)
    entry = lookup(text) if lookup is not None else None
    if entry is not None and not _lacks_degree(entry, plain_key(text)):
        entry = packaged().get(_AS_OUTCOME.get(entry.id, "")) or entry
        return entry.id, entry.label
    if concept is not None and is_short_form(text):
        return concept
    words = plain_key(text)
    ordered = {"high", "low"} <= set(words.split())  # which is high and which is low matters
    return f"w:{(words if ordered else bag_key(words)) or fold(text)}", text


def _lacks_degree(entry: ConceptEntry, plain: str) -> bool:
    """Whether a name says a degree ("severe asthma") that the concept found for it does not have."""
    lacking = set(plain.split()) & _DEGREES - set(plain_key(entry.label).split())
    if lacking == {"total"}:  # "total mortality" may be one of its names
        return all(plain_key(name) != plain for name in entry.names)
    return bool(lacking)


def _kept_bracket(match: re.Match[str]) -> str:
    """Drop what stands in brackets (short forms, units, limits), but for words that tell."""
    return f" {match['inside']}" if _TELLING.search(match["inside"]) else ""


@lru_cache(maxsize=4096)
def _instrument_key(name: str) -> str:
    plain = plain_key(name).replace(" ", "")
    known = {"visualanalogscale": "vas", "visualanaloguescale": "vas", "numericratingscale": "nrs",
             "numericalratingscale": "nrs", "hdrs": "hamd"}  # fmt: skip
    plain = re.sub(r"^(hdrs?|hamd)\d*$", "hamd", plain)
    return known.get(plain, plain)


def _protect(text: str) -> str:
    return _INNER.sub(r"⟨\1⟩", text)


def _unprotect(text: str) -> str:
    return text.replace("⟨", "(").replace("⟩", ")")
