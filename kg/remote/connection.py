"""HTTP to a store: what goes wrong for a moment is tried again, what goes wrong for good is told."""

from __future__ import annotations

import email.utils
import ipaddress
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.errors import StoreError
from kg.printable import printable
from kg.remote.login import PASSWORD, TOKEN, Login

if TYPE_CHECKING:
    import httpx

#: Statuses that may pass: timeout, too early, too many requests, a server in trouble (RFC 9110, 6585).
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
ATTEMPTS = 6
#: Seconds before the second attempt; each wait is twice the one before, up to the longest.
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
#: The longest wait that a store may ask for by Retry-After.
_PATIENCE = 120.0
_EXCERPT = 300  # characters of a store's own words


class Connection:
    """A store's address with a login.

    Parameters
    ----------
    url
        ``http`` or ``https``; answers are never looked for elsewhere: a redirection is an error.
    login
        Who asks; ``None``: anyone.
    timeout
        Seconds without a sign of the store.
    attempts
        How often a request is sent at most. Every request that is sent here may be repeated.
    tell
        Told of what is tried again.

    Raises
    ------
    StoreError
        If `url` is no address.
    """

    def __init__(
        self,
        url: str,
        login: Login | None = None,
        timeout: float = 300.0,
        attempts: int = ATTEMPTS,
        tell: Callable[[str], None] = lambda message: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import httpx

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StoreError(url, "is no address; write it like http://localhost:7878/store")
        self.url = url
        self._attempts, self._tell, self._sleep = attempts, tell, sleep
        near = is_loopback(parts.hostname)
        if login is not None and login.scheme != "digest" and parts.scheme == "http" and not near:
            tell(f"{url}: the login goes over the network unencrypted; https would hide it")
        self._client = httpx.Client(
            auth=None if login is None else login.to_auth(),
            timeout=httpx.Timeout(timeout, connect=min(timeout, 20.0)),
            trust_env=not near,  # a proxy knows another loopback
            headers={"User-Agent": "clinev"},
        )

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *told: object) -> None:
        self._client.close()

    def send(
        self,
        method: str,
        parameters: Mapping[str, str] | None = None,
        content: bytes | None = None,
        form: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        accepted: tuple[int, ...] = (),
    ) -> httpx.Response:
        """Send a request and return the answer, if it is of 2xx or `accepted`.

        Parameters
        ----------
        parameters
            Joined to the address's own.
        content, form
            The body.

        Raises
        ------
        StoreError
            If the store refuses, or all attempts failed.
        """
        import httpx

        cause: Exception | None
        url = httpx.URL(self.url).copy_merge_params(dict(parameters or {}))
        for attempt in range(1, self._attempts + 1):
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * random.uniform(0.5, 1.0)
            try:
                response = self._client.request(
                    method, url, content=content, data=form, headers=headers
                )
            except httpx.TransportError as error:
                problem, cause = _in_words(error), error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise StoreError(self.url, str(error)) from error
            else:
                if response.is_success or response.status_code in accepted:
                    return response
                if response.status_code not in PASSING:
                    raise self._refusal(response)
                problem, cause = self._refusal(response).problem, None
                wait = max(wait, _wanted_wait(response))
            if attempt == self._attempts:
                times = f" ({attempt} attempts)" if attempt > 1 else ""
                status = None if cause else response.status_code
                raise StoreError(self.url, problem + times, status) from cause
            self._tell(f"{self.url}: {problem}; again in {wait:.1f} s")
            self._sleep(wait)
        raise AssertionError("unreachable")

    def _refusal(self, response: httpx.Response) -> StoreError:
        status = response.status_code
        said = _excerpt(response)
        known = {
            401: f"wants another login: --user with {PASSWORD}, or {TOKEN}",
            403: "does not allow it; the login may lack the right to write",
            404: "knows nothing at this address",
            405: "does not do this at this address",
            413: "finds it too large",
        }
        problem = known.get(status, "refuses")
        if response.is_redirect:
            problem = f"sends us on to {response.headers.get('location', '')}; give that address if you trust it"
        phrase = f" {response.reason_phrase}" if response.reason_phrase else ""
        return StoreError(self.url, f"{problem} (HTTP {status}{phrase}){said}", status)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("example.org")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _in_words(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return f"cannot be reached: {str(error).lower() or 'no answer'}; is the store running?"
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time; --timeout gives it more"
    return f"the connection broke: {str(error).lower() or type(error).__name__}"


def _excerpt(response: httpx.Response) -> str:
    """Return the first words of what a store says, without control characters."""
    if "html" in response.headers.get("content-type", ""):
        return ""
    text = printable(" ".join(response.text[: 4 * _EXCERPT].split()))
    return f": {text[:_EXCERPT]}" if text else ""


def _wanted_wait(response: httpx.Response) -> float:
    """Return the seconds that Retry-After asks for (RFC 9110, section 10.2.3), 0 without it."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value), _PATIENCE)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    seconds = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _PATIENCE)
