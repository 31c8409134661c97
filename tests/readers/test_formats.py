"""Structured formats: told by content, cut into documents, read into the same report."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from kg.errors import DocumentError
from kg.readers import read, read_bytes
from kg.readers.formats import recognise, recognise_file
from kg.readers.members import Member, Refusal, split
from kg.text import Reading
from samples import EMBASE, JSONL, NBIB, PUBMED_XML, RIS, SAMPLES

LIMIT = 1_000_000


def members(data: bytes, name: str, **asked: str) -> list[Member | Refusal]:
    return list(split(io.BytesIO(data), name, size_limit=LIMIT, **asked))  # type: ignore[arg-type]


def first(data: bytes, name: str) -> Reading:
    member = members(data, name)[0]
    assert isinstance(member, Member)
    return read_bytes(member.data, name + member.name, member.format)


def section(reading: Reading, name: str) -> str:
    text = reading.document.text
    return " ".join(
        text[s.start_char : s.end_char] for s in reading.document.sections if s.name == name
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_content_tells_the_format_whatever_the_name(name: str) -> None:
    data, kind = SAMPLES[name]
    assert recognise(data, name) == kind
    assert recognise(data, "download") == kind
    assert recognise(b"\xef\xbb\xbf" + data, "x.txt") in (kind, "text")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_holds_its_documents_each_by_its_number(name: str) -> None:
    data, kind = SAMPLES[name]
    found = members(data, name)
    assert [member.name for member in found] == ["#28943623", "#23284215"]
    assert {member.format for member in found if isinstance(member, Member)} == {kind}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_format_gives_the_same_report(name: str) -> None:
    reading = first(*SAMPLES[name][:1], name)
    known = reading.document
    assert (known.title or "").rstrip(".") == "Vitamin D and the lungs"
    assert known.pmid == ("28943623")
    if not name.startswith("list.txt"):
        assert known.doi == "10.3390/diseases3040253"
        assert (known.year, known.journal) == (2015, "Diseases")
    if name not in ("list.txt", "abstracts.txt"):
        assert known.pmcid == "PMC5548257"
        assert known.authors == ("Seyed Moosavi",)
    assert known.registry_ids == ("NCT01234567",)
    assert "We gave it to 24 people" in section(reading, "methods")
    assert "rose by 5% (p < 0.05)" in section(reading, "results")
    assert "cited" not in known.text
    if known.format != "pubmed":
        assert known.source_map
    for place in known.source_map:
        assert known.text[place["start_char"] : place["end_char"]].strip()


def test_embase_writes_ris_in_its_own_way() -> None:
    known = first(EMBASE, "embase.ris").document
    assert known.format == "ris"
    assert (known.title, known.pmid, known.year) == ("Vitamin D and the lungs", "28943623", 2015)
    assert known.journal == "Diseases"
    assert known.authors == ("Seyed Moosavi",)
    assert "RESULTS: FEV1 rose by 5%" in known.text


def test_one_document_in_a_file_goes_by_the_name_of_the_file() -> None:
    (member,) = members(NBIB.split(b"\n\nPMID")[0], "a.nbib")
    assert isinstance(member, Member)
    assert (member.name, member.is_whole) == ("", True)


def test_two_documents_of_one_name_are_told_apart() -> None:
    twice = NBIB.replace(b"23284215", b"28943623")
    assert [one.name for one in members(twice, "a.nbib")] == ["#28943623", "#28943623~2"]


def test_what_is_compressed_is_what_is_inside() -> None:
    found = members(gzip.compress(PUBMED_XML), "pubmed24n0001.xml.gz")
    plain = members(PUBMED_XML, "pubmed24n0001.xml")
    assert [(m.name, m.data) for m in found if isinstance(m, Member)] == [
        (m.name, m.data) for m in plain if isinstance(m, Member)
    ]


def _zip(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def _tar(mode: str = "w:gz", **files: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, kind in (("link", tarfile.SYMTYPE), ("device", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return made.getvalue()


FILES = {
    "in/a.ris": RIS,
    "b.txt": b"It fell by 5%.",
    "c.xml.gz": gzip.compress(PUBMED_XML),
    "d.png": b"\x89PNG\r\n",
}
NAMES = [
    "!/in/a.ris#28943623", "!/in/a.ris#23284215", "!/b.txt", "!/c.xml.gz#28943623", "!/c.xml.gz#23284215",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [("z.zip", _zip(**FILES)), ("z.tar.gz", _tar(**FILES)), ("z.tgz", _tar(**FILES)),
     ("z.tar.xz", _tar("w:xz", **FILES)), ("z.tar", _tar("w", **FILES))],
)  # fmt: skip
def test_archives_are_read_where_they_lie(name: str, data: bytes) -> None:
    assert [member.name for member in members(data, name)] == NAMES


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "a\nb.txt"]
)
def test_a_name_that_leads_out_of_an_archive_is_refused(name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("good.txt"), b"It fell by 5%.")
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"hostile")
    good, bad = members(made.getvalue(), "z.zip")
    assert good.name == "!/good.txt"
    assert isinstance(bad, Refusal)
    assert bad.problem.endswith("; refused")


def test_bombs_are_refused() -> None:
    (bomb,) = members(_zip(**{"a.txt": b"\0" * 100_000_000}), "z.zip")
    assert isinstance(bomb, Refusal)
    assert "bomb" in bomb.problem
    (stream,) = members(gzip.compress(b" " * 80_000_000, 9), "a.csv.gz", format="csv")
    assert isinstance(stream, Refusal)
    assert "bomb" in stream.problem
    (nested,) = members(_zip(**{"in.zip": _zip(**{"a.txt": b"x"})}), "z.zip")
    assert isinstance(nested, Refusal)
    assert "archive within an archive" in nested.problem


LONG_BIOC = SAMPLES["bioc.json"][0].replace(b"It had", b"It had " + b"really " * 10_000)


@pytest.mark.parametrize(
    ("name", "data", "good", "problem", "place"),
    [
        ("a.xml", PUBMED_XML[:-100], 1, "no well-formed XML", "line 5, after 28943623"),
        ("a.xml.gz", gzip.compress(PUBMED_XML)[:-200], 0, "cut short or damaged", None),
        ("a.zip", _zip(**FILES)[:-60], 0, "no whole ZIP archive", None),
        ("a.jsonl", JSONL + b'\n{"title": "cut', 2, "no JSON object", "line 3"),
        ("a.jsonl", JSONL + b"\n[1, 2]", 2, "JSON list", "line 3"),
        ("a.csv", b"title,abstract\na,b,c,d\ne,f", 1, "4 cells under 2", "line 2"),
        ("a.json", LONG_BIOC[:-200], 1, "no JSON from here on", "document 2"),
        ("a.jsonl", JSONL + b'\n{"text": "' + b"x" * 2 * LIMIT + b'"}\n{"text": "It fell."}', 3, "larger than", "line 3"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_with_its_place_and_the_rest_is_read(
    name: str, data: bytes, good: int, problem: str, place: str | None
) -> None:
    found = members(data, name)
    refused = [one for one in found if isinstance(one, Refusal)]
    assert len(found) - len(refused) == good
    (one,) = refused
    assert problem in one.problem
    assert one.place == place


def test_a_line_of_ten_megabytes_costs_its_own_document_alone() -> None:
    long = b"TY  - JOUR\nTI  - long\nAB  - " + b"word " * 2_000_000 + b"\nER  - \n"
    found = members(long + RIS, "a.ris")
    assert [type(one).__name__ for one in found] == ["Refusal", "Member", "Member"]


@pytest.mark.parametrize(
    "data", [NBIB, RIS, JSONL, SAMPLES["table.csv"][0], SAMPLES["list.txt"][0]]
)
@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_read(data: bytes, encoding: str) -> None:
    text = data.decode().replace("lungs", "Lüngen")
    name = {NBIB: "a.nbib", RIS: "a.ris", JSONL: "a.jsonl"}.get(
        data, "a.csv" if b"Abstract" in data[:60] else "a.txt"
    )
    assert "Lüngen" in first(text.encode(encoding), name).document.text


def test_a_member_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(_zip(**FILES))
    assert read(Path(f"{path}!/c.xml.gz#23284215")).document.title == "Another report"
    with pytest.raises(DocumentError, match="holds several documents; name one, for example"):
        read(path)
    with pytest.raises(DocumentError, match="holds no document called #1"):
        read(Path(f"{path}#1"))
    assert recognise_file(str(path)) == "zip"


def test_tables_need_a_column_with_a_text() -> None:
    assert recognise(b"id,dose,n\n1,2,3\n", "a.csv") is None
    assert recognise(b'{"doc": "a.txt", "studies": []}\n', "gold.jsonl") is None
    with pytest.raises(DocumentError, match="no column called title, abstract or text"):
        read_bytes(b"id,dose\n1,2\n", "a.csv", "csv")


def test_a_pdf_is_read_page_by_page() -> None:
    pypdf = pytest.importorskip("pypdf")
    page = b"BT /F1 12 Tf 72 720 Td (Vitamin D lowered the risk by 5% in the trial.) Tj ET"
    made = _pdf(page)
    reading = read_bytes(made, "a.pdf")
    assert reading.document.format == "pdf"
    assert "risk by 5%" in reading.document.text
    assert reading.document.source_map[0]["source"] == "page 1"
    with pytest.raises(DocumentError, match="no text layer"):
        read_bytes(_pdf(b""), "scan.pdf")
    with pytest.raises(DocumentError, match="damaged PDF file"):
        read_bytes(b"%PDF-1.4\nnothing of the kind", "b.pdf")
    assert pypdf.__version__


def _pdf(content: bytes) -> bytes:
    """Return the smallest PDF file that shows a text."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    made, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % at for at in offsets
    )
    return made + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
