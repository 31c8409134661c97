"""Every error that clinev raises on purpose.

KgError
├── DocumentError       one document could not be read; names it, the place and the problem
├── QueryError          a query is unknown, malformed or not allowed
├── BuildError          an output folder cannot be used
├── PoolError           studies cannot be pooled or drawn as asked
├── StoreError          a store on the network cannot be reached, or refuses
└── ValidationFailed    a check that was asked for failed
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors of this package; its text is fit to be shown to a user."""


class DocumentError(KgError):
    """One document could not be read.

    Parameters
    ----------
    document
        The document's path or identifier, as the user knows it.
    problem
        What is wrong, and where there is one, the remedy.
    at_char
        Code point in the decoded text, or ``None`` where no place can be given.
    place
        Where, in words, for what has no characters to count ("line 12"); `at_char` gives its own.
    """

    def __init__(
        self, document: str, problem: str, at_char: int | None = None, place: str | None = None
    ) -> None:
        super().__init__(document, problem, at_char, place)  # the arguments survive pickling
        self.document = document
        self.problem = problem
        self.at_char = at_char
        self.place = place if at_char is None else f"character {at_char}"

    def __str__(self) -> str:
        place = "" if self.place is None else f", {self.place}"
        return f"{self.document}{place}: {self.problem}"


class QueryError(KgError):
    """A query is unknown, malformed or not allowed; the text says what would be."""


class BuildError(KgError):
    """An output folder cannot be written or is no output of ours."""


class PoolError(KgError):
    """Studies cannot be pooled or drawn as asked; the text says which, why, and what would do."""


class StoreError(KgError):
    """A store on the network cannot be reached, or refuses.

    Parameters
    ----------
    store
        Its address, without login.
    problem
        What is wrong, and where there is one, the remedy.
    status
        HTTP status of the answer, ``None`` where there was no answer.
    """

    def __init__(self, store: str, problem: str, status: int | None = None) -> None:
        super().__init__(store, problem, status)  # the arguments make it survive pickling
        self.store = store
        self.problem = problem
        self.status = status

    def __str__(self) -> str:
        return f"{self.store}: {self.problem}"


class ValidationFailed(KgError):
    """A check that the user asked for failed."""
