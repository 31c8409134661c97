"""Files that are out to harm: bombs, endless members, paths that lead out, depth, stray characters.

Each must come to its end in bounded time and memory, as documents or as refusals that say why.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import DocumentError
from kg.readers import read_bytes
from kg.readers.members import Member, Refusal, split
from kg.sources import Failure, expand
from kg.text import Reading

TEXT = b"Vitamin D lowered the risk of falls (RR 0.84, 95% CI 0.70 to 0.94).\n"
LIMIT = 2_000_000
SECONDS = 10.0  # CPU time for any of the files here


def unfold(data: bytes, name: str, form: str | None = None) -> tuple[list[Reading], list[str]]:
    """Read all documents of a file; return them and why others were refused."""
    read: list[Reading] = []
    refused: list[str] = []
    start = time.process_time()
    for member in split(io.BytesIO(data), name, format=form, size_limit=LIMIT):
        if isinstance(member, Refusal):
            assert member.problem
            refused.append(f"{member.name} {member.problem}")
            continue
        assert isinstance(member, Member)
        try:
            reading = read_bytes(member.data, name + member.name, member.format)
        except DocumentError as error:
            refused.append(str(error))
            continue
        reading.document.model_dump_json()  # half a character would not survive this
        for section in reading.document.sections:
            assert 0 <= section.start_char <= section.end_char <= len(reading.document.text)
        read.append(reading)
    assert time.process_time() - start < SECONDS
    return read, refused


def packed(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def tarred(*files: tuple[str, bytes], form: int = tarfile.PAX_FORMAT, **told: object) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in told.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


OUTSIDE = ("../../x.txt", "/etc/x.txt", "C:/x.txt", "..\\x.txt", "a/../../x.txt", "a/../x.txt")


@pytest.mark.parametrize("pack", [packed, tarred])
def test_no_name_leads_out_of_an_archive(pack: Callable[..., bytes], tmp_path: Path) -> None:
    file = tmp_path / ("a.zip" if pack is packed else "a.tar")
    file.write_bytes(pack(*((name, TEXT) for name in OUTSIDE), ("in/ok.txt", TEXT)))
    found = list(expand(str(file), max_bytes=LIMIT))
    refused = [item for item in found if isinstance(item, Failure)]
    assert len(refused) >= len(OUTSIDE) - 1  # tarfile itself may strip a root
    assert all("leads out of the archive" in item.problem for item in refused)
    paths = [item.path for item in found if not isinstance(item, Failure)]
    assert f"{file}!/in/ok.txt" in paths
    assert sorted(p.name for p in tmp_path.iterdir()) == [file.name], "nothing is unpacked"


def test_links_and_devices_in_an_archive_are_no_documents() -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        data = tarred(("a.txt", b""), type=kind, linkname="/etc/passwd")
        assert unfold(data, "a.tar") == ([], [])


def lying_zip() -> bytes:
    """Return an archive whose directory says that a member is ten bytes long."""
    data = bytearray(packed(("a.txt", b"a" * 30_000_000)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def endless_tar(size: int, name: str) -> bytes:
    """Return an archive whose one member is announced to be `size` bytes long."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT) + b"a" * 2000


def wrapped(times: int) -> bytes:
    data = TEXT
    for _ in range(times):
        data = gzip.compress(data)
    return data


def spoilt(data: bytes) -> bytes:
    return data[:60] + b"\xff" * 20 + data[80:]


ARCHIVES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("a.zip", lambda: packed(("a.txt", b"\0" * 200_000_000)), "bomb"),
    "zip of many": ("a.zip", lambda: packed(*((f"{i}.txt", b"a" * 4_000_000) for i in range(30))), "bomb"),
    "zip that lies": ("a.zip", lying_zip, "damaged"),
    "zip in zip": ("a.zip", lambda: packed(("in.zip", packed(("a.txt", TEXT)))), "within an archive"),
    "gzip in zip": ("a.zip", lambda: packed(("a.txt.gz", gzip.compress(b"a" * 60_000_000))), "larger than"),
    "zip cut short": ("a.zip", lambda: packed(("a.txt", TEXT * 1000))[:-30], "no whole ZIP"),
    "zip spoilt": ("a.zip", lambda: spoilt(packed(("a.txt", bytes(range(256)) * 1000))), "damaged"),
    "tar without end": ("a.tar", lambda: endless_tar(8 * 2**60, "a.txt"), "longer than the archive"),
    "tar without end, unread": ("a.tar", lambda: endless_tar(8 * 2**60, "a.png"), "longer than the archive"),
    "tar.gz bomb": ("a.tar.gz", lambda: gzip.compress(tarred(("a.txt", b"a" * 100_000_000))), "bomb"),
    "gzip bomb": ("a.txt.gz", lambda: gzip.compress(b"\0" * 20_000_000), "larger than"),
    "bzip2 bomb": ("a.txt.bz2", lambda: bz2.compress(b"a" * 20_000_000), "larger than"),
    "xz bomb": ("a.txt.xz", lambda: lzma.compress(b"a" * 20_000_000, preset=0), "larger than"),
    "gzip six times": ("a.txt.gz", lambda: wrapped(6), "more than three times"),
    "gzip cut short": ("a.txt.gz", lambda: gzip.compress(TEXT * 100)[:-9], "cut short"),
}  # fmt: skip


@pytest.mark.parametrize("case", ARCHIVES)
def test_an_archive_is_refused_with_its_reason(case: str) -> None:
    name, make, reason = ARCHIVES[case]
    data = make()
    tracemalloc.start()
    read, refused = unfold(data, name)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not any("falls" in reading.document.text for reading in read)
    assert any(reason in problem for problem in refused), refused
    assert most < 60_000_000


LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip
OUTER = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY i SYSTEM "file:///etc/passwd">'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;'
ROOTS = {
    "a.xml": "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>&i;"
    "</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    "a.nxml": "<article><front><article-meta><title-group><article-title>&i;</article-title>"
    "</title-group></article-meta></front></article>",
    "b.xml": "<collection><document><id>1</id><passage><offset>0</offset><text>&i;</text></passage>"
    "</document></collection>",
}


@pytest.mark.parametrize(
    "prologue", [LAUGHS, OUTER, PARAMETER], ids=["laughs", "outer", "parameter"]
)
@pytest.mark.parametrize("name", ROOTS)
def test_entities_are_refused(name: str, prologue: str) -> None:
    data = f"{prologue}]>{ROOTS[name]}".encode()
    read, refused = unfold(data, name)
    assert read == []
    assert any("declares entities" in problem for problem in refused)
    with pytest.raises(DocumentError):
        read_bytes(data, name, {"a.xml": "pubmed-xml", "a.nxml": "jats", "b.xml": "bioc-xml"}[name])


DEEP = 100_000
DEPTHS: dict[str, tuple[str, bytes]] = {
    "xml": ("a.xml", b"<PubmedArticleSet><PubmedArticle>" + b"<a>" * DEEP + b"</a>" * DEEP + b"</PubmedArticle></PubmedArticleSet>"),
    "jats": ("a.nxml", b"<article>" + b"<sec>" * DEEP + b"</sec>" * DEEP + b"</article>"),
    "html": ("a.html", b"<html><body>" + b"<div>" * DEEP + TEXT + b"</div>" * DEEP),
    "lists": ("a.html", b"<html><body>" + b"<ul><li>" * (DEEP // 4) + TEXT),
    "tables": ("a.html", b"<html><body>" + b"<table><tr><td>" * (DEEP // 4) + TEXT),
    "bioc": ("a.json", b'{"documents":[{"id":"1","passages":' + b"[" * DEEP + b"]" * DEEP + b"}]}"),
    "jsonl": ("a.jsonl", b'{"title":"a","abstract":' + b"[" * DEEP + b"]" * DEEP + b"}\n"),
    "quotes": ("a.md", b"> " * DEEP + TEXT),
    "brackets": ("a.md", b"[" * DEEP + TEXT + b"](" * DEEP),
    "json page": ("a.md", b'{"title":' * DEEP + b"1" + b"}" * DEEP),
}  # fmt: skip


@pytest.mark.parametrize("case", DEPTHS)
def test_depth_ends_nothing(case: str) -> None:
    name, data = DEPTHS[case]
    read, refused = unfold(data, name)
    assert read or refused


STRAY = "\u202e\u2066\u200f\ufeff\ufffe\U000e0001\x1b[2J\x85\u2028"
CHARACTERS: dict[str, tuple[str, bytes]] = {
    "right to left": ("a.txt", (STRAY + "The risk ratio was \u202e48.0\u202c (RR 0.84).").encode()),
    "NUL": ("a.txt", b"RR 0.84\0 and more"),
    "NUL in a table": ("a.csv", b"title,abstract\na\0b,RR 0.84\0\n"),
    "surrogates in UTF-8": ("a.txt", b"RR 0.84 \xed\xa0\x80\xed\xb0\x80 was found"),
    "surrogates in UTF-16": ("a.txt", "\ufeffRR 0.84 ".encode("utf-16-le") + b"\x00\xd8 x"),
    "surrogates in BioC": ("a.json", b'{"documents":[{"id":"\\ud800","passages":[{"offset":0,"text":"RR 0.84 \\ud800 x"}]}]}'),
    "surrogates in JSON Lines": ("a.jsonl", b'{"title":"a\\ud800 b","abstract":"RR 0.84 of \\udfff those","pmid":"\\udc00"}\n'),
    "surrogates in HTML": ("a.html", b"<html><body><p>RR 0.84 &#xD800; &#55296; &#0; &#x110000; x</p></body></html>"),
    "types in BioC": ("a.json", b'{"documents":[{"id":[1],"passages":{"a":1}},{"passages":[1,null,{"offset":"x","text":5}]},{"passages":[{"offset":1e999,"text":null,"infons":[1]}]}]}'),
    "types in JSON Lines": ("a.jsonl", b'{"title":{"a":1},"abstract":[1,2],"year":Infinity}\n[1]\n{"title":NaN,"pmid":' + b"9" * 10_000 + b"}\n"),
    "numbers in RIS": ("a.ris", b"TY  - JOUR\nPY  - 999999999999/99/99\nTI  - x\nAB  - RR 0.84 y\nDO  - 10.1/<>\nER  - \n"),
    "numbers in PubTator": ("a.txt", b"1|t|x\n1|a|RR 0.84 y\n1\t0\t99999999999999999999\tz\tGene\t1\n1\t-5\t-1\tz\n\n"),
    "unknown encoding": ("a.nxml", b"<?xml version='1.0' encoding='bogus'?><article><p>x</p></article>"),
    "rot13": ("a.nxml", b"<?xml version='1.0' encoding='rot13'?><article><p>x</p></article>"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHARACTERS)
def test_stray_characters_are_read_or_refused(case: str) -> None:
    name, data = CHARACTERS[case]
    read, refused = unfold(data, name)
    assert read or refused
    for reading in read:
        view = reading.view
        for at in range(0, len(view.text), 7):
            assert 0 <= view.starts[at] <= view.ends[at] <= len(reading.document.text)


@pytest.mark.parametrize(
    "unit", ["a", "1", " ", "word ", "RR 0.84 (95% CI 0.7-0.9) ", "<b>", "[", "|", "\u202ea"]
)
@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt"])
def test_a_long_line_is_read(name: str, unit: str) -> None:
    """Ten megabytes take five hundred times as long: see docs/reliability.md for those."""
    data = ("The risk. " + unit * (20_000 // len(unit))).encode()
    read, refused = unfold(data, name)
    assert len(read) + len(refused) == 1


def test_a_line_of_ten_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    line = json.dumps({"title": "a", "abstract": "x" * 10_000_000})
    file.write_text(f'{line}\n{{"title": "b", "abstract": "RR 0.84"}}\n')
    first, second = expand(str(file), max_bytes=LIMIT)
    assert isinstance(first, Failure)
    assert "larger than the limit" in first.problem
    assert second.path.endswith("#2")


def test_splitting_a_container_has_a_limit_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("kg.readers.timing.monotonic", lambda: now[0])
    article = b"<PubmedArticle><MedlineCitation><PMID>%d</PMID></MedlineCitation></PubmedArticle>"
    file = tmp_path / "set.xml"
    articles = [article % number for number in (1, 2)]
    padding = b"<!-- nothing -->" * 40_000  # what stands between documents is read in pieces
    file.write_bytes(
        b"<PubmedArticleSet>" + articles[0] + padding + articles[1] + b"</PubmedArticleSet>"
    )
    found = expand(str(file), max_bytes=LIMIT, timeout_s=5)
    first = next(found)
    now[0] += 100  # what is done with a document does not count
    assert [item.path for item in (first, *found)] == [f"{file}#1", f"{file}#2"]
    slow = expand(str(file), max_bytes=LIMIT, timeout_s=-1)
    [failure] = [item for item in slow if isinstance(item, Failure)]
    assert failure.path == str(file)
    assert failure.problem.startswith("took longer than -1 seconds to find the next document")
    assert failure.problem.endswith("split the file, or allow more with --timeout")


def test_splitting_an_archive_has_a_limit_of_time(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", TEXT)
    [source] = expand(str(file), max_bytes=LIMIT, timeout_s=60)
    assert source.path == f"{file}!/a.txt"
    [failure] = expand(str(file), max_bytes=LIMIT, timeout_s=-1)
    assert isinstance(failure, Failure)
    assert "--timeout" in failure.problem
