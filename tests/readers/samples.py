"""One small file of each structured format: the same two reports, in our own words."""

from __future__ import annotations

import json

ABSTRACT = (
    "BACKGROUND: Lungs may need vitamin D. METHODS: We gave it to 24 people (NCT01234567)."
    " RESULTS: FEV1 rose by 5% (p < 0.05)."
)
PUBMED_XML = b"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">28943623</PMID><Article><Journal><JournalIssue><Volume>3</Volume><Issue>4</Issue><PubDate><Year>2015</Year><Month>Oct</Month></PubDate></JournalIssue><Title>Diseases</Title></Journal><ArticleTitle>Vitamin D and the lungs.</ArticleTitle><Pagination><MedlinePgn>253-9</MedlinePgn></Pagination><Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Lungs may need vitamin D.</AbstractText><AbstractText Label="METHODS" NlmCategory="METHODS">We gave it to 24 people (NCT01234567).</AbstractText><AbstractText Label="RESULTS" NlmCategory="RESULTS">FEV<sub>1</sub> rose by 5% (p &lt; 0.05).</AbstractText></Abstract><AuthorList><Author><LastName>Moosavi</LastName><ForeName>Seyed</ForeName></Author></AuthorList></Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.3390/diseases3040253</ArticleId><ArticleId IdType="pmc">PMC5548257</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID Version="1">23284215</PMID><Article><Journal><JournalIssue><PubDate><MedlineDate>2012 Nov-Dec</MedlineDate></PubDate></JournalIssue><Title>Lungs</Title></Journal><ArticleTitle>[Another report].</ArticleTitle><Abstract><AbstractText>It had no effect.</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>"""
NBIB = b"""PMID- 28943623
TI  - Vitamin D and the
      lungs.
AB  - BACKGROUND: Lungs may need vitamin D. METHODS: We gave it to 24 people
      (NCT01234567). RESULTS: FEV1 rose by 5% (p < 0.05).
FAU - Moosavi, Seyed
AU  - Moosavi S
DP  - 2015 Oct 2
JT  - Diseases
LID - 10.3390/diseases3040253 [doi]
PMC - PMC5548257

PMID- 23284215
TI  - Another report.
AB  - It had no effect.
DP  - 2012 Nov-Dec
JT  - Lungs
"""
RIS = b"""TY  - JOUR
TI  - Vitamin D and the lungs
AU  - Moosavi, Seyed
PY  - 2015
DA  - 2015/10/02
T2  - Diseases
VL  - 3
IS  - 4
SP  - 253
EP  - 259
AB  - BACKGROUND: Lungs may need vitamin D. METHODS: We gave it to 24 people (NCT01234567). RESULTS: FEV1 rose by 5% (p < 0.05).
DO  - 10.3390/diseases3040253
AN  - 28943623
C2  - PMC5548257
ER  -

TY  - JOUR
TI  - Another report
PY  - 2012
T2  - Lungs
AB  - It had no effect.
AN  - 23284215
ER  -
"""
#: As Embase exports it: other tags, an accession number of its own, the abstract over two lines.
EMBASE = b"""\xef\xbb\xbf1.
TY  - JOUR
T1  - Vitamin D and the lungs
A1  - Moosavi, Seyed
Y1  - 2015//
JF  - Diseases
N2  - BACKGROUND: Lungs may need vitamin D. METHODS: We gave it to 24 people (NCT01234567).
RESULTS: FEV1 rose by 5% (p < 0.05).
UR  - https://www.embase.com/records?id=L606060
U2  - L606060
C5  - 28943623
DB  - Embase
DO  - 10.3390/diseases3040253
ER  -
"""
_PASSAGES = [
    {"infons": {"type": "title", "section_type": "TITLE", "article-id_pmid": "28943623",
                "article-id_doi": "10.3390/diseases3040253", "article-id_pmc": "5548257",
                "journal": "Diseases", "year": "2015", "name_0": "surname:Moosavi;given-names:Seyed"},
     "offset": 0, "text": "Vitamin D and the lungs"},
    {"infons": {"type": "abstract", "section_type": "ABSTRACT"}, "offset": 24, "text": ABSTRACT},
    {"infons": {"type": "ref", "section_type": "REF"}, "offset": 300, "text": "A cited title"},
]  # fmt: skip
_SECOND = [
    {"infons": {"type": "title"}, "offset": 0, "text": "Another report"},
    {"infons": {"type": "abstract"}, "offset": 15, "text": "It had no effect."},
]
BIOC_JSON = json.dumps(
    {"source": "PMC", "documents": [{"id": "28943623", "passages": _PASSAGES}, {"id": "23284215", "passages": _SECOND}]}
).encode()  # fmt: skip


def _bioc(passages: list[dict[str, object]]) -> str:
    shown = ""
    for passage in passages:
        infons = passage["infons"]
        assert isinstance(infons, dict)
        told = "".join(f'<infon key="{key}">{value}</infon>' for key, value in infons.items())
        text = str(passage["text"]).replace("<", "&lt;")
        shown += f"<passage>{told}<offset>{passage['offset']}</offset><text>{text}</text></passage>"
    return shown


BIOC_XML = (
    '<?xml version="1.0"?><!DOCTYPE collection SYSTEM "BioC.dtd"><collection><source>PMC</source>'
    f"<document><id>28943623</id>{_bioc(_PASSAGES)}</document>"
    f"<document><id>23284215</id>{_bioc(_SECOND)}</document></collection>"
).encode()
PUBTATOR = (
    f"28943623|t|Vitamin D and the lungs\n28943623|a|{ABSTRACT}\n"
    "28943623\t0\t9\tVitamin D\tChemical\tMESH:D014807\n\n"
    "23284215|t|Another report\n23284215|a|It had no effect.\n"
).encode()
_ROWS = [
    ("28943623", "Vitamin D and the lungs", ABSTRACT, "10.3390/diseases3040253", "2015", "Diseases",
     "Moosavi, Seyed; ", "PMC5548257"),
    ("23284215", "Another report", "It had no effect.", "", "2012", "Lungs", "", ""),
]  # fmt: skip
_HEAD = (
    "PMID",
    "Article Title",
    "Abstract",
    "DOI",
    "Publication Year",
    "Source title",
    "Authors",
    "PMCID",
)
CSV = "\r\n".join(
    ",".join(f'"{cell}"' for cell in row) for row in (_HEAD, *_ROWS)
).encode()  # fmt: skip
TSV = "\n".join("\t".join(row) for row in (_HEAD, *_ROWS)).encode()
JSONL = "\n".join(
    json.dumps(dict(zip(("pmid", "title", "abstract", "doi", "year", "journal", "authors", "pmcid"), row, strict=True)))
    for row in _ROWS
).encode()  # fmt: skip
PUBMED_TEXT = f"""1. Diseases. 2015 Oct 2;3(4):253-9. doi: 10.3390/diseases3040253.

Vitamin D and the lungs.

Moosavi S(1).

{ABSTRACT}

DOI: 10.3390/diseases3040253
PMCID: PMC5548257
PMID: 28943623


2. Lungs. 2012 Nov;5(1):1-2.

Another report.

Smith J(1).

It had no effect on anyone.

PMID: 23284215
""".encode()

#: Name of a file → its bytes and format; the first document of each is the same report.
SAMPLES = {
    "set.xml": (PUBMED_XML, "pubmed-xml"),
    "list.nbib": (NBIB, "nbib"),
    "list.ris": (RIS, "ris"),
    "bioc.xml": (BIOC_XML, "bioc-xml"),
    "bioc.json": (BIOC_JSON, "bioc-json"),
    "list.txt": (PUBTATOR, "pubtator"),
    "table.csv": (CSV, "csv"),
    "table.tsv": (TSV, "tsv"),
    "rows.jsonl": (JSONL, "jsonl"),
    "abstracts.txt": (PUBMED_TEXT, "pubmed"),
}
