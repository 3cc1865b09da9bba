"""How a role of this installation differs from the packaged one, and what an upgrade may add to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.identity.domain.roles import DEFAULT_ROLES, Role


class Undecided(StrEnum):
    """What becomes of permissions of which nobody knows whether they were taken away on purpose."""

    GIVE = "give"
    LEAVE = "leave"
    WITHHOLD = "withhold"


@dataclass(frozen=True, kw_only=True)
class RoleDifference:
    """A role that was edited here beside the packaged one; permissions by name.

    `held`: what it may do here. `offered`: the packaged permissions that it had, or was offered, at some time:
    what is among these and not held was taken away on purpose. `is_recorded` is false for a role that was edited
    before offers were kept: of what it lacks nobody knows why.
    """

    role: Role
    held: frozenset[str]
    offered: frozenset[str]
    is_recorded: bool

    @property
    def packaged(self) -> frozenset[str]:
        """What the role has in a new installation of this release."""
        return frozenset(permission.value for permission in DEFAULT_ROLES[self.role].permissions)

    @property
    def new(self) -> frozenset[str]:
        """Packaged since, and never offered here."""
        return self._never_offered if self.is_recorded else frozenset()

    @property
    def undecided(self) -> frozenset[str]:
        """Lacking, and either new or taken away before that was recorded."""
        return frozenset() if self.is_recorded else self._never_offered

    @property
    def withheld(self) -> frozenset[str]:
        """Taken away here on purpose."""
        return (self.packaged - self.held) & self.offered

    @property
    def added(self) -> frozenset[str]:
        """Given here beyond what is packaged."""
        return self.held - self.packaged

    def given(self, undecided: Undecided) -> frozenset[str]:
        """What a renewal adds."""
        return self.new | (self.undecided if undecided is Undecided.GIVE else frozenset())

    def offered_after(self, undecided: Undecided) -> frozenset[str]:
        """What has been offered once it is renewed."""
        return (
            self.offered if undecided is Undecided.LEAVE and self.undecided else self.offered | self.packaged
        )

    @property
    def _never_offered(self) -> frozenset[str]:
        return self.packaged - self.held - self.offered


def offered_by_edit(*, before: RoleDifference, granted: Iterable[str]) -> frozenset[str]:
    """What has been offered once an administrator set the permissions: what was held, and what is now."""
    return before.offered | before.held | frozenset(granted)
