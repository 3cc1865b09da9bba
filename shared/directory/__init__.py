"""The local directory: who and what there is, as far as identity's events have told this service."""

from shared.directory.keeping import (
    ACCESS_EVENTS,
    KEPT_EVENTS,
    forget_expired_revocations,
    keep,
    keep_access,
)
from shared.directory.looking import (
    PostCard,
    find_delegation,
    find_unit,
    get_organ,
    get_post,
    get_unit,
    list_delegations_to,
    list_holders,
    list_line,
    list_lines,
    list_offices,
    list_posts,
    list_posts_of_person,
    list_units,
)
from shared.directory.models import (
    DirectoryDelegation,
    DirectoryPerson,
    DirectoryPost,
    DirectoryTenure,
    DirectoryUnit,
)

__all__ = [
    "ACCESS_EVENTS",
    "KEPT_EVENTS",
    "DirectoryDelegation",
    "DirectoryPerson",
    "DirectoryPost",
    "DirectoryTenure",
    "DirectoryUnit",
    "PostCard",
    "find_delegation",
    "find_unit",
    "forget_expired_revocations",
    "get_organ",
    "get_post",
    "get_unit",
    "keep",
    "keep_access",
    "list_delegations_to",
    "list_holders",
    "list_line",
    "list_lines",
    "list_offices",
    "list_posts",
    "list_posts_of_person",
    "list_units",
]
