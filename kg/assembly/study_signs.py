"""Whether a stretch of a page reports a study at all."""

from __future__ import annotations

import re

from kg.assembly.excerpts import LINK, is_excerpt
from kg.assembly.numerals import WORDS
from kg.assembly.segments import Segment
from kg.assembly.zones import find_labels
from kg.text import Reading

Offsets = tuple[int, int]

#: How many people there may be, in words; fewer than twelve count other things as often.
_MANY = "|".join([*(word for word, number in WORDS.items() if number >= 12), "hundred"])
#: Signs of a report, each counted once, those first that cost least to find; a page that cites nothing
#: needs `NEEDED` of them.
_SIGNS = {
    "method": r"(?i:\b(?:took part|participated)\b|\b(?:were|was)\s+(?:\w+\s+)?(?:randomi[sz]ed|randomly|enrolled|recruited|included|measured|assessed|analy[sz]ed|assigned|searched|determined|examined|investigated|divided|compared|evaluated|performed|conducted|carried out|collected|obtained|administered|treated|studied|followed|tested|calculated|used|defined)\b|\bwe\s+(?:\w+\s+)?(?:randomi[sz]ed|randomly|enrolled|recruited|measured|assessed|analy[sz]ed|examined|investigated|searched|compared|studied|evaluated|conducted|performed|tested|identified|used|assigned|followed|reviewed|pooled)\b|\b(?:they|researchers|scientists|investigators|doctors|the (?:study |research )?team)\s+(?:\w+\s+)?(?:randomi[sz]ed|recruited|enrolled|picked|split|divided|followed|tracked|compared|asked|tested|studied|signed up|analy[sz]ed)\b)",
    "design": r"(?i:\brandomi[sz]ed|\bplacebo|\b(?:double|single)[- ]blind|\bcross-?sectional|\bretrospective|\bprospective|\bmeta-analysis|\bsystematic review|\bcohort\b|\bcase[- ]control|\bin vitro\b|\bclinical trial|\bcross-?over (?:study|trial|design)|\bbefore[- ](?:and[- ])?after (?:study|trial)|\bat random\b|\busing a lottery|\bby lottery|\bobservational study|\bpilot (?:study|trial)|\breview of (?:\w+ ){0,2}trials)",
    "purpose": r"(?i:\b(?:aim|objective|purpose|goal)s?\s+(?:of|was|were|is)\b|\b(?:this|our|present)\s+(?:\w+\s+)?(?:study|trial|review|meta-analysis)\b|\bto (?:investigate|evaluate|determine|assess|examine|compare|explore)\b)",
    "people": rf"(?i:\b(?<!\d,)(?:\d[\d,]*+|(?:{_MANY})(?:-\w{{3,5}})?)\s+(?:\S+\s+){{0,5}}?(?:patients|participants|subjects|women|men|children|adults|volunteers|infants|individuals|controls|mice|rats|cases|people|persons|nurses|physicians|students|veterans|workers|athletes|residents)\b)|\b[nN]\s*=\s*\d|\b[Pp]atients\b",
    "result": r"(?i:\b(?:significantly|significant)\s+(?:\w+\s+)?(?:higher|lower|reduced|increased|decreased|associat|differ|improv|greater|less|more|correlat)|\bwas associated with\b|\b(?:were|was) (?:\w+ )?(?:higher|lower|similar|greater|improved|reduced|increased|decreased|observed|found)\b)",
    "statistic": r"\b[pP]\s*(?:value\s*)?[=<>≤]\s*0?[.,·]\d|\b9[05]\s*%\s*(?:CI|[Cc]onfidence|[Cc]onf)|\b(?:OR|RR|HR|SMD|MD|WMD|aOR)\s*[=:,]?\s*\(?\d|\d\s*(?:±|\+/-)\s*\d",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _SIGNS.items()}
NEEDED = 3
_OF_TABLE = 4000  # characters of a table that are looked at

#: Advice to clinicians: what a guideline page is made of.
_ADVICE = re.compile(
    r"(?:^|[•*\n:]\s*)(?:Aim|Start|Maintain|Measure|Recheck|Consider|Adjust|Combine|Use|Initiate|Administer|"
    r"Prescribe|Monitor|Avoid|Assess|Supplement|Test|Continue|Ensure|Target|Repeat|Screen|Check|Begin|Treat|Offer|Obtain|"
    r"Give|Take|Keep|Add|Increase|Reduce|Stop|Discontinue|Switch|Limit|Refer|Counsel|Provide|Encourage|Do not|Don['’]t)\s"
    r"|\b(?:is|are) recommended\b|\brecommends?\b|\bshould (?:be|receive|undergo)\b|\bguidelines?\b",
    re.MULTILINE,
)
_CLINICAL = re.compile(
    r"\b(?:patients?|women|adults|children|therapy|treatment|clinical|disease)\b", re.IGNORECASE
)
#: A statement that ends with the numbers of its sources: "… in adults with HIV. 1, 3".
_SOURCED = re.compile(r"[a-z)\]]\.?\s(?:\d{1,2}(?:,\s?|\s?[-–]\s?))*\d{1,2}$", re.MULTILINE)
_LETTER = re.compile(r"^\s*(?:dear|to the editor)", re.IGNORECASE)


def tells_of_study(reading: Reading, segment: Segment, stretches: list[Offsets]) -> bool:
    """Whether a segment reports a study: by its citation and title, by its labels, or by its words."""
    text = reading.view.text
    body = "\n".join(text[a:b] for a, b in stretches)
    if is_excerpt(reading) or (segment.title and (segment.citation.doi or segment.citation.pmid)):
        return True
    labels = {name for a, b in stretches for _, name, _zone in find_labels(text, a, b)}
    if len(labels & _REPORTING) >= 2:
        return True
    cited = segment.citation.journal is not None and segment.citation.year is not None
    tables = "\n".join(
        text[b.start_char : min(b.end_char, b.start_char + _OF_TABLE)]
        for b in (reading.blocks[i] for i in segment.blocks)
        if b.kind == "table" and b.is_evidence
    )
    if _has_signs(body, tables, published=cited and segment.title is not None):
        return True
    if _is_plain(reading, segment) and _says_what_was_done(body):
        return True
    return is_guideline(body, reading.document.text)


def _has_signs(body: str, tables: str, *, published: bool) -> bool:
    """Whether a text has enough signs of a report; its tables may show statistics too."""
    signs: set[str] = set()
    for name, sign in _COMPILED.items():
        if not sign.search(body) and not (name == "statistic" and sign.search(tables)):
            continue
        signs.add(name)
        if published and len(signs) >= 2 and signs - {"people", "design"}:
            return True
        if len(signs) >= NEEDED and signs & {"method", "result", "design"}:
            return True
    # a second figure with its statistic counts as one sign more, and needs none of the three words
    return (
        "statistic" in signs
        and len(signs) + 1 >= NEEDED
        and len(_COMPILED["statistic"].findall(body)) >= 2
    )


#: What a page of links, lists and tables is not: the abstract of a report, as a database prints it.
_MOST_BLOCKS, _SHORTEST, _LONGEST = 12, 300, 6000
#: Looser signs, for plain abstracts: people, what was done, why, what came of it, how it was planned.
_LOOSE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:patients?|participants?|subjects?|volunteers?|respondents?|(?:wo)?men|children|boys|girls|infants|neonates|"
        r"newborns|adolescents|adults|students|families|couples|mothers|individuals|persons|people|veterans|employees|"
        r"mice|rats|dogs|cows|pigs|piglets|sheep|horses|rabbits|broilers)\b",
        r"\brandom|\bplacebo|\bblind|\bcross-?sectional|\bretrospective|\bprospective|\bmeta-analysis|"
        r"\bsystematic review|\bcohort\b|\bcase[- ]control|\bclinical|\btrials?\b|\bcontrolled\b|\bcontrol group|\bpilot\b|"
        r"\bphase (?:I|II|III|\d)|\btreat(?:ed|ment)|\btherap|\bintervention|\bsurve(?:y|illance)|\bprotocol|\bfollow-?up|"
        r"\bexperiment|\bpre-?test|\bsample of",
        r"\b(?:was|were)\s+(?:\w+\s+){0,2}?\w{3,}(?:ed|en|wn)\b|\b(?:received|underwent|completed|participated|assigned|we\s+(?:\w+ly\s+)?\w+ed)\b",
        r"\b(?:aim|aimed|objective|purpose|goal|hypothes[ie]s|hypothesi[sz]ed|sought|in order to)\b|\bto (?:\w+ly\s+)?(?:investigate|"
        r"evaluate|determine|assess|examine|compare|explore|test|identify|study|describe|develop|measure|estimate|establish|analy[sz]e)\b|"
        r"\b(?:this|our|the present|the current)\s+(?:\w+\s+){0,2}?(?:study|trial|review|meta-analysis|report|research|investigation|experiment|analysis)\b",
        r"\bsignifican|\b(?:higher|lower|greater|less|fewer|more|better|worse|faster|longer|shorter)\b[^.]{0,80}\bthan\b|"
        r"\bno (?:\w+ )?(?:differences?|effects?|changes?)\b|\b(?:increas|decreas|reduc|improv)(?:ed|ement|tion|es)\b|\d\s?%|"
        r"\b(?:showed|revealed|indicated|demonstrated|suggest(?:ed|s)?)\b",
    )
)


def _is_plain(reading: Reading, segment: Segment) -> bool:
    """Whether a document is running text under a title, and nothing else."""
    source, blocks = reading.document.text, [reading.blocks[i] for i in segment.blocks]
    return (
        _SHORTEST <= len(source) <= _LONGEST
        and len(blocks) <= _MOST_BLOCKS
        and all(b.kind not in ("item", "table") for b in blocks)
        and not LINK.search(source)
    )


def _says_what_was_done(body: str) -> bool:
    """Whether a text speaks of people or a plan, and of two more of: deed, purpose, result."""
    people, plan, *rest = (bool(sign.search(body)) for sign in _LOOSE)
    return (people or plan) and people + plan + sum(rest) >= NEEDED


_REPORTING = frozenset({
    "background", "objective", "objectives", "aim", "aims", "purpose", "methods", "results",
    "conclusion", "conclusions", "findings", "patients and methods", "design", "introduction",
    "methods and results", "materials and methods", "subjects and methods", "interpretation",
})  # fmt: skip


def is_guideline(body: str, page: str) -> bool:
    """Whether a text without a study of its own gives advice to clinicians, with evidence for it."""
    ends = sum(line[-1:].isdigit() for line in body.split("\n"))  # of lines: numbers of sources
    if ends < 3 and "guideline" not in page.lower():
        return False
    advice = len(_ADVICE.findall(body))
    if advice < 3:
        return False
    clinical = len(_CLINICAL.findall(body))
    if advice >= 5 and clinical >= 5 and re.search(r"\bguidelines?\b", page, re.IGNORECASE):
        return True
    return clinical >= 3 and len(_SOURCED.findall(body)) >= 3
