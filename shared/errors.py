"""One kind of failure that a person can read: a stable code, a Chinese title, and what to do (RFC 9457).

A service names its failures in its own `errors.py`, one function each, built from the makers below.
"""

from collections.abc import Mapping, Sequence
from typing import Any

FieldErrors = Mapping[str, Sequence[str]]


class Problem(Exception):
    """A refusal with a reason.

    `code` is stable and machine-readable (`documents.already_issued`), `title` says in Chinese what happened,
    `detail` which item and what to do, `errors` the messages by field for invalid input (status 422).
    """

    def __init__(
        self,
        code: str,
        title: str,
        *,
        status: int,
        detail: str,
        errors: FieldErrors | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {title} {detail}".rstrip())
        self.code = code
        self.title = title
        self.status = status
        self.detail = detail
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


def malformed(code: str, title: str, detail: str) -> Problem:
    """The request cannot even be read (400)."""
    return Problem(code, title, status=400, detail=detail)


def unauthenticated(code: str, title: str, detail: str) -> Problem:
    """Nobody is signed in, or the token is no longer good (401, RFC 6750 §3)."""
    return Problem(code, title, status=401, detail=detail, headers={"WWW-Authenticate": "Bearer"})


def forbidden(code: str, title: str, detail: str) -> Problem:
    """Signed in, but this post may not do this (403)."""
    return Problem(code, title, status=403, detail=detail)


def not_found(code: str, title: str, detail: str) -> Problem:
    """There is no such item, or it is not this reader's to know of (404)."""
    return Problem(code, title, status=404, detail=detail)


def conflict(code: str, title: str, detail: str) -> Problem:
    """The item is in a state that does not allow this (409)."""
    return Problem(code, title, status=409, detail=detail)


def changed_meanwhile(code: str, title: str, detail: str) -> Problem:
    """Someone else changed the item since it was read (412, RFC 9110 §15.5.13)."""
    return Problem(code, title, status=412, detail=detail)


def too_large(code: str, title: str, detail: str) -> Problem:
    """The body is over the limit (413)."""
    return Problem(code, title, status=413, detail=detail)


def unsupported_type(code: str, title: str, detail: str) -> Problem:
    """The body or file is of a kind that is not taken (415)."""
    return Problem(code, title, status=415, detail=detail)


def invalid(code: str, title: str, detail: str, *, errors: FieldErrors | None = None) -> Problem:
    """The input is well-formed but breaks a rule (422); `errors` says which field and why."""
    return Problem(code, title, status=422, detail=detail, errors=errors)


def too_many(code: str, title: str, detail: str, *, retry_after: int) -> Problem:
    """Too often (429); `retry_after` in seconds says when to try again."""
    return Problem(code, title, status=429, detail=detail, headers={"Retry-After": str(retry_after)})


def storage_full(code: str, title: str, detail: str) -> Problem:
    """There is no room left to keep the content (507, RFC 4918 §11.5)."""
    return Problem(code, title, status=507, detail=detail)
