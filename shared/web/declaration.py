"""All that is said of a route, apart from what serves it."""

from dataclasses import dataclass
from enum import Enum

import marshmallow as ma

from shared.permissions import Permission
from shared.web.schema import paged

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(Enum):
    """Routes that need no permission: open to anybody, or to whoever is signed in."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC = Access.PUBLIC
SIGNED_IN = Access.SIGNED_IN


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All that is said of a route."""

    method: str
    path: str
    permission: Permission | Access
    body: type[ma.Schema] | None = None
    query: type[ma.Schema] | None = None
    form: type[ma.Schema] | None = None
    returns: type[ma.Schema] | None = None
    is_page: bool = False
    downloads: str = ""
    status: int = 200
    summary: str = ""
    audited: bool | None = None
    refusals_audited: bool = True
    secret: bool = False
    before_password_change: bool = False

    @property
    def is_write(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def is_audited(self) -> bool:
        """Whether it is kept who did this, or was refused it: every write, and what a route says of itself."""
        return self.is_write if self.audited is None else self.audited

    @property
    def only_reads(self) -> bool:
        """Whether it leaves nothing behind: it is given connections that cannot write."""
        return not self.is_write and not self.is_audited

    @property
    def audits_refusals(self) -> bool:
        """Whether a refusal is kept: of every write and of what is audited, unless the method keeps its own."""
        return self.refusals_audited and (self.is_write or self.is_audited)

    @property
    def takes_body(self) -> bool:
        return self.body is not None or self.form is not None

    @property
    def keeps_answer(self) -> bool:
        """Whether a repetition under the same key can be answered from what was kept: not a file, nor a secret."""
        return self.is_write and not self.downloads and not self.secret

    @property
    def answer_schema(self) -> type[ma.Schema] | None:
        return paged(self.returns) if self.returns and self.is_page else self.returns
