"""Publishers' releases → the user's data folder: resumed, checked, in place whole or not at all.

Nothing is fetched unless a person asks for it by name. Beside each file lies ``FILE.json`` with its
address, checksum, licence and citation. A download that breaks off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any, cast

from kg.terminology.entry import TerminologyError
from kg.terminology.publishers import Publisher, find_publisher

#: Variable that names another folder for what is fetched.
FOLDER_VARIABLE = "CLINEV_DATA"
#: Seconds without an answer after which an attempt is given up, and attempts in all.
TIMEOUT_S = 30.0
ATTEMPTS = 4
#: Bytes that one file may have.
LIMIT = 4_000_000_000
_CHUNK = 1 << 18
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

#: Called with the file's name, the bytes that are there and the bytes expected (``None``: not told).
OnProgress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of a terminology in the data folder."""

    publisher: Publisher
    path: Path
    url: str
    sha256: str
    bytes: int
    unchanged: bool

    def to_json(self) -> dict[str, Any]:
        """Return what is written beside the file, as ``kg terms fetch --json`` prints it."""
        return {
            "name": self.publisher.name, "title": self.publisher.title, "path": str(self.path),
            "url": self.url, "sha256": self.sha256, "bytes": self.bytes,
            "licence": self.publisher.licence, "licence_url": self.publisher.licence_url,
            "citation": self.publisher.citation,
        }  # fmt: skip


def terminology_folder() -> Path:
    """Return where fetched terminologies lie: ``$CLINEV_DATA`` or the user's data folder."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named) / "terminology"
    import platformdirs

    return Path(platformdirs.user_data_path("clinev", appauthor=False)) / "terminology"


def find_fetched(name: str, folder: Path | None = None) -> tuple[Path, ...]:
    """Return the files of a terminology that was fetched, by its name.

    Raises
    ------
    TerminologyError
        If the name is unknown or not all its files are there.
    """
    publisher = find_publisher(name)
    folder = terminology_folder() if folder is None else folder
    paths = tuple(folder / file for file in publisher.files)
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise TerminologyError(
            f"{publisher.name}: {', '.join(missing)} not in {folder}; run: kg terms fetch {publisher.name}"
        )
    return paths


def fetch(
    name: str,
    folder: Path | None = None,
    *,
    url: str | None = None,
    mirror: str | None = None,
    on_progress: OnProgress = lambda file, done, total: None,
) -> list[Fetched]:
    """Fetch a terminology.

    Parameters
    ----------
    name
        A key of :data:`kg.terminology.publishers.PUBLISHERS`.
    folder
        Where to put it; by default :func:`terminology_folder`.
    url
        Another address for a terminology of one file.
    mirror
        Start of an address under which the files lie by their published names.
    on_progress
        Called as bytes arrive.

    Raises
    ------
    TerminologyError
        If an address cannot be read; what arrived is kept, and the next call goes on from there.
    """
    publisher = find_publisher(name)
    folder = terminology_folder() if folder is None else folder
    addresses = publisher.urls
    if url is not None:
        if len(addresses) > 1:
            raise TerminologyError(
                f"{publisher.name} has {len(addresses)} files; --mirror names the folder of them all"
            )
        addresses = (url,)
    elif mirror is not None:
        addresses = tuple(f"{mirror.rstrip('/')}/{a.rsplit('/', 1)[-1]}" for a in addresses)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TerminologyError(f"{folder}: cannot be written: {error.strerror}") from error
    return [
        _fetch_file(publisher, address, folder / file, on_progress)
        for address, file in zip(addresses, publisher.files, strict=True)
    ]


def _fetch_file(publisher: Publisher, url: str, path: Path, on_progress: OnProgress) -> Fetched:
    _check_address(url)
    known = _read_json(_about(path))
    part = path.with_name(path.name + ".part")
    for attempt in range(ATTEMPTS):
        try:
            answer = _download(url, path, part, known, on_progress)
            break
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == ATTEMPTS - 1:
                raise TerminologyError(
                    f"{url}: the server says {error.code} {error.reason}; give another address with --url"
                ) from error
        except (OSError, HTTPException) as error:
            if attempt == ATTEMPTS - 1:
                reason = getattr(error, "reason", None) or error
                raise TerminologyError(
                    f"{url}: broke off: {reason}; what arrived is kept, the same command goes on from there"
                ) from error
        time.sleep(min(2**attempt, 8) * (0.01 if _host(url) in _LOOPBACK else 1))
    if answer is None:  # the publisher's file has not changed
        return Fetched(publisher, path, url, known["sha256"], known["bytes"], True)
    digest, size = _hash(part)
    fetched = Fetched(publisher, path, url, digest, size, False)
    about = fetched.to_json() | {
        "retrieved": datetime.now(UTC).isoformat(timespec="seconds"),
        "etag": answer.get("etag"), "last_modified": answer.get("last_modified"),
    }  # fmt: skip
    del about["path"]
    _write_json(_about(path), about)
    os.replace(part, path)
    _about(part).unlink(missing_ok=True)
    return fetched


def _download(
    url: str, path: Path, part: Path, known: dict[str, Any], on_progress: OnProgress
) -> dict[str, Any] | None:
    """Bring `part` to its full length; return the answer's marks, ``None`` if nothing has changed."""
    begun = _read_json(_about(part))
    have = part.stat().st_size if part.is_file() and begun.get("url") == url else 0
    mark = begun.get("etag") or begun.get("last_modified")
    headers = {"User-Agent": "clinev", "Accept-Encoding": "identity"}
    if have and mark:
        headers |= {"Range": f"bytes={have}-", "If-Range": str(mark)}
    elif path.is_file() and known.get("url") == url and _hash(path)[0] == known.get("sha256"):
        if known.get("etag"):
            headers["If-None-Match"] = str(known["etag"])
        elif known.get("last_modified"):
            headers["If-Modified-Since"] = str(known["last_modified"])
    try:
        response = cast(
            "HTTPResponse",
            _OPENER.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S),
        )
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304:
            return None
        if error.code == 416:  # what is there is longer than what the server has
            part.unlink(missing_ok=True)
            raise OSError("the file has changed since the download began") from error
        raise
    with response:
        goes_on = response.status == 206 and "Range" in headers
        have = have if goes_on else 0
        length = response.headers.get("Content-Length")
        total = have + int(length) if length is not None and length.isdecimal() else None
        if (total or 0) > LIMIT:
            raise TerminologyError(f"{url}: has {total:,} bytes, more than {LIMIT:,}")
        answer = {
            "url": url, "etag": response.headers.get("ETag"),
            "last_modified": response.headers.get("Last-Modified"),
        }  # fmt: skip
        _write_json(_about(part), answer)
        with part.open("ab" if goes_on else "wb") as stream:
            have = _copy(response, stream, path.name, have, total, on_progress)
        if total is not None and have < total:
            raise OSError(f"{have:,} of {total:,} bytes arrived")
    return answer


def _copy(
    response: HTTPResponse, stream: IO[bytes], file: str, have: int, total: int | None,
    on_progress: OnProgress,
) -> int:  # fmt: skip
    while chunk := response.read(_CHUNK):
        stream.write(chunk)
        have += len(chunk)
        if have > LIMIT:
            raise TerminologyError(f"{file}: is larger than {LIMIT:,} bytes")
        on_progress(file, have, total)
    stream.flush()
    os.fsync(stream.fileno())
    return have


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but not from a protected address to one that is not."""

    def redirect_request(  # the signature is the library's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:  # fmt: skip
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise TerminologyError(f"{req.full_url}: leads to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_Redirects)


def _check_address(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    raise TerminologyError(
        f"{url}: terminologies are fetched over https (http from this machine only)"
    )


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).hostname or ""


def _about(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_json(path: Path, value: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".new")
    part.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(part, path)


def _hash(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return digest, stream.tell()
