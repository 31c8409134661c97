"""What stands on a page beside the evidence, as declared patterns.

Three tables: headings that say what follows them, openings of single blocks, and whole lines. Each
names the section; those of :data:`kg.text.NO_EVIDENCE` yield no effects.
"""

from __future__ import annotations

import re

#: Headings (or short bold lines) after which everything up to the next heading is of one kind.
HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (section, re.compile(pattern, re.IGNORECASE))
    for section, pattern in (
        ("see_also", r"see also\b|see .{0,60}\bin\s+vit\w*d?wiki|related (?:articles?|posts?|pages?|links?|content|reading)|further reading|more (?:on|about) this|you (?:may|might) also|recommended (?:articles?|reading)|similar articles|cited by|items? in (?:both )?categor|.{0,40}\bcontains? the following|.{0,30}other (?:pages|posts) "),
        ("references", r"(?:selected |cited |key )?references?\b(?! (?:range|value|group|interval|level|standard|population|intake))|bibliography\b|literature cited|works cited|sources?$|citations?$|footnotes?$|notes and references"),
        ("editor_comments", r".{0,60}\b(?:comments?|observations?|opinions?|summary|summari[sz]ed|restated|notes?|remarks?|conclusions?|analysis|review|interpretation|thoughts|perspective|questions?|clipped|synopsis|overview|hypothesis)\b.{0,30}\b(?:by|of|from|at)\s+(?:the )?(?:vit\w*d?wiki|editors?|webmaster|site)|.{0,80}\bvit\w*dwiki\b|editor'?s?'? (?:comments?|notes?|summary|remarks?|view)|our (?:take|view|comments?|opinion)|bottom line\b|notes?$"),
        ("disclaimer", r".{0,30}\bdisclaimers?\b|legal notice|terms (?:of|and) "),
        ("acknowledgements", r"acknowledge?ments?\b|fundings?\b|conflicts? of interests?|competing interests?|disclosures?\b|declarations? of|author contributions?|financial disclosures?|ethics (?:approval|statement)|data availability|supplementa(?:ry|l) (?:material|data|information)|supporting information|appendix\b"),
        ("comments", r".{0,60}\bcomments? on (?:the|this)\b|comments?\s*+(?:\(\d{1,7}\))?$|(?<!\d)\d+ (?:comments?|responses?|replies)\b|leave a (?:reply|comment)|reader comments|join the discussion"),
        ("personalization", r"personali[sz]e\b|tailor your|your preferences"),
        ("advertising", r"talk to us\b|have a (?:follow-?up )?question|subscribe\b|sign up\b|newsletter\b|advertisement|sponsored\b|get (?:the|our) (?:app|newsletter)|buy\b.{0,40}$|schedule a (?:call|demo)|contact us\b|join (?:us|our)\b"),
        ("authors", r"authors? (?:information|affiliations?|details|list)|affiliations?\b|about the authors?|corresponding author|contributors?$|authors?$"),
        ("copyright", r"copyright\b|licen[sc]e$|rights and permissions|permissions$"),
        ("citation", r"cite this|how to cite|suggested citation|article (?:information|history)"),
        ("navigation", r"(?:table of )?contents$|on this page|menu$|navigation|share this|search$|search (?:this|our|the|vit)\b.{0,30}$|tags?$|categories$|attached files?|attachments?$|publication types|full text$|full text links|article metrics|download|page options"),
    )
)  # fmt: skip

#: Blocks known by how they begin.
OPENINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (section, re.compile(pattern, re.IGNORECASE))
    for section, pattern in (
        ("authors", r"author information\b|corresponding author|\W{0,3}correspond(?:ence|ing)\b.{0,20}[:,]|address (?:correspondence|for)|reprint requests?|e-?mails?\s*:|\W{0,3}\d?\s*corresponding author|collaborators?\s*:|(?:the )?authors? affiliations?"),
        ("copyright", r"(?:copyright\b|©|\(c\)\s*(?:19|20)\d\d|all rights reserved|published by .{0,60}(?:ltd|inc|elsevier|wiley|springer|press)\b.{0,40}$|this is an open[- ]access article)"),
        ("citation", r"(?:pmid|pmcid|doi|pii|issn|isbn)\s*:|(?:cite this|how to cite|comment in|comment on|erratum in|update (?:in|of)|republished)\b|(?:\W?\d?\s*)received(?: for publication)?:? .{0,40}(?:19|20)\d\d|article first published|\(?e?published online|available online"),
        ("acknowledgements", r"\W{0,2}\d?\s*(?:this (?:study|work|research|trial|project) (?:was|is) (?:funded|supported|sponsored|financed)|supported(?: in part)? by|funded by|funding\s*[:(]|(?:the )?authors? (?:have|has|declare|report)\b.{0,60}(?:conflict|interest|disclos)|conflicts? of interest|competing interests?|disclosures?\s*:|i receive funding)"),
        ("navigation", r"(?:\W{0,3}(?:(?:full |free |preliminary |rough )?(?:pdfs?|html|appendi\w{2,4}|tables|figures|spreadsheets?)\b.{0,80}(?:attached|bottom|end) (?:at|of|to)|download\b.{0,60}\b(?:pdf|here|from)|.{0,30}pdf (?:is|can be|of|in|here|with)\b|free pdf|pdf$|click here|read (?:more|the)\b|see more|view (?:full|the|editorial)\b|last (?:updated|reviewed|modified)|skip to|share (?:this|on)|print this|back to top|(?:the )?publisher (?:charges|wants|rents|allows?)|full text (?:is|at|on)|paper version|short url|article review status|(?:submitted|(?:under|in|pending|awaiting) review|approved|draft|published|(?:review )?status)$|educational purpose|search vit\w*|items? found|table of contents|no (?:pdf|abstract) available|page views|fig(?:ure)?s? .{0,10}attached|(?:full )?(?:text|study|article) (?:is )?(?:available|free|online)))"),
        ("disclaimer", r"disclaimer|this (?:information|content|site|website|article|page) (?:is|does|provides|was)\b.{0,60}(?:not|educational|informational|intended|professional)|(?:always )?consult (?:with )?your (?:doctor|physician|health)|medical advisory board|medical (?:review )?board\b|the (?:content|information) (?:provided|on this)|not (?:a substitute|intended)"),
        ("personalization", r"personali[sz]e$|help us tailor|which best describes you|tell us about|choose your|select your (?:role|country|language)"),
        ("advertising", r"our medical a\.?i|join us for|schedule a (?:call|demo)|subscribe (?:to|now)|sign up (?:for|now|to)|get (?:our|the) (?:free|newsletter|app)|start your free|(?:ask|have) (?:any |a )?follow[- ]?up question|sponsored by|advertisement|click to (?:buy|order)|order (?:now|your)|talk to us$"),
        ("registration", r"(?:clinicaltrials\.gov|(?:trial|clinical trial) registration|registered (?:at|with)|isrctn|nct\s?\d{8})|(?:estimated |actual )?(?:study|primary|enrol\w+) (?:first received|start date|completion date|completion)\b"),
        ("keywords", r"(?:key ?words?|mesh(?: terms?)?|index terms?)\s*[:.—]"),
        ("editor_comments", r"\W{0,4}(?:wonder(?:ing)? (?:if|how|what|why|about)|looks like|suspect(?:s|ed)? that|we (?:suspect|assume|wonder|guess)|vit\w*dwiki (?:suspects?|notes?|comments?|opinion|believes?|observation|summary|hypothes|thinks?|considers?|wonders?|predict)|no surprise\b|comments? by|summary by|observations? by|notes? by|restated by|opinion by|no mention of|perhaps (?:the|they|this|if)|also,? wonder|unfortunately,? (?:they|the (?:study|authors|abstract))|they (?:probably|also|did not|should|used|failed|ignored?|would)\b|i (?:was|am|would|wonder|suspect|think|believe|agree)\b|editor'?s? note|note: (?:this|only|the|they|all|many|most|it))"),
    )
)  # fmt: skip

#: Guessing in a heading: the page's editor speaks, not a study.
MUSING = re.compile(
    r"\b(?:we|i) (?:suspect|assume|wonder|guess|think|believe)\b|^wonder|^looks like|^suspect|\bhighly suspect",
    re.IGNORECASE,
)

#: A page's own name in running text: what names the site speaks for the site.
SITE_NAMES = re.compile(r"\bVit\w{0,8}D\s?Wiki\b", re.IGNORECASE)

#: Words of institutions and places of work, as affiliations hold them.
AFFILIATION = re.compile(
    r"\b(?:Universit\w*|Univ|Department|Departments|Dept|Division|Hospitals?|Institut\w*|Schools? of|"
    r"School|Facult\w*|Colleges?|Cent(?:er|re|ers|res|ro)|Clinics?|Clinic|Laborator\w*|Foundation|Academy|Ministry|"
    r"Medical Corps|Hôpital|Hopital|Klinik\w*|Unit|Service de|Research Group|Program(?:me)? in|"
    r"Infirmary|INSERM|CNRS|IRCCS|NHS|Inc|Ltd|GmbH|Corporation|Veterans Affairs|Pharmaceuticals?)\b"
)
EMAIL = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}")

#: Marks of a citation line: year with volume and pages, an identifier, or words of publication.
CITATION = re.compile(
    r"\b(?:19|20)\d\d\b[^.]{0,24};\s*\S{0,12}?\d+\S{0,12}\s*(?:\([^()\n]{1,30}\))?\s*:\s*\w?\d+"
    r"|\b\d{1,4}\s?\(\s?\d{1,3}(?:[-–]\d{1,3})?(?:\s(?:Suppl|Pt)\s?\d{0,3})?\)\s?[:,]\s?(?:p+\.?\s?)?e?\d{1,7}"
    r"|\bvol(?:ume|\.)?\s*\d{1,4}\b.{0,60}\b(?:issue|no\.?|pages?|pp)\b"
    r"|\bdoi\s*+(?:[:.]\s*+)?(?:https?://\S{0,30})?10\.\d{4,9}/|doi\.org/10\.|\bPMID\b|\bpii:\s*\S"
    r"|\bEpub\b|\bIn press\b|(?:first )?published(?: online|:)|available online|online (?:first|date|ahead)|ahead of print"
    r"|^(?:The )?(?:[A-Z][\w&]{0,20} ){0,5}(?:Journal|Annals|Archives)\b[^.]{0,90}\b(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}(?:[-\s]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6})?(?:\s\d{1,2})?\s?[;.:]"
    r"|(?<!\band )(?<!\bto )(?<!\bin )(?<!\bfrom )(?<!\bsince )(?<!\buntil )(?<!\bafter )(?<!\bbefore )"
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?) (?:\d{1,2},? )?(?:19|20)\d\d[.)]?\s*$",
    re.IGNORECASE,
)

#: Of these every such line holds one, or the figures of a year or an issue.
_CITING = ("vol", "doi", "pmid", "pii", "epub", "in press", "published", "online", "ahead of print")
_DATED = re.compile(r"\d(?:(?<=[12])[09]\d\d|\s?\(\s?\d)")


def may_cite(text: str) -> bool:
    """Whether a text has anything of what :data:`CITATION` looks for, which costs more to ask."""
    return _DATED.search(text) is not None or any(map(text.lower().__contains__, _CITING))


#: Statistics as only results print them; a block with these is never taken for a list of names. Each
#: begins with a sign or letter, what must not stand before it behind that: so most places are passed over.
STATISTICS = re.compile(
    r"p(?<!\wp)\s?[<=>≤≥]\s?[0.]|C(?<!\wC)Is?\b.{0,12}\d|%(?:(?<=\d%)|(?<=\d\s%))|±|\.(?<=\d\.)\d"
    r"|O(?<!\wO)R\s?[=:(]|R(?<!\wR)R\s?[=:(]|H(?<!\wH)R\s?[=:(]|S(?<!\wS)MD\s?[=:(]|M(?<!\wM)D\s?[=:(]"
    r"|n(?<!\wn)(?:\s?=\s?\d|g/m|mol)|m(?<!\wm)(?:g/d|m\s?Hg)",
)

#: One entry of a list of references.
REFERENCE_ENTRY = re.compile(
    r"\W{0,2}(?:\d{1,3}[.)]?\s*)?(?:[A-ZÀ-Þ][\w'’-]{1,30}(?:[ -][A-ZÀ-Þ][\w'’-]{1,30})?,? (?:[A-Z]\.?){1,4}\b.{0,40}[,.;:&]).{20,}?"
    r"(?:(?:19|20)\d\d\s?[a-z]?\s?[;,:)]|;\s?\d{1,4}(?:\(\d{1,3}\))?:)",
    re.DOTALL,
)
