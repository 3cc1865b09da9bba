"""What identity tells: units, persons, posts and who holds them, delegations, keys, and the end of access."""

from datetime import datetime
from uuid import UUID

from shared.events.base import Event, Value, described, event, value

_ID = "0190f000-0000-7000-8000-0000000000"
_WHEN = "2026-11-02T01:30:00+00:00"


@value
class UnitParticulars(Value):
    """All that other services need to know of a unit (单位)."""

    code: str = described("The unit's code in this suite, unique", "360300-ZFB")
    parent_id: UUID | None = described("The unit it stands under; none for a top unit", _ID + "01")
    name: str = described("Full official name", "萍乡市人民政府办公室")
    short_name: str = described("Usual short name", "市政府办")
    kind: str = described("Kind of unit, as in identity's table", "general_office")
    level: str = described("Level of government: province, city, county, township", "city")
    division_code: str = described("GB/T 2260 code of its division", "360300")
    credit_code: str | None = described("Unified social credit code (GB 32100)", "113603000000000195")
    issuing_codes: tuple[str, ...] = described(
        "机关代字 it may issue documents under", ["萍府办发", "萍府办字"]
    )
    fonds_code: str | None = described("全宗号 of its archives", "Z109")
    issues_documents: bool = described("May send formal documents outside in its own name", True)
    position: int = described("Place in lists among its siblings", 10)


@event("unit.registered.v1", aggregate="unit")
class UnitRegistered(Event):
    """A unit was entered in the directory."""

    unit_id: UUID = described("The unit", _ID + "02")
    particulars: UnitParticulars = described(
        "Its particulars",
        {
            "code": "360300-ZFB",
            "parent_id": _ID + "01",
            "name": "萍乡市人民政府办公室",
            "short_name": "市政府办",
            "kind": "general_office",
            "level": "city",
            "division_code": "360300",
            "credit_code": "113603000000000195",
            "issuing_codes": ["萍府办发", "萍府办字"],
            "fonds_code": "Z109",
            "issues_documents": True,
            "position": 10,
        },
    )


@event("unit.particulars_corrected.v1", aggregate="unit")
class UnitParticularsCorrected(Event):
    """A unit was renamed, moved or otherwise corrected; the particulars are those in force now."""

    unit_id: UUID = described("The unit", _ID + "02")
    particulars: UnitParticulars = described(
        "Its particulars from now on",
        {
            "code": "360300-ZFB",
            "parent_id": _ID + "01",
            "name": "萍乡市人民政府办公室",
            "short_name": "市府办",
            "kind": "general_office",
            "level": "city",
            "division_code": "360300",
            "credit_code": "113603000000000195",
            "issuing_codes": ["萍府办发"],
            "fonds_code": "Z109",
            "issues_documents": True,
            "position": 10,
        },
    )


@event("unit.dissolved.v1", aggregate="unit")
class UnitDissolved(Event):
    """A unit ceased to exist; nothing new is sent to it."""

    unit_id: UUID = described("The unit", _ID + "02")


@event("person.registered.v1", aggregate="person")
class PersonRegistered(Event):
    """A person was entered in the directory."""

    person_id: UUID = described("The person", _ID + "03")
    name: str = described("Name", "王示例")


@event("person.renamed.v1", aggregate="person")
class PersonRenamed(Event):
    """A person's name was corrected."""

    person_id: UUID = described("The person", _ID + "03")
    name: str = described("Name from now on", "王示范")


@event("person.disabled.v1", aggregate="person")
class PersonDisabled(Event):
    """A person may no longer sign in, and every token in hand is void."""

    person_id: UUID = described("The person", _ID + "03")
    disabled_at: datetime = described("Tokens issued up to this moment are void", _WHEN)
    reason: str = described("Why", "调离")


@event("person.enabled.v1", aggregate="person")
class PersonEnabled(Event):
    """A disabled person may sign in again."""

    person_id: UUID = described("The person", _ID + "03")


@event("post.created.v1", aggregate="post")
class PostCreated(Event):
    """A unit was given a post (岗位)."""

    post_id: UUID = described("The post", _ID + "04")
    unit_id: UUID = described("The unit it belongs to", _ID + "02")
    code: str = described("The post's code in this suite, unique", "360300-ZFB-WS")
    title: str = described("Title of the post", "文书")
    permissions: tuple[str, ...] = described("Permissions that it carries", ["documents.registry"])
    position: int = described("Place in lists among the unit's posts", 20)
    scope_unit_ids: tuple[UUID, ...] | None = described(
        "Units whose subtrees an administrator's post looks after (管理范围); empty means its own unit's, null that "
        "nothing is said of it",
        [_ID + "01"],
        default=None,
    )


@event("post.retitled.v1", aggregate="post")
class PostRetitled(Event):
    """A post was given another title or place in its unit's list."""

    post_id: UUID = described("The post", _ID + "04")
    title: str = described("Title from now on", "机要文书")
    position: int = described("Place in lists from now on", 20)


@event("post.permissions_assigned.v1", aggregate="post")
class PostPermissionsAssigned(Event):
    """What a post may do, and for which units, after its roles, their permissions or its scope were decided anew."""

    post_id: UUID = described("The post", _ID + "04")
    permissions: tuple[str, ...] = described(
        "All permissions from now on", ["documents.draft", "documents.registry"]
    )
    scope_unit_ids: tuple[UUID, ...] | None = described(
        "Units whose subtrees an administrator's post looks after from now on (管理范围); empty means its own unit's, "
        "null that nothing is said of it",
        [_ID + "01"],
        default=None,
    )


@event("post.abolished.v1", aggregate="post")
class PostAbolished(Event):
    """A post no longer exists; who held it has lost it."""

    post_id: UUID = described("The post", _ID + "04")


@event("tenure.began.v1", aggregate="tenure")
class TenureBegan(Event):
    """A person took a post (任职)."""

    tenure_id: UUID = described("This holding of the post", _ID + "05")
    person_id: UUID = described("Who", _ID + "03")
    post_id: UUID = described("Which post", _ID + "04")


@event("tenure.ended.v1", aggregate="tenure")
class TenureEnded(Event):
    """A person no longer holds a post; tokens for it are void (免职)."""

    tenure_id: UUID = described("This holding of the post", _ID + "05")
    person_id: UUID = described("Who", _ID + "03")
    post_id: UUID = described("Which post", _ID + "04")
    ended_at: datetime = described("Tokens issued up to this moment are void", _WHEN)


@event("session.ended.v1", aggregate="session")
class SessionEnded(Event):
    """A signed-in session ended by log-out, by an administrator or because a refresh token was used twice."""

    session_id: UUID = described("The session", _ID + "06")
    person_id: UUID = described("Whose", _ID + "03")
    ended_at: datetime = described("Tokens issued up to this moment are void", _WHEN)
    reason: str = described("logout, administrator, reuse or password", "logout")


@event("delegation.granted.v1", aggregate="delegation")
class DelegationGranted(Event):
    """The holder of a post lets another post act for it during an absence (授权代办)."""

    delegation_id: UUID = described("The delegation", _ID + "07")
    from_person_id: UUID = described("Who is absent", _ID + "03")
    from_post_id: UUID = described("For which post", _ID + "04")
    to_person_id: UUID = described("Who acts", _ID + "08")
    to_post_id: UUID = described("In which post", _ID + "09")
    work_kinds: tuple[str, ...] = described("Kinds of work; empty means all", ["documents"])
    starts_at: datetime = described("From", _WHEN)
    ends_at: datetime = described("Until", "2026-11-09T10:00:00+00:00")


@event("delegation.ended.v1", aggregate="delegation")
class DelegationEnded(Event):
    """A delegation was taken back before its time."""

    delegation_id: UUID = described("The delegation", _ID + "07")
    ended_at: datetime = described("When", _WHEN)


@event("signing_key.announced.v1", aggregate="signing_key")
class SigningKeyAnnounced(Event):
    """Identity will sign, or signs, tokens with this key (ES256 on P-256, RFC 7518 §6.2)."""

    signing_key_id: UUID = described("The key; its text form is the `kid`", _ID + "0a")
    x: str = described("JWK x coordinate, base64url", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4")
    y: str = described("JWK y coordinate, base64url", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
    announced_at: datetime = described("When", _WHEN)


@event("signing_key.withdrawn.v1", aggregate="signing_key")
class SigningKeyWithdrawn(Event):
    """Nothing signed with this key is good any more."""

    signing_key_id: UUID = described("The key", _ID + "0a")
    withdrawn_at: datetime = described("When", _WHEN)
