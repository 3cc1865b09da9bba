"""Every route of administration says whom it needs: a scope over all units, over the unit, or just the own organ.

What they say is tried in `tests/service/shared/test_administration.py`; whoever adds such a route enters it here.
"""

from enum import Enum

from services.identity.domain.roles import ADMINISTRATORS, DEFAULT_ROLES
from shared.permissions import Permission
from tests.contract.test_services import routes


class Need(Enum):
    """What an administrator's scope has to cover for a route."""

    EVERYTHING = "it decides for all units"
    UNIT = "it decides for a unit, or what belongs to one, which has to lie in the scope"
    RULE = "for all units it needs everything, for a unit that unit, or a post of the unit's own office"
    SHOWN = "it shows what lies in the scope"
    CHANGES_NOTHING = "it shows what holds for all, or checks without writing"
    OWN = "it is the business of an organ's own office, about what that organ keeps, whatever the scope"


# Administrators' permissions, and those by which an office keeps its own tables.
ADMINISTRATING = {permission for role in ADMINISTRATORS for permission in DEFAULT_ROLES[role].permissions} | {
    permission for permission in Permission if permission.endswith(".manage")
}
NEEDS = {
    "affairs POST /flows": Need.EVERYTHING,
    "affairs POST /local-rules/<string:name>/versions": Need.RULE,
    "archives PATCH /fonds/<string:fonds_code>": Need.OWN,
    "archives POST /retention-schedules": Need.OWN,
    "documents POST /flows": Need.EVERYTHING,
    "documents POST /local-rules/<string:name>/versions": Need.RULE,
    # Or a post of the own office, as for a unit's rules.
    "documents PUT /rules/quotas": Need.UNIT,
    "identity GET /keys": Need.CHANGES_NOTHING,
    "identity GET /persons": Need.SHOWN,
    "identity GET /persons/<uuid:person_id>": Need.UNIT,
    "identity GET /roles/renewal": Need.CHANGES_NOTHING,
    "identity GET /sessions": Need.SHOWN,
    "identity POST /administrators/<uuid:post_id>/appoint": Need.UNIT,
    "identity POST /administrators/<uuid:post_id>/dismiss": Need.UNIT,
    "identity POST /import": Need.UNIT,
    "identity POST /import/report": Need.CHANGES_NOTHING,
    "identity POST /keys/rotate": Need.EVERYTHING,
    # A person without a post is nobody's in particular; the post is what a unit has to be administered for.
    "identity POST /persons": Need.OWN,
    "identity POST /persons/<uuid:person_id>/disable": Need.UNIT,
    "identity POST /persons/<uuid:person_id>/enable": Need.UNIT,
    "identity POST /persons/<uuid:person_id>/reset-password": Need.UNIT,
    "identity POST /posts": Need.UNIT,
    "identity POST /posts/<uuid:post_id>/abolish": Need.UNIT,
    "identity POST /posts/<uuid:post_id>/appoint": Need.UNIT,
    "identity POST /posts/<uuid:post_id>/dismiss": Need.UNIT,
    "identity POST /roles/renewal": Need.EVERYTHING,
    "identity POST /sessions/<uuid:session_id>/end": Need.UNIT,
    "identity POST /units": Need.UNIT,
    "identity POST /units/<uuid:unit_id>/dissolve": Need.UNIT,
    "identity PUT /persons/<uuid:person_id>": Need.UNIT,
    "identity PUT /posts/<uuid:post_id>": Need.UNIT,
    "identity PUT /posts/<uuid:post_id>/roles": Need.UNIT,
    "identity PUT /roles/<string:role>": Need.EVERYTHING,
    "identity PUT /units/<uuid:unit_id>": Need.UNIT,
    "meetings POST /local-rules/<string:name>/versions": Need.RULE,
    "supervision POST /local-rules/<string:name>/versions": Need.RULE,
}
# Whoever has one of these keeps tables of the own organ, as every organ's office does; it names no other.
KEPT_BY_EACH_ORGAN = {
    Permission.AFFAIRS_CATALOGUE_MANAGE,
    Permission.AFFAIRS_FORMS_MANAGE,
    Permission.MEETINGS_ROOMS_MANAGE,
}
# The same in every service.
AUDIT = {"GET /audit": Need.SHOWN, "GET /audit/check": Need.EVERYTHING}


def test_of_every_route_of_administration_is_said_what_scope_it_needs() -> None:
    declared = {
        str(route)
        for route in routes()
        if route.wanted in ADMINISTRATING - KEPT_BY_EACH_ORGAN and f"{route.method} {route.path}" not in AUDIT
    }
    assert declared == set(NEEDS), "say in NEEDS what scope it needs, and try it in the service test"


def test_an_offices_own_tables_are_not_kept_by_administrators() -> None:
    held = {permission for role in ADMINISTRATORS for permission in DEFAULT_ROLES[role].permissions}
    assert held.isdisjoint(KEPT_BY_EACH_ORGAN)
