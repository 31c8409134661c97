"""From a path to bytes, and from bytes to text: where every unreadable file becomes one clear line.

The text is the decoded content with nothing changed, line ends included. A byte order mark is the
signature of an encoding and no part of the text: offsets count from the character after it.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from pathlib import Path

from kg.errors import DocumentError

#: Largest file that is read, in bytes.
SIZE_LIMIT = 50 * 1024 * 1024

_SIGNATURES = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Files that are no text though a person may drop them among texts, and what to do about them.
_KNOWN_BINARY = (
    (b"%PDF-", "is a PDF file; convert it to text first, for example with pdftotext"),
    (
        b"PK\x03\x04",
        "is a ZIP container (a word processor or spreadsheet file?); export it as text",
    ),
    (b"\xd0\xcf\x11\xe0", "is an old word processor or spreadsheet file; export it as text"),
    (b"\x1f\x8b", "is compressed with gzip; decompress it first"),
    (b"{\\rtf", "is a rich text file; export it as plain text"),
)
# Control characters that texts do not hold; tab, line ends, form feed and escape occur in real ones.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL_SHARE = 0.002


def load_bytes(path: Path, size_limit: int = SIZE_LIMIT) -> bytes:
    """Return the content of a regular file.

    Raises
    ------
    DocumentError
        If the file is missing, a directory, no regular file, unreadable, or larger than
        `size_limit` bytes. The text names the remedy.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise DocumentError(str(path), "is a directory, not a document; name the files in it")
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(str(path), "is no regular file (a pipe, socket or device)")
        if status.st_size > size_limit:
            raise _too_large(path, status.st_size, size_limit)
        with open(path, "rb") as file:
            data = file.read(size_limit + 1)  # one more: the file may have grown since
    except OSError as error:
        raise DocumentError(str(path), _explain(error)) from error
    except ValueError as error:  # a NUL in the name
        raise DocumentError(str(path), f"has a name that no file can have: {error}") from error
    if len(data) > size_limit:
        raise _too_large(path, len(data), size_limit)
    return data


def decode(data: bytes, path: str) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding.

    UTF-8 with or without a byte order mark and UTF-16 with one. A byte that is not UTF-8 is read
    as Windows-1252 (Latin-1 where that leaves it undefined), so that one stray byte does not spoil
    the rest of a UTF-8 file.

    Raises
    ------
    DocumentError
        If there is no text (empty, or white space only) or the bytes are no text.
    """
    if not data:
        raise DocumentError(path, "is empty; there is nothing to read")
    for magic, problem in _KNOWN_BINARY:
        if data.startswith(magic):
            raise DocumentError(path, problem)
    text, encoding = _decoded(data, path)
    if not text or text.isspace():
        raise DocumentError(path, "holds only white space; there is nothing to read")
    nul = text.find("\x00")
    if nul >= 0:
        raise DocumentError(
            path,
            "holds NUL characters: a binary file, or UTF-16 without a byte order mark; "
            "save it as UTF-8 text",
            at_char=nul,
        )
    control = sum(1 for _ in _CONTROL.finditer(text))
    if control > max(2, len(text) * _MAX_CONTROL_SHARE):
        raise DocumentError(
            path, f"is no text: {control} control characters; save it as UTF-8 text"
        )
    return text, encoding


def _decoded(data: bytes, path: str) -> tuple[str, str]:
    for signature, encoding in _SIGNATURES:
        if data.startswith(signature):
            body = data[len(signature) :]
            if encoding == "utf-8":
                break
            try:
                return body.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise DocumentError(
                    path, f"is no valid {encoding} from byte {error.start} on; save it as UTF-8"
                ) from error
    else:
        body = data
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("utf-8", FALLBACK), "windows-1252"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read one byte that is not UTF-8; an error handler for :func:`bytes.decode`."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("windows-1252"), error.start + 1
    except UnicodeDecodeError:
        return byte.decode("latin-1"), error.start + 1


FALLBACK = "clinev.windows-1252"
codecs.register_error(FALLBACK, _as_windows_1252)


def _explain(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "does not exist (or was removed, or is a link that leads nowhere)"
    if error.errno == errno.ELOOP:
        return "is a symbolic link that leads back to itself; remove the link"
    if error.errno == errno.EACCES:
        return "may not be read; check its permissions"
    return f"cannot be read: {error.strerror or error}"


def _too_large(path: Path, size: int, limit: int) -> DocumentError:
    mebibyte = 1024 * 1024
    return DocumentError(
        str(path),
        f"is larger than the limit of {limit / mebibyte:g} MiB ({size / mebibyte:.1f} MiB); "
        "split it, or raise the limit",
    )
