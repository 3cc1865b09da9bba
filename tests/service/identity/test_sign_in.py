"""Signing in by password."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import jwt
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.accounts import disable_person
from services.identity.commands.keys import rotate_keys
from services.identity.commands.roles import grant_permissions
from services.identity.commands.sign_in import Attempt, admit_attempt, refuse_attempt, sign_in
from services.identity.commands.tokens import Tokens, switch_post
from services.identity.domain.delay import ACCOUNT_DELAY, SOURCE_DELAY
from services.identity.domain.keys import ANNOUNCED_AHEAD
from services.identity.domain.roles import Role
from services.identity.models import Person, SignIn, SignInFailure, Tenure
from shared.audit import AuditEntry
from shared.auth import Actor, TokenVerifier
from shared.clock import FixedClock
from shared.db import Database
from shared.errors import Problem
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.identity.people import TOKENS, City, actor_in
from tests.support.api import AUDIENCE, ISSUER

NOBODY = Actor(correlation_id=new_id(), source="192.0.2.7")


def signed_in(session: Session, clock: FixedClock, login_name: str, *, post_id: UUID | None = None) -> Tokens:
    attempt = admit_attempt(session, clock, login_name=login_name, source=NOBODY.source)
    return let_in(session, clock, attempt, post_id=post_id)


def let_in(session: Session, clock: FixedClock, attempt: Attempt, *, post_id: UUID | None = None) -> Tokens:
    return sign_in(session, NOBODY, clock, attempt=attempt, issuer=TOKENS, post_id=post_id)


def failed(session: Session, clock: FixedClock, login_name: str, *, source: str = "192.0.2.7") -> Attempt:
    with session.begin_nested():
        return admit_attempt(session, clock, login_name=login_name, source=source)


def test_an_attempt_finds_the_account_however_the_login_name_is_typed(
    session: Session, clock: FixedClock, city: City
) -> None:
    access = failed(session, clock, " 市长 ").access
    assert access
    assert access.person.id == city.persons["mayor"]
    assert failed(session, clock, "没有这个人").access is None


@pytest.mark.parametrize("login_name", ["市长", "没有这个人"])
def test_an_account_has_to_wait_longer_and_longer_whether_it_exists_or_not(
    session: Session, clock: FixedClock, login_name: str
) -> None:
    for _ in range(ACCOUNT_DELAY.free + 1):
        failed(session, clock, login_name)
    with pytest.raises(Problem) as refused:
        failed(session, clock, login_name)
    assert refused.value.status == 429
    assert refused.value.headers["Retry-After"] == "2"
    clock.at += timedelta(seconds=2)
    failed(session, clock, login_name)
    with pytest.raises(Problem, match="4 秒"):
        failed(session, clock, login_name, source="198.51.100.9")


def test_a_source_that_tries_many_accounts_has_to_wait_and_others_need_not(
    session: Session, clock: FixedClock
) -> None:
    for number in range(SOURCE_DELAY.free + 1):
        attempt = failed(session, clock, f"猜测{number}", source="2001:db8::1")
        refuse_attempt(session, NOBODY, clock, attempt=attempt, outcome="identity.sign_in_refused")
    with pytest.raises(Problem, match="must_wait"):
        failed(session, clock, "市长", source="2001:db8::2")
    assert failed(session, clock, "市长", source="2001:db8:0:1::2").access


def test_failures_of_long_ago_are_not_counted(session: Session, clock: FixedClock) -> None:
    for _ in range(ACCOUNT_DELAY.free + 1):
        failed(session, clock, "市长")
    clock.at += ACCOUNT_DELAY.forget_after
    for _ in range(ACCOUNT_DELAY.free + 1):
        failed(session, clock, "市长")


def test_attempts_at_once_are_all_counted(database: Database, clock: FixedClock) -> None:
    with database.transaction() as one:
        failed(one, clock, "市长")
    with database.transaction() as other:
        failed(other, clock, "市长")
        counts = set(other.scalars(sa.select(SignInFailure.count)))
    assert counts == {2}


def test_of_many_attempts_at_once_no_more_get_in_than_one_after_the_other(
    database: Database, clock: FixedClock
) -> None:
    def attempt(_: int) -> bool:
        with database.statements() as statements:
            try:
                admit_attempt(statements, clock, login_name="市长", source=NOBODY.source)
            except Problem:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        let_in = list(pool.map(attempt, range(18)))
    assert let_in.count(True) == ACCOUNT_DELAY.free + 1


def test_an_attempt_that_has_to_wait_is_not_counted(session: Session, clock: FixedClock) -> None:
    for _ in range(ACCOUNT_DELAY.free + 1):
        failed(session, clock, "市长")
    for _ in range(5):
        with pytest.raises(Problem, match="must_wait"):
            failed(session, clock, "市长")
    clock.at += timedelta(seconds=2)
    failed(session, clock, "市长")


def test_who_loses_a_post_while_the_password_is_checked_acts_in_another(
    session: Session, clock: FixedClock, city: City
) -> None:
    attempt = failed(session, clock, "文书")
    assert attempt.access
    first, second = attempt.access.holdings
    clock.at += timedelta(milliseconds=25)
    session.execute(sa.update(Tenure).where(Tenure.id == first.tenure_id).values(ended_at=clock.now()))
    tokens = let_in(session, clock, attempt)
    assert (tokens.acting.post_id, tokens.holdings) == (second.post_id, [second])


def test_a_token_counts_as_issued_when_the_access_was_read(
    session: Session, clock: FixedClock, city: City
) -> None:
    attempt = failed(session, clock, "市长")
    read_at = clock.now()
    clock.at += timedelta(milliseconds=25)
    claims = jwt.decode(let_in(session, clock, attempt).access_token, options={"verify_signature": False})
    assert claims["iat"] == read_at.timestamp()


def test_a_right_password_forgets_the_failures_of_the_account(session: Session, clock: FixedClock) -> None:
    for _ in range(3):
        failed(session, clock, "市长")
    signed_in(session, clock, "市长")
    assert list(session.scalars(sa.select(SignInFailure.count))) == []


def test_the_token_says_who_acts_in_which_post_with_which_permissions(
    session: Session, clock: FixedClock, city: City
) -> None:
    tokens = signed_in(session, clock, "市长")
    verifier = TokenVerifier(issuer=ISSUER, audience=AUDIENCE)
    actor = verifier.verify(session, tokens.access_token, now=clock.now(), correlation_id=new_id())
    assert (actor.person_id, actor.post_id, actor.unit_id) == (
        city.persons["mayor"],
        city.posts["mayor"],
        city.units["city"],
    )
    assert actor.may(Permission.DOCUMENTS_SIGN)
    assert not actor.may(Permission.IDENTITY_IMPORT)
    assert jwt.get_unverified_header(tokens.access_token)["typ"] == "at+jwt"
    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 600
    assert claims["amr"] == ["pwd"]
    with pytest.raises(Problem, match="过期"):
        verifier.verify(
            session, tokens.access_token, now=clock.now() + timedelta(minutes=10), correlation_id=new_id()
        )


def test_a_person_with_two_posts_chooses_and_switches(
    session: Session, clock: FixedClock, city: City
) -> None:
    tokens = signed_in(session, clock, "文书", post_id=city.posts["archivist"])
    assert tokens.acting.title == "档案员"
    assert {held.title for held in tokens.holdings} == {"文书", "档案员"}
    actor = replace(actor_in(session, "clerk"), session_id=tokens.family.id)
    switched = switch_post(session, actor, clock, issuer=TOKENS, post_id=city.posts["clerk"])
    assert switched.acting.title == "文书"
    assert session.get_one(SignIn, tokens.family.id).tenure_id == switched.acting.tenure_id
    with pytest.raises(Problem, match="post_not_held"):
        switch_post(session, actor, clock, issuer=TOKENS, post_id=city.posts["mayor"])


def test_a_disabled_person_is_answered_like_a_wrong_password(
    session: Session, clock: FixedClock, city: City
) -> None:
    attempt = failed(session, clock, "市长")
    disable_person(
        session, actor_in(session, "system"), clock, person_id=city.persons["mayor"], reason="调离"
    )
    with pytest.raises(Problem) as refused:
        let_in(session, clock, attempt)
    assert refused.value.code == "identity.sign_in_refused"


def test_a_password_that_was_changed_since_it_was_looked_at_is_refused(
    session: Session, clock: FixedClock, city: City
) -> None:
    attempt = failed(session, clock, "市长")
    session.get_one(Person, city.persons["mayor"]).password_digest = "another"
    with pytest.raises(Problem, match="sign_in_refused"):
        let_in(session, clock, attempt)


def test_the_next_token_carries_what_another_process_changed(
    database: Database, clock: FixedClock, operator: Actor
) -> None:
    clock.at += ANNOUNCED_AHEAD
    with database.transaction() as session:
        before = signed_in(session, clock, "市长").access_token
    other = Database("identity", database.engine.url, pool_size=1)
    with other.transaction() as elsewhere:
        grant_permissions(
            elsewhere,
            operator,
            clock,
            role=Role.PRINCIPAL,
            permissions=[Permission.DOCUMENTS_READ],
            expected_revision=None,
        )
        key = rotate_keys(elsewhere, operator, clock, keyring=TOKENS.keyring)
    other.close()
    with database.transaction() as session:
        after = signed_in(session, clock, "市长").access_token
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"] == str(key.id)
    assert jwt.decode(after, options={"verify_signature": False})["scope"] == Permission.DOCUMENTS_READ


def test_who_holds_no_post_cannot_act(session: Session, clock: FixedClock) -> None:
    with pytest.raises(Problem, match="no_post"):
        signed_in(session, clock, "待任")


def test_until_a_given_password_is_changed_nothing_else_is_allowed(
    session: Session, clock: FixedClock, city: City
) -> None:
    session.get_one(Person, city.persons["mayor"]).must_change = True
    claims = jwt.decode(signed_in(session, clock, "市长").access_token, options={"verify_signature": False})
    assert (claims["scope"], claims["pwd_change"]) == ("", True)
    others = jwt.decode(signed_in(session, clock, "文书").access_token, options={"verify_signature": False})
    assert "pwd_change" not in others


def test_sign_ins_and_failures_are_audited_without_what_was_typed(
    session: Session, clock: FixedClock, city: City
) -> None:
    signed_in(session, clock, "市长")
    attempt = failed(session, clock, "mima-typed-by-mistake")
    refuse_attempt(session, NOBODY, clock, attempt=attempt, outcome="identity.sign_in_refused")
    session.flush()
    entries = session.execute(
        sa.select(AuditEntry.person_id, AuditEntry.outcome, AuditEntry.source, AuditEntry.subject)
        .where(AuditEntry.action == "identity.sign_in")
        .order_by(AuditEntry.id)
    ).all()
    assert [entry[:3] for entry in entries] == [
        (city.persons["mayor"], "success", "192.0.2.7"),
        (None, "identity.sign_in_refused", "192.0.2.7"),
    ]
    assert "mima" not in entries[1].subject
