"""Files that cannot be read give one clear line; those that can are read unchanged."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from kg.errors import DocumentError
from kg.readers import read, read_bytes
from kg.readers.formats import announced_format

TEXT = "Results: 25(OH)D rose by 5·2 nmol/L (95 % CI, −1.4 to 9.0) — “much”."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_give_the_same_text(encoding: str) -> None:
    reading = read_bytes(TEXT.encode(encoding), "a.txt")
    assert reading.document.text == TEXT
    assert reading.document.text[0] == "R"  # offsets count from behind the byte order mark


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_signature_is_refused_with_a_remedy(encoding: str) -> None:
    with pytest.raises(DocumentError, match="byte order mark"):
        read_bytes(TEXT.encode(encoding), "a.txt")


def test_windows_1252_is_the_fallback() -> None:
    reading = read_bytes("Größe 5–6 µg “x”".encode("windows-1252"), "a.txt")
    assert reading.document.text == "Größe 5–6 µg “x”"
    assert reading.metadata["encoding"] == "windows-1252"


def test_one_stray_byte_does_not_spoil_a_utf_8_file() -> None:
    reading = read_bytes("β = −0.3, caf".encode() + b"\xe9 and \x96 dash", "a.txt")
    assert reading.document.text == "β = −0.3, café and – dash"


def test_line_ends_are_kept() -> None:
    assert (
        read_bytes(b"A b c.\r\n\r\nD e f.\rG", "a.txt").document.text == "A b c.\r\n\r\nD e f.\rG"
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b" \n\t", "white space"),
        (b"\xef\xbb\xbf", "white space"),
        (b"abc\x00def", "NUL"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"PK\x03\x04abc", "ZIP"),
        (bytes(range(1, 9)) * 50, "control characters"),
        (b"\xff\xfea", "utf-16"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem) as caught:
        read_bytes(data, "x/y.txt")
    assert str(caught.value).startswith("x/y.txt")


def test_unreadable_places_are_document_errors(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    for name, problem in [
        ("gone.txt", "does not exist"),
        ("loop", "leads back to itself"),
        (".", "directory"),
        ("pipe", "no regular file"),
        ("a\0b", "no file can have"),
    ]:
        with pytest.raises(DocumentError, match=problem):
            read(tmp_path / name)


def test_the_size_limit_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(b"word " * 1000)
    assert read(path).document.text.startswith("word")
    with pytest.raises(DocumentError, match="larger than the limit"):
        read(path, size_limit=4999)


def test_document_errors_survive_pickling() -> None:
    with pytest.raises(DocumentError) as caught:
        read_bytes(b"a\x00", "a.txt")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.document, copy.problem, copy.at_char) == ("a.txt", caught.value.problem, 1)


@pytest.mark.parametrize(
    "name", ["a.md", "b.TXT", "c.html", "d.htm", "e.markdown", "f.nxml", "g.ris", "h.pdf"]
)
def test_supported_suffixes(name: str) -> None:
    assert announced_format(name)


@pytest.mark.parametrize("name", ["a.docx", "b", "c.dat", ".md"])
def test_unsupported_suffixes(name: str) -> None:
    assert announced_format(name) is None
