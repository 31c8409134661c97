"""Real stores on loopback, and one that fails when told to."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from graph.small import small

from kg.records import Record


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        assert process.poll() is None, f"the server of {url} has ended"
        time.sleep(0.1)
    pytest.fail(f"{url} did not answer within {seconds} s")


@contextlib.contextmanager
def serving(command: list[str], url: str, folder: Path) -> Iterator[None]:
    """Run a server while a context lasts."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(url, process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass(frozen=True)
class Server:
    """Addresses of a store."""

    name: str
    graphs: str
    query: str
    update: str
    user: str | None = None
    password: str | None = None


@pytest.fixture(scope="session")
def records() -> list[Record]:
    """Return seven small documents that share studies and concepts, and disagree in places."""
    return small()


@pytest.fixture(scope="session")
def running_oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run Oxigraph; it always can be run, for PyPI has it."""
    binary = Path(sys.executable).parent / "oxigraph"
    assert binary.exists(), "pip install oxigraph"
    root = f"http://127.0.0.1:{free_port()}"
    command = [str(binary), "serve", "--bind", root.removeprefix("http://")]
    with serving(command, f"{root}/query?query=ASK%7B%7D", tmp_path_factory.mktemp("oxigraph")):
        yield Server("oxigraph", f"{root}/store", f"{root}/query", f"{root}/update")


@pytest.fixture
def oxigraph(running_oxigraph: Server) -> Server:
    """Return an Oxigraph that holds nothing."""
    clear = {"Content-Type": "application/sparql-update"}
    request = urllib.request.Request(running_oxigraph.update, b"DROP ALL", clear)
    urllib.request.urlopen(request, timeout=60).close()
    return running_oxigraph


VIRTUOSO = """[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
ServerThreads = 10
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000
"""


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run Virtuoso with its own limit of 10,000 rows, where Debian's package is installed."""
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("Virtuoso is not installed (apt-get install virtuoso-opensource)")
    folder = tmp_path_factory.mktemp("virtuoso")
    port = free_port()
    text = VIRTUOSO.format(folder=folder, sql=free_port(), http=port)
    (folder / "v.ini").write_text(text)
    root = f"http://127.0.0.1:{port}"
    command = [binary, "+configfile", str(folder / "v.ini"), "+foreground"]
    with serving(command, f"{root}/sparql", folder):
        yield Server(
            "virtuoso", f"{root}/sparql-graph-crud-auth", f"{root}/sparql", f"{root}/sparql-auth",
            "dba", "dba",
        )  # fmt: skip


@dataclass
class Script:
    """What the failing store does next, and what it was asked."""

    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    otherwise: tuple[int, dict[str, str], bytes] = (204, {}, b"")
    url: str = ""


@pytest.fixture
def scripted() -> Iterator[Script]:
    """Run a store that answers as it is told, status 0 being a connection that breaks."""
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.asked.append((self.command, self.path, dict(self.headers), body))
            status, headers, content = script.answers.pop(0) if script.answers else script.otherwise
            if status == 0:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}/store"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield script
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_login_of_mine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the tests from the tester's own logins and proxies."""
    for name in ("CLINEV_USER", "CLINEV_PASSWORD", "CLINEV_TOKEN", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", os.fspath(tmp_path / "netrc"))
