"""The text layer of PDF files, by pypdf (the extra ``clinev[pdf]``).

The text is what the file's fonts say, line by line: tables come as lines, columns in the order in
which they were set. A scanned page has no text layer and gives none.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re

from kg.errors import DocumentError
from kg.readers.assembled import CONTROL
from kg.readers.blocks import Layout
from kg.readers.layout import LayoutReader
from kg.readers.metadata import describe
from kg.readers.parts import year_of
from kg.readers.sections import judge, to_sections
from kg.records import Document, content_id
from kg.text import Reading

#: Pages read of one file.
MAX_PAGES = 2_000
_HYPHENATED = re.compile(r"(?<=[a-z])[-\u00ad\u2010]\n(?=[a-z])")


def read_pdf(data: bytes, path: str) -> Reading:
    """Read the text layer of a file.

    Raises
    ------
    DocumentError
        If pypdf is not installed, the file is damaged or encrypted, or has no text layer.
    """
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise DocumentError(
            path, "is a PDF file: pip install 'clinev[pdf]' to read its text layer"
        ) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends is no news to a person
    pieces: list[str] = []
    places: list[dict[str, object]] = []
    length = 0
    try:
        file = pypdf.PdfReader(io.BytesIO(data))
        if file.is_encrypted and not file.decrypt(""):
            raise DocumentError(path, "is encrypted; save it without its password")
        count = len(file.pages)
        for number, page in enumerate(file.pages[:MAX_PAGES], 1):
            shown = _HYPHENATED.sub("", CONTROL.sub("", page.extract_text())).strip()
            if not shown:
                continue
            if pieces:
                pieces.append("\n\n")
                length += 2
            pieces.append(shown)
            places.append(
                {"start_char": length, "end_char": length + len(shown), "source": f"page {number}"}
            )
            length += len(shown)
        title = file.metadata.title if file.metadata else None
        date = str(file.metadata.get("/CreationDate", "")) if file.metadata else ""
    except DocumentError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
            AssertionError, ArithmeticError, NotImplementedError) as error:  # fmt: skip
        raise DocumentError(
            path, f"is a damaged PDF file ({type(error).__name__}); print it to a new one"
        ) from error
    text = "".join(pieces)
    if not text:
        raise DocumentError(
            path, f"has no text layer on its {count} pages: a scan? Run OCR over it first"
        )
    layout: Layout = LayoutReader(text, 0, wiki=False, lines=True).read()
    blocks = judge(layout, short_lines=True)
    known = describe(text, layout, blocks, {})
    if not known.get("title") and title and len(str(title)) > 15:
        known["title"] = str(title)
    known.setdefault("year", year_of(date[2:6]) if date.startswith("D:") else None)
    sha256 = hashlib.sha256(data).hexdigest()
    document = Document(
        id=content_id("doc", sha256), path=path, sha256=sha256, format="pdf", text=text,
        sections=to_sections(layout.view, blocks, []), source_map=tuple(places), **known,
    )  # fmt: skip
    return Reading(document, layout.view, blocks, {})
