"""JATS full texts of PubMed Central, checked against a parse of its own; hostile and broken XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from kg.errors import DocumentError
from kg.readers import read, read_bytes
from kg.readers.labels import section_of

HEAD = '<article article-type="research-article"><front><article-meta><title-group><article-title>A trial</article-title></title-group>'
TABLE = """<table-wrap><label>Table 2</label><caption><p>Outcomes</p></caption><table>
<thead><tr><th rowspan="2">Outcome</th><th colspan="2">Vitamin D (n = 20)</th><th colspan="2">Placebo (n = 21)</th></tr>
<tr><th>Mean</th><th>SD</th><th>Mean</th><th>SD</th></tr></thead>
<tbody><tr><td>FEV<sub>1</sub>, L<xref ref-type="table-fn">a</xref></td><td>2.1</td><td>0.4</td><td>1.9</td><td>0.5</td></tr></tbody>
</table><table-wrap-foot><p>SD, standard deviation</p></table-wrap-foot></table-wrap>"""


def article(body: str) -> bytes:
    return f"{HEAD}</article-meta></front><body>{body}</body></article>".encode()


def words(text: str | None) -> str:
    return re.sub(r"\W+", "", text or "").lower()


@pytest.fixture(scope="module")
def files(shared: Path) -> list[Path]:
    found = sorted((shared / "data" / "pmc_jats").glob("*.nxml"))
    assert len(found) == 60
    return found


def test_every_article_says_what_it_is(files: list[Path]) -> None:
    """Title, identifiers, journal and year, against ElementTree and XPath."""
    for file in files:
        meta = ElementTree.parse(file).getroot().find("front/article-meta")
        assert meta is not None
        ids = {one.get("pub-id-type"): one.text for one in meta.findall("article-id")}
        title = meta.find("title-group/article-title")
        assert title is not None
        for mark in [*title.findall(".//xref"), *title.findall(".//fn")]:
            mark.clear()
        dates = {one.get("pub-type"): one.findtext("year") for one in meta.findall("pub-date")}
        year = dates.get("ppub") or dates.get("collection") or dates.get("epub")
        journal = ElementTree.parse(file).getroot().find("front/journal-meta")
        assert journal is not None
        name = journal.findtext(".//journal-title")
        known = read(file).document
        subtitle = meta.findtext("title-group/subtitle") or ""
        assert words(known.title) == words("".join(title.itertext()) + subtitle), file.name
        assert (known.doi or "").lower() == (ids.get("doi") or "").lower(), file.name
        assert known.pmid == ids.get("pmid"), file.name
        assert words(known.pmcid).removeprefix("pmc") == (
            ids.get("pmc") or ""
        ).lower().removeprefix("pmc")
        assert known.year == int(year or 0), file.name
        assert known.journal == " ".join((name or "").split()), file.name


def test_every_section_and_paragraph_is_where_it_belongs(files: list[Path]) -> None:
    """What stands under Methods, Results … at the top of a body is in the section of that name."""
    checked = 0
    for file in files:
        reading = read(file)
        text = reading.document.text
        squeezed = [
            (words(reading.view.text[b.start_char : b.end_char]), b.section) for b in reading.blocks
        ]
        body = ElementTree.parse(file).getroot().find("body")
        assert body is not None
        for section in body.findall("sec"):
            label = re.sub(r"^[\d.\s]+|[:.\s]+$", "", section.findtext("title") or "")
            wanted = section_of(label)
            if wanted not in ("background", "methods", "results", "discussion", "conclusion"):
                continue
            for paragraph in section.iter("p"):
                if (
                    any(True for _ in paragraph.iter("table"))
                    or paragraph.find(".//sup") is not None
                ):
                    continue
                start = words(paragraph.text)[:40]
                if len(start) < 40:
                    continue
                found = [name for content, name in squeezed if start in content]
                assert found, (file.name, label, start)
                if len(set(found)) == 1 and found[0] not in ("table", "figure"):
                    part = wanted if wanted != "discussion" else ("discussion", "conclusion")
                    assert found[0] in part, (file.name, label, start)
                    checked += 1
        assert reading.document.sections[0].name == "title"
        for place in reading.document.source_map:
            assert 0 <= place["start_char"] < place["end_char"] <= len(text)
            assert place["source"]
    assert checked > 700


def test_every_table_keeps_its_cells(files: list[Path]) -> None:
    tables = 0
    for file in files:
        reading = read(file)
        ours = [b.table for b in reading.blocks if b.table is not None]
        shown = {
            words(reading.view.text[c.start_char : c.end_char])
            for table in ours
            for row in table.rows
            for c in row
        }
        for table in ElementTree.parse(file).getroot().iter("table"):
            rows = [row for row in table.iter("tr") if "".join(row.itertext()).strip()]
            if not rows or max(len(row) for row in rows) < 2:
                continue
            tables += 1
            for cell in table.iter("td"):
                plain = not any(True for _ in cell.iter("sup")) and cell.find(".//xref") is None
                if plain and re.fullmatch(r"\s*[\d.]+ \([\d.]+\)\s*", "".join(cell.itertext())):
                    assert words("".join(cell.itertext())) in shown, file.name
    assert tables > 140


def test_a_table_has_its_spans_and_its_caption() -> None:
    reading = read_bytes(article(f"<sec><title>Results</title>{TABLE}</sec>"), "a.nxml")
    (table,) = [block.table for block in reading.blocks if block.table is not None]
    text = reading.document.text
    assert [[text[c.start_char : c.end_char] for c in row] for row in table.rows] == [
        [
            "Outcome",
            "Vitamin D (n = 20)",
            "Vitamin D (n = 20)",
            "Placebo (n = 21)",
            "Placebo (n = 21)",
        ],
        ["Outcome", "Mean", "SD", "Mean", "SD"],
        ["FEV1, L", "2.1", "0.4", "1.9", "0.5"],
    ]
    assert table.header_rows == 2
    assert table.caption is not None
    assert text[slice(*table.caption)] == "Table 2. Outcomes"
    assert text.count("Vitamin D (n = 20)") == 1
    places = {
        text[m["start_char"] : m["end_char"]]: m["source"] for m in reading.document.source_map
    }
    assert places["2.1"].endswith("tr/td[2]")


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("It fell<sup><xref ref-type='bibr'>12</xref></sup>.", "It fell [12]."),
        ("It fell [<xref ref-type='bibr'>12</xref>].", "It fell [12]."),
        ("3 × 10<sup>9</sup>/L", "3 × 10(9)/L"),
        ("28 kg/m<sup>2</sup>", "28 kg/m2"),
        ("5<sup>a</sup> of 9", "5 of 9"),
        ("HbA<sub>1c</sub> &#8804; 7", "HbA1c ≤ 7"),
        ("<inline-formula><alternatives><tex-math>\\\\beta</tex-math><mml:math xmlns:mml='m'><mml:mi>β</mml:mi></mml:math></alternatives></inline-formula> 2", "β 2"),
    ],
)  # fmt: skip
def test_inline_markup_is_read_as_a_person_reads_it(markup: str, shown: str) -> None:
    document = read_bytes(article(f"<p>{markup}</p>"), "a.nxml").document
    assert document.text.split("\n\n")[-1] == shown


BOMB = b"""<?xml version="1.0"?><!DOCTYPE article [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>
<article article-type="x"><front><article-meta><title-group><article-title>&b;</article-title></title-group></article-meta></front></article>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<article article-type="x"><front/><body><p>&x;</p></body></article>"""


@pytest.mark.parametrize(
    ("data", "problem", "place"),
    [
        (BOMB, "declares entities", None),
        (OUTSIDE, "declares entities", None),
        (BOMB.decode().encode("utf-16"), "declares entities", None),
        (article("<p>It fell")[:-20], "no well-formed XML", "line 1"),
        (article("<p>a &nosuch; b</p>"), "no well-formed XML", "line 1"),
        (b"<article article-type='x'><front/></article>", "holds no text", None),
        (article("<p>" + "<bold>" * 5000 + "x" + "</bold>" * 5000 + "</p>"), "depth", "line 1"),
        (b'<?xml version="1.0" encoding="klingon"?>' + article("<p>x</p>"), "no well-formed XML", "line 1"),
    ],
)  # fmt: skip
def test_broken_and_hostile_xml_is_refused_with_its_place(
    data: bytes, problem: str, place: str | None
) -> None:
    with pytest.raises(DocumentError, match=re.escape(problem)) as caught:
        read_bytes(data, "x/a.nxml", "jats")
    assert caught.value.document == "x/a.nxml"
    assert caught.value.place == place


def test_an_entity_of_html_is_read_where_the_type_declares_it() -> None:
    data = b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">' + article(
        "<p>&alpha; 5</p>"
    )
    assert read_bytes(data, "a.nxml").document.text.endswith("α 5")


def test_a_very_long_line_is_read() -> None:
    data = article("<p>" + "It fell by 5% (p = 0.03). " * 100_000 + "</p>")
    assert len(read_bytes(data, "a.nxml").document.text) > 2_000_000
