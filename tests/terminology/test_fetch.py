"""Fetching a terminology from a server on this machine: whole, resumed, unchanged, refused."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.terminology import fetch as fetching
from kg.terminology.entry import TerminologyError
from kg.terminology.fetch import fetch, find_fetched, terminology_folder
from kg.terminology.publishers import PUBLISHERS
from kg.terminology.sources import read_terms

CONTENT = (
    "format-version: 1.2\n\n" + "".join(f"[Term]\nid: DOID:{n}\nname: disease {n}\n\n" for n in range(3000))
).encode()  # fmt: skip


class Server:
    """Serves files by name, and may break off, forget how to resume, or change what it holds."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"doid.obo": CONTENT}
        self.break_after: list[int] = []
        self.ranges = True
        self.seen: list[tuple[str, str | None, int]] = []
        self.redirect: str | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        content = self.files.get(request.path.rsplit("/", 1)[-1])
        asked = request.headers.get("Range")
        if self.redirect is not None:
            return self._say(request, 302, b"", {"Location": self.redirect})
        if content is None:
            return self._say(request, 404, b"", {})
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return self._say(request, 304, b"", {"ETag": etag})
        start = 0
        if asked and self.ranges and request.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        status = 206 if start else 200
        return self._say(request, status, content[start:], {"ETag": etag})

    def _say(
        self, request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]
    ) -> None:
        self.seen.append((request.path, request.headers.get("Range"), status))
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        cut = self.break_after.pop(0) if self.break_after and body else len(body)
        request.wfile.write(body[:cut])
        request.close_connection = True

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_a_file_arrives_with_what_is_known_of_it(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    (found,) = fetch(
        "doid", tmp_path, url=f"{server.url}/doid.obo", on_progress=lambda *a: seen.append(a)
    )
    assert found.path.read_bytes() == CONTENT
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert seen[-1] == ("doid.obo", len(CONTENT), len(CONTENT))
    about = json.loads((tmp_path / "doid.obo.json").read_text())
    assert about["sha256"] == found.sha256
    assert about["licence"] == "CC0 1.0"
    assert "doi:10.1093/nar/gkad1051" in about["citation"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["doid.obo", "doid.obo.json"]
    assert len(list(read_terms(found.path))) == 3000
    assert find_fetched("doid", tmp_path) == (found.path,)


def test_a_broken_download_goes_on(server: Server, tmp_path: Path) -> None:
    server.break_after = [50_000, 10_000]
    (found,) = fetch("doid", tmp_path, mirror=server.url)
    assert found.path.read_bytes() == CONTENT
    assert [item[1:] for item in server.seen] == [
        (None, 200), ("bytes=50000-", 206), ("bytes=60000-", 206),
    ]  # fmt: skip


def test_a_later_call_goes_on_where_the_last_one_gave_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "ATTEMPTS", 1)
    server.break_after = [40_000]
    with pytest.raises(TerminologyError, match=r"broke off: 40,000 of .* goes on from there"):
        fetch("doid", tmp_path, mirror=server.url)
    assert not (tmp_path / "doid.obo").exists(), "nothing half done under its name"
    (found,) = fetch("doid", tmp_path, mirror=server.url)
    assert found.path.read_bytes() == CONTENT
    assert server.seen[-1][1] == "bytes=40000-"


def test_what_changed_meanwhile_is_fetched_anew(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "ATTEMPTS", 1)
    server.break_after = [40_000]
    with pytest.raises(TerminologyError):
        fetch("doid", tmp_path, mirror=server.url)
    server.files["doid.obo"] = CONTENT[:20_000]
    (found,) = fetch("doid", tmp_path, mirror=server.url)
    assert found.path.read_bytes() == CONTENT[:20_000]


def test_a_server_that_cannot_resume_sends_all(server: Server, tmp_path: Path) -> None:
    server.break_after = [50_000]
    server.ranges = False
    (found,) = fetch("doid", tmp_path, mirror=server.url)
    assert found.path.read_bytes() == CONTENT


def test_an_unchanged_file_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    (first,) = fetch("doid", tmp_path, mirror=server.url)
    (second,) = fetch("doid", tmp_path, mirror=server.url)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert second.sha256 == first.sha256
    assert server.seen[-1][2] == 304
    (tmp_path / "doid.obo").write_bytes(b"damaged")
    (third,) = fetch("doid", tmp_path, mirror=server.url)
    assert (third.unchanged, third.path.read_bytes()) == (False, CONTENT)
    server.files["doid.obo"] = CONTENT + b"\n"
    (fourth,) = fetch("doid", tmp_path, mirror=server.url)
    assert fourth.path.read_bytes() == CONTENT + b"\n"


def test_a_terminology_of_several_files(server: Server, tmp_path: Path) -> None:
    names = [url.rsplit("/", 1)[-1] for url in PUBLISHERS["mesh"].urls]
    server.files |= {name: name.encode() for name in names}
    found = fetch("mesh", tmp_path, mirror=f"{server.url}/copy/")
    assert [item.path.read_bytes() for item in found] == [name.encode() for name in names]
    assert [item.path.name for item in found] == [f"mesh-{name}" for name in names]
    with pytest.raises(TerminologyError, match="has 2 files; --mirror"):
        fetch("mesh", tmp_path, url=f"{server.url}/x")


def test_refusals(server: Server, tmp_path: Path) -> None:
    with pytest.raises(TerminologyError, match="the server says 404"):
        fetch("hp", tmp_path, mirror=server.url)
    with pytest.raises(TerminologyError, match="did you mean mondo"):
        fetch("mondoo", tmp_path)
    for url in ("http://example.org/doid.obo", "file:///etc/passwd", "ftp://x/y", "doid.obo"):
        with pytest.raises(TerminologyError, match="over https"):
            fetch("doid", tmp_path, url=url)
    with pytest.raises(TerminologyError, match="run: kg terms fetch maxo"):
        find_fetched("maxo", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_more_than_a_limit_is_taken(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LIMIT", 1000)
    with pytest.raises(TerminologyError, match="more than 1,000"):
        fetch("doid", tmp_path, mirror=server.url)
    assert not (tmp_path / "doid.obo").exists()


def test_an_unreachable_server_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "ATTEMPTS", 2)
    with pytest.raises(TerminologyError, match=r"http://127\.0\.0\.1:9/doid\.obo: broke off"):
        fetch("doid", tmp_path, mirror="http://127.0.0.1:9")


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLINEV_DATA", str(tmp_path))
    assert terminology_folder() == tmp_path / "terminology"
    monkeypatch.delenv("CLINEV_DATA")
    assert terminology_folder().parts[-2:] == ("clinev", "terminology")


def test_every_publisher_is_described() -> None:
    assert {"mesh", "doid", "mondo", "hp", "chebi", "cmo", "symp", "maxo"} <= set(PUBLISHERS)
    for publisher in PUBLISHERS.values():
        assert all(url.startswith("https://") for url in publisher.urls)
        assert publisher.licence_url.startswith("https://")
        assert len(publisher.citation) > 40
        assert len(set(publisher.files)) == len(publisher.urls)
