"""Options and connections of the commands that talk to a store on the network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from kg.cli.console import complain

if TYPE_CHECKING:
    from kg.remote.connection import Connection


def complete_scheme() -> list[str]:
    """Offer the kinds of login."""
    from kg.remote.login import SCHEMES

    return list(SCHEMES)


USER_OPTION = typer.Option(
    None, "--user", "-u", metavar="NAME", help="User of the store; default CLINEV_USER, ~/.netrc."
)
AUTH_OPTION = typer.Option(
    "auto",
    "--auth",
    autocompletion=complete_scheme,
    help="auto (what the store asks for), basic, digest or bearer.",
)


def connect(url: str, user: str | None, auth: str, timeout: float) -> Connection:
    """Open a connection; a person is asked for a password that is found nowhere."""
    import getpass

    from kg.remote.connection import Connection
    from kg.remote.login import find_login

    ask = getpass.getpass if sys.stdin.isatty() else None
    login = find_login(url, auth, user, ask)
    return Connection(url, login, timeout=timeout, tell=complain)
