"""Who asks: a user with a password or a bearer token, never from the command line or an address.

Words of a command line stand in the shell's history and in the list of processes, for everyone on the
machine to read; so a password comes from the environment, ``~/.netrc`` or a prompt.
"""

from __future__ import annotations

import netrc
import os
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

from kg.errors import StoreError

if TYPE_CHECKING:
    import httpx

#: ``auto`` answers what the store asks for: digest if it offers that, else basic.
Scheme = Literal["auto", "basic", "digest", "bearer"]
SCHEMES: tuple[str, ...] = get_args(Scheme)
USER, PASSWORD, TOKEN = "CLINEV_USER", "CLINEV_PASSWORD", "CLINEV_TOKEN"


@dataclass(frozen=True, slots=True)
class Login:
    """What a store may be told; secrets are kept out of ``repr``."""

    scheme: Scheme
    user: str = ""
    secret: str = field(default="", repr=False)

    def to_auth(self) -> httpx.Auth:
        """Return the login as httpx wants it."""
        import httpx

        if self.scheme == "basic":
            return httpx.BasicAuth(self.user, self.secret)
        if self.scheme == "digest":
            return httpx.DigestAuth(self.user, self.secret)
        return _bearer(self.secret) if self.scheme == "bearer" else _negotiated(self)


def find_login(
    url: str,
    scheme: str = "auto",
    user: str | None = None,
    ask: Callable[[str], str] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Login | None:
    """Return the login for a store, ``None`` where nothing names one.

    Parameters
    ----------
    url
        Address of the store; ``~/.netrc`` (or the file that ``NETRC`` names) is searched for its host.
    scheme
        One of `SCHEMES`.
    user
        User name; default ``CLINEV_USER``, then that of netrc.
    ask
        Asks a person for a secret; ``None`` where nobody sits.

    Raises
    ------
    StoreError
        If the address holds a password, the scheme is unknown, or a secret is wanted and nowhere found.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise StoreError(
            parts.hostname or "",
            f"no login belongs into an address; name the user with --user and put the password into {PASSWORD}",
        )
    if scheme not in SCHEMES:
        raise StoreError(url, f"no login is called {scheme!r}: there are {', '.join(SCHEMES)}")
    token = environment.get(TOKEN, "")
    if scheme == "bearer" or (token and scheme == "auto" and user is None):
        token = token or (ask(f"Token for {parts.hostname}: ") if ask else "")
        if not token:
            raise StoreError(url, f"a bearer token is wanted: put it into {TOKEN}")
        return Login("bearer", secret=token)
    named = user or environment.get(USER) or None
    stored = _from_netrc(parts.hostname or "", environment)
    if named is None and stored is None:
        if scheme != "auto":
            raise StoreError(url, f"--auth {scheme} wants a user: name one with --user")
        return None
    if named is None and stored is not None:
        named = stored[0]
    assert named is not None
    secret = environment.get(PASSWORD)
    if secret is None and stored is not None and stored[0] == named:
        secret = stored[1]
    if secret is None and ask is not None:
        secret = ask(f"Password of {named} at {parts.hostname}: ")
    if secret is None:
        raise StoreError(url, f"no password of {named}: put it into {PASSWORD} or ~/.netrc")
    return Login("basic" if scheme == "basic" else "digest" if scheme == "digest" else "auto", named, secret)  # fmt: skip


def _from_netrc(host: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    file = Path(environment.get("NETRC") or Path.home() / ".netrc")
    try:
        found = netrc.netrc(file).authenticators(host)
    except FileNotFoundError:
        return None
    except (OSError, netrc.NetrcParseError) as error:
        raise StoreError(host, f"{file} cannot be read: {error}") from error
    return (found[0], found[2] or "") if found is not None and found[0] else None


def _bearer(token: str) -> httpx.Auth:
    import httpx

    class Bearer(httpx.Auth):
        """RFC 6750, section 2.1."""

        def auth_flow(
            self, request: httpx.Request
        ) -> Generator[httpx.Request, httpx.Response, None]:
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    return Bearer()


def _negotiated(login: Login) -> httpx.Auth:
    import httpx

    class Negotiated(httpx.Auth):
        """Waits for a challenge (RFC 9110, section 11.6.1) and keeps to what it chose."""

        def __init__(self) -> None:
            self._chosen: httpx.Auth | None = None

        def auth_flow(
            self, request: httpx.Request
        ) -> Generator[httpx.Request, httpx.Response, None]:
            if self._chosen is None:
                response = yield request
                offered = " ".join(response.headers.get_list("www-authenticate")).lower()
                if response.status_code != 401 or not offered:
                    return
                scheme: Scheme = "digest" if "digest" in offered else "basic"
                self._chosen = Login(scheme, login.user, login.secret).to_auth()
                if scheme == "digest":
                    flow = self._chosen.auth_flow(request)
                    next(flow)  # the request that has been sent already
                    yield flow.send(response)
                    return
            yield from self._chosen.auth_flow(request)

    return Negotiated()
