"""What is fuzzed: readers, the grammars of numbers and doses, and all that reads a short untrusted text.

A target takes bytes. It fails where anything but a refusal is raised or where what it returns breaks
a promise: an offset that is none, an identifier that is no valid IRI, a date that is none.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

LIMIT = 200_000  # bytes of a document

_PROSE = (
    "Vitamin D lowered the risk of falls (RR 0.84, 95% CI 0.70 to 0.94; P = .006) in 120 of 1,200 women "
    "aged 65±5 years, 800-1000 IU/d for 12 weeks; HR=0.5 [0.3,0.8], p<0·001, SMD −1.2 (−2.0; −0.4), "
    "mean (SD) 12.3 (4.5) vs 10.1±3.2 mg/dL, 50% v 40% (NNT 10), I2 = 84%, n/N 5/10."
)


def _pdf(content: bytes) -> bytes:
    """Return the smallest PDF file that shows a text."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", b"<</Title(A trial of vitamin D)/CreationDate(D:2020)>>",
    ]  # fmt: skip
    made = b"%PDF-1.4\n"
    for number, body in enumerate(objects, 1):
        made += b"%d 0 obj%bendobj\n" % (number, body)
    return made + b"trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n0\n%%EOF"


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def tarred(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return out.getvalue()


#: Seeds of the readers, all ours.
SEEDS: dict[str, list[bytes]] = {
    "text": [_PROSE.encode(), b"1. J Test. 2000 Jan;1(1):1-2.\n\nA title.\n\nSmith J.\n\nPMID: 1\n"],
    "markdown": [f"---\ntitle: A\ntags: [a, b]\n---\n# Results\n\n**{_PROSE}** [a](http://b.c)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode()],
    "html": [f"<html><head><title>A</title></head><body><h2>Results</h2><p>{_PROSE}<sup>2</sup>&amp;</p><table><tr><th>a</th></tr><tr><td>1</td></tr></table></body></html>".encode()],
    "pubmed-xml": [b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><Title>J</Title></Journal><ArticleTitle>A</ArticleTitle><Abstract><AbstractText Label='RESULTS'>RR 0.84 (0.7-0.9)</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"],
    "jats": [b"<article><front><article-meta><article-id pub-id-type='pmid'>1</article-id><title-group><article-title>A</article-title></title-group><abstract><p>RR 0.84</p></abstract></article-meta></front><body><sec><title>Results</title><p>HR 0.5<sup>2</sup></p><table-wrap><table><tr><td>1</td><td colspan='2'>2</td></tr></table></table-wrap></sec></body></article>"],
    "bioc-xml": [b"<collection><document><id>1</id><passage><infon key='type'>title</infon><offset>0</offset><text>RR 0.84</text></passage></document></collection>"],
    "bioc-json": [b'{"documents":[{"id":"1","passages":[{"infons":{"type":"title"},"offset":0,"text":"RR 0.84"}]}]}'],
    "pubtator": [b"1|t|A title\n1|a|RR 0.84 of falls\n1\t0\t7\tA title\tGene\t1\n\n"],
    "ris": [b"TY  - JOUR\nTI  - A\nAU  - Smith, J\nPY  - 2020/01/02\nAB  - RR 0.84\nDO  - 10.1000/x\nER  - \n"],
    "nbib": [b"PMID- 1\nTI  - A\nAB  - RR 0.84\n      of falls\nAU  - Smith J\nDP  - 2020 Jan\n"],
    "csv": [b'pmid,title,abstract,year\n1,A,"RR 0.84, of falls",2020\n'],
    "tsv": [b"pmid\ttitle\tabstract\n1\tA\tRR 0.84\n"],
    "jsonl": [b'{"pmid":1,"title":"A","abstract":"RR 0.84","year":2020}\n'],
    "pubmed": [b"1. J Test. 2000 Jan;1(1):1-2. doi: 10.1000/x.\n\nA title.\n\nSmith J(1), Lee K.\n\nAuthor information:\n(1)London.\n\nRESULTS: RR 0.84.\n\nDOI: 10.1000/x\nPMID: 1\n\n\n2. J Test. 2001;2:3.\n\nB.\n\nPMID: 2\n"],
    "pdf": [_pdf(b"BT /F1 12 Tf 72 720 Td (Vitamin D lowered the risk by 5% in the trial.) Tj ET")],
    "zip": [zipped({"a.txt": _PROSE, "b/c.jsonl": '{"pmid":1,"abstract":"RR 0.84"}\n'})],
    "tar": [tarred({"a.txt": _PROSE, "b/c.ris": "TY  - JOUR\nTI  - A\nAB  - RR 0.84\nER  - \n"})],
    "gzip": [gzip.compress(_PROSE.encode(), mtime=0), gzip.compress(tarred({"a.txt": _PROSE}), mtime=0)],
}  # fmt: skip
#: Seeds that take a tenth of the time of those above.
_TINY: dict[str, list[bytes]] = {
    "text": [b"RR 0.84 (0.7-0.9)", b"A title\n\nAbstract: 5%"],
    "markdown": [b"# A\n\n- *b*", b"|a|\n|-|\n|1|"],
    "html": [b"<h1>A</h1><p>b<sup>2</sup>", b"<ul><li>a&lt;b</ul>"],
    "pubtator": [b"1|t|A\n1|a|b\n"],
    "ris": [b"TY  - JOUR\nTI  - A\nER  - \n"],
    "nbib": [b"PMID- 1\nTI  - A\n"],
    "csv": [b"title,abstract\nA,b\n"],
    "tsv": [b"title\tabstract\nA\tb\n"],
    "jsonl": [b'{"abstract":"b"}\n'],
    "pubmed": [b"1. J. 2000.\n\nA.\n\nPMID: 1\n"],
    "zip": [zipped({"a.txt": "b"})],
    "tar": [tarred({"a.txt": "b"})],
    "numbers": [b"RR 0.84", b"5 of 10", b"2\xc2\xb11", b"p<0.05", b"-1.2 to 3", b"7%"],
    "doses": [b"5 mg", b"twice a day", b"2 IU/d", b"for 3 weeks"],
    "units": [b"mg", b"g/L"],
    "labels": [b"A (B)", b"a + b"],
    "people": [b"Li A 1"],
}
#: Formats that are only ever recognised, never asked for.
_PACKED = frozenset({"zip", "tar", "gzip"})
SUFFIX = {"text": ".txt", "markdown": ".md", "html": ".html", "pubmed-xml": ".xml", "jats": ".nxml", "bioc-xml": ".xml",
          "bioc-json": ".json", "pubtator": ".pubtator", "ris": ".ris", "nbib": ".nbib", "csv": ".csv", "tsv": ".tsv", "jsonl": ".jsonl", "pubmed": ".txt", "pdf": ".pdf", "zip": ".zip",
          "tar": ".tar", "gzip": ".gz"}  # fmt: skip
#: What mutation puts in besides single bytes.
TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        "<", ">", "&", "&#x0;", "&lt;", "]]>", "<!--", "<![CDATA[", "\x00", "\r", "\n\n", "\t", "|", "[", "](", "**", "{", "}", "\"",
        "\\ud800", "\ud800", "\u202e", "\ufeff", "NaN", "1e999", "-0", "9" * 400, "95% CI ", "RR ", "±", " to ", "−", "·", "0.", ".5",
        "(", ")", "%", "p<", "10(-3)", "mg/kg/d", " twice daily", "1,234", "---\n", "# ", "null", "[]", "{}", "<sup>", "xmlns='a'",
        "٣", "½", "²", "①", "Ⅻ", "𝟗", "ſ", "İ", "ŉ", "\u2028", "\x1c", "é", "\U0010ffff", "doi:", "10.1/", "https://", "/", ":", "=",
    )
)  # fmt: skip
#: Seeds of all that reads a short text.
_SHORT: dict[str, list[str]] = {
    "numbers": [
        "RR 0.84, 95% CI 0.70 to 0.94; P = .006", "120 of 1,200 women", "HR=0.5 [0.3,0.8], p<0·001", "I2 = 84%", "n/N 5/10",
        "mean (SD) 12.3 (4.5) vs 10.1±3.2 mg/dL", "5%, 7% and 9%, respectively", "−1.2 (−2.0; −0.4)", "twenty-five (12.5%)",
    ],
    "doses": [
        "800-1000 IU/d for 12 weeks", "vitamin D 2,000 IU daily", "0.5 mg/kg twice daily for 10 days", "one 50 mg tablet every 8 hours",
        "a single dose of 1 million units", "three times a week", "5 g intravenously over 2 h", "placebo or aspirin 75–325 mg per day",
    ],
    "identifiers": [
        "10.1001/jama.2014.5052", "doi: 10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2", "PMID: 12345678", "PMC123456",
        "NCT01234567", "MSH:D001172", "SNOMEDCT_US_2023_09_01:69896004", "http://purl.obolibrary.org/obo/DOID_7148", "https://doi.org/10.1/x%20y",
        "CRD42018112345", "EudraCT 2010-123456-12", "https://bioregistry.io/chebi:1234",
    ],
    "dates": ["2020-01-31", "2020 Jan 5", "Epub 1999 Dec", "20200105", "Spring 2001", "2020/01/02/"],
    "front-matter": [
        "---\ntitle: A\ndate: 2020-01-02\ntags: [a, b]\n---\n", '{"title": "A", "date": "2020-01-02", "tags": ["a"]}\n',
        "---\na: &x {b: c}\nd: *x\ne: !!int 1:2\nf: 0x1F\n...\n", "---\ntitle: >-\n  a\n  b\n? [a]\n: b\n---\n",
    ],
    "units": ["mg/kg/d", "nmol/L", "mcg per day", "mg kg-1", "IU", "10*3/uL", "mL·min⁻¹", "{score}", "[iU]/d"],
    "people": ["Anji Xiong 1 2 3, Shifeng Zhou 1, Can Liu 1", "Smith JA, de Vries P-J; and Müller K.", "1 Department of Medicine, London, Canada"],
    "labels": ["the oral vitamin D supplement (VD)", "vitamin D 800 IU plus placebo", "high-dose vitamin D supplementation alone (arm B)", "A + B vs C"],
    "values": ['vitamin "D"', "a\\b\nc", "} DROP ALL {", "x'''y", "https://w3id.org/clinev/id/x"],
    "formats": ["TY  - JOUR", "PMID- 12345", '<?xml version="1.0"?><article>', "pmid,title,abstract\n", '{"abstract":"', "PK\x03\x04", "%PDF-1.4"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is fuzzed: what reads the bytes, and where mutation starts."""

    work: Callable[[bytes], None]
    seeds: list[bytes]


def read_all(data: bytes, form: str) -> None:
    """Split and read bytes as one format; raise where something else than a refusal comes of it."""
    from kg.errors import DocumentError
    from kg.readers import read_bytes
    from kg.readers.members import Refusal, split

    name = "a" + SUFFIX[form]
    asked = None if form in _PACKED else form
    for member in split(io.BytesIO(data), name, format=asked, size_limit=LIMIT):
        if isinstance(member, Refusal):
            continue
        try:
            reading = read_bytes(member.data, name + member.name, member.format)
        except DocumentError:
            continue
        document = reading.document
        document.model_dump_json()
        assert document.pmid is None or re.fullmatch("[0-9]{1,9}", document.pmid), document.pmid
        for section in document.sections:
            assert 0 <= section.start_char <= section.end_char <= len(document.text)
        view = reading.view
        assert len(view.starts) == len(view.ends) == len(view.text)
        for block in reading.blocks:
            assert 0 <= block.start_char <= block.end_char <= len(view.text)


def parse_numbers(data: bytes) -> None:
    """Run the grammar of numbers and of doses over a text; every place must be a slice of it."""
    from kg.numbers import read_numbers

    text = data.decode("utf-8", "replace")
    read = read_numbers(text)
    for found in (*read.statistics, *read.doses):
        assert 0 <= found.start_char < found.end_char <= len(text)


def parse_doses(data: bytes) -> None:
    """Run the grammar of doses alone."""
    from kg.numbers.doses import find_doses

    text = data.decode("utf-8", "replace")
    for found in find_doses(text):
        assert 0 <= found.start_char < found.end_char <= len(text)


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


def read_identifiers(data: bytes) -> None:
    """Read DOIs, PubMed and registry numbers and CURIEs; what is made of them is a valid IRI."""
    from kg.assembly.publications import find_doi, find_pmid, find_registry_ids
    from kg.identity import clean_doi, clean_pmid, concept_node, doi_iri, xref_iri
    from kg.reference import find_references
    from kg.terminology.curie import clean_curie, iri_to_curie

    text = data.decode("utf-8", "replace").replace("\ufffd", "\ud800")
    for found in find_references(text):
        assert 0 <= found.start_char < found.end_char <= len(text)
        assert found.reference.prefix == "doi" or found.reference.identifier.isascii()
    assert (find_pmid(text) or "").isascii()
    for find in (find_doi, find_registry_ids, iri_to_curie, concept_node):
        find(text)
    if curie := clean_curie(text):
        assert clean_curie(curie) == curie
    if clean_doi(text):
        assert _IRI.fullmatch(doi_iri(text)), doi_iri(text)
    if iri := xref_iri(text):
        assert _IRI.fullmatch(iri), iri
    if number := clean_pmid(text):
        assert re.fullmatch("[0-9]+", number)


_ISO = re.compile(r"[0-9]{4}(?:-[01][0-9](?:-[0-3][0-9])?)?")


def read_dates(data: bytes) -> None:
    """Read dates: ISO 8601 or nothing."""
    from kg.readers.parts import iso_date, year_of

    text = data.decode("utf-8", "replace")
    parts = [*re.split(r"[\s/-]+", text.strip()), "", ""]
    date = iso_date(parts[0], parts[1], parts[2])
    assert date is None or _ISO.fullmatch(date), date
    year = year_of(text)
    assert year is None or 1800 <= year < 2100, year


def read_front(data: bytes) -> None:
    """Read front matter: JSON values that can be written, and a place where the body begins."""
    from kg.readers.front_matter import read_front_matter

    text = data.decode("utf-8", "replace")
    found = read_front_matter(text)
    assert 0 <= found.end_char <= len(text)
    json.dumps(found.values, ensure_ascii=False).encode()


def read_units(data: bytes) -> None:
    """Read units; what is a UCUM code is one for good."""
    from kg.numbers.units import to_ucum
    from kg.units import is_ucum

    text = data.decode("utf-8", "replace")
    to_ucum(text)
    if len(text) < 40:
        is_ucum.__wrapped__(text)


def read_people(data: bytes) -> None:
    """Read a list of authors and addresses."""
    from kg.readers.parts import person, turned
    from kg.readers.people import is_affiliation, is_author_list, split_authors

    text = data.decode("utf-8", "replace")
    is_author_list(text)
    is_affiliation(text)
    assert all(split_authors(text)) or not split_authors(text)
    turned(text)
    person(text, text)


def read_labels(data: bytes) -> None:
    """Take a label of an intervention apart."""
    from kg.combinations import base_label, components, plain_label
    from kg.identity import fold, slug
    from kg.printable import printable

    text = data.decode("utf-8", "replace")
    assert plain_label(plain_label(text)) == plain_label(text)
    assert base_label(base_label(text)) == base_label(text)
    components(text)
    slug(text)
    assert fold(fold(text)) == fold(text)
    assert printable(printable(text)) == printable(text)


def bind_values(data: bytes) -> None:
    """Bind a value in a question: it is one literal, whatever it holds."""
    from kg.queries import bind
    from kg.sparql import TOKEN

    value = data.decode("utf-8", "replace")
    text = bind(_question(), {"x": value})
    line = next(line for line in text.split("\n") if line.startswith("VALUES"))
    term = line.removeprefix("VALUES ?x { ").removesuffix(" }")
    found = TOKEN.match(term)
    assert found is not None, term
    assert found["text"] == term, term
    assert text.count("\n") == _question().text.count("\n")


@cache
def _question():  # type: ignore[no-untyped-def]
    from kg.queries import parse_query

    text = '# A question\n# parameter x: text = "" -- what\nSELECT * WHERE {\nVALUES ?x { "" }\n}\n'
    return parse_query("fuzz", text)


def recognise_bytes(data: bytes) -> None:
    """Tell a format from the start of a file, and decode it."""
    from kg.errors import DocumentError
    from kg.readers.decode import decode
    from kg.readers.formats import FORMATS, recognise

    found = recognise(data[:4096], "a.txt" if len(data) % 2 else "a")
    assert found is None or found in FORMATS
    try:
        text, _ = decode(data, "a")
    except DocumentError:
        return
    text.encode()


def targets() -> dict[str, Target]:
    """Return what is fuzzed, by name."""
    found = {
        form: Target(lambda data, form=form: read_all(data, form), [*seeds, *_TINY.get(form, ())])  # type: ignore[misc]
        for form, seeds in SEEDS.items()
    }
    short = {
        "numbers": parse_numbers,
        "doses": parse_doses,
        "identifiers": read_identifiers,
        "dates": read_dates,
        "front-matter": read_front,
        "units": read_units,
        "people": read_people,
        "labels": read_labels,
        "values": bind_values,
        "formats": recognise_bytes,
    }
    for name, work in short.items():
        seeds = [seed.encode() for seed in _SHORT[name]]
        found[name] = Target(work, [*seeds, *_TINY.get(name, ())])
    return found
