"""Secrets come from where nobody else reads them, and go to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.remote.connection import Connection
from kg.remote.login import Login, find_login

from .conftest import Script

URL = "http://store.example:8890/graphs"


def find(
    tmp_path: Path, scheme: str = "auto", user: str | None = None, **found: str
) -> Login | None:
    environment = {"NETRC": str(tmp_path / "netrc")} | found
    return find_login(URL, scheme, user, environment=environment)


def test_where_secrets_come_from(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    assert find(tmp_path, user="ann", CLINEV_PASSWORD="x") == Login("auto", "ann", "x")
    assert find(tmp_path, CLINEV_USER="ann", CLINEV_PASSWORD="x") == Login("auto", "ann", "x")
    assert find(tmp_path, CLINEV_TOKEN="t") == Login("bearer", "", "t")
    assert find(tmp_path, "digest", "ann", CLINEV_PASSWORD="x", CLINEV_TOKEN="t") == Login(
        "digest", "ann", "x"
    )
    (tmp_path / "netrc").write_text("machine store.example login bob password secret\n")
    assert find(tmp_path) == Login("auto", "bob", "secret")
    assert find(tmp_path, user="bob") == Login("auto", "bob", "secret")
    asked = find_login(
        URL, "basic", "ann", lambda prompt: prompt, {"NETRC": str(tmp_path / "netrc")}
    )
    assert asked == Login("basic", "ann", "Password of ann at store.example: ")
    assert "secret" not in repr(find(tmp_path))


@pytest.mark.parametrize(
    ("scheme", "user", "problem"),
    [("auto", "ann", "no password of ann"), ("bearer", None, "a bearer token is wanted"),
     ("basic", None, "wants a user"), ("kerberos", "ann", "there are auto, basic")],
)  # fmt: skip
def test_what_is_missing_is_told(
    tmp_path: Path, scheme: str, user: str | None, problem: str
) -> None:
    with pytest.raises(StoreError, match=problem):
        find(tmp_path, scheme, user)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(StoreError, match="no login belongs into an address") as told:
        find_login("http://ann:hunter2@store.example/")
    assert "hunter2" not in str(told.value)


CHALLENGES = {
    "basic": 'Basic realm="x"',
    "digest": 'Digest realm="x", nonce="n", qop="auth", algorithm=MD5',
}


@pytest.mark.parametrize("offered", CHALLENGES)
def test_the_store_says_which_login_it_wants(scripted: Script, offered: str) -> None:
    scripted.answers = [(401, {"WWW-Authenticate": CHALLENGES[offered]}, b"")]
    with Connection(scripted.url, Login("auto", "ann", "pass")) as connection:
        connection.send("PUT", content=b"body")
        connection.send("PUT", content=b"more")
    headers = [asked[2].get("Authorization", "") for asked in scripted.asked]
    assert headers[0] == ""
    assert all(header.lower().startswith(offered) for header in headers[1:])
    assert len(headers) == 3
    assert [asked[3] for asked in scripted.asked] == [b"body", b"body", b"more"]
    assert not any("pass" in header for header in headers)


def test_a_token_is_sent(scripted: Script) -> None:
    with Connection(scripted.url, Login("bearer", secret="abc")) as connection:
        connection.send("GET")
    assert scripted.asked[0][2]["Authorization"] == "Bearer abc"


def test_a_login_in_the_open_is_warned_of() -> None:
    told: list[str] = []
    Connection("http://store.example/", Login("basic", "a", "b"), tell=told.append)
    assert "unencrypted" in told[0]
    told.clear()
    Connection("https://store.example/", Login("basic", "a", "b"), tell=told.append)
    Connection("http://localhost/", Login("basic", "a", "b"), tell=told.append)
    assert told == []
