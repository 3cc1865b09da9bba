"""Routes for signing in, staying signed in, and what a person does with the own account."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.identity import errors
from services.identity.api.issuer import KEEPER, issuer_of
from services.identity.commands import sign_in as signing_in
from services.identity.commands.accounts import change_password
from services.identity.commands.delegations import end_delegation, grant_delegation
from services.identity.commands.sessions import end_session, sign_out
from services.identity.commands.tokens import access_with_key, exchange_refresh_token, switch_post
from services.identity.domain.keys import JWKS_MAX_AGE
from services.identity.queries import views
from services.identity.queries.people import get_person
from services.identity.queries.sign_ins import list_delegations, list_open_sign_ins
from services.identity.schemas import (
    DelegationListSchema,
    DelegationSchema,
    MeSchema,
    NewDelegationSchema,
    PasswordChangeSchema,
    RefreshSchema,
    SessionListSchema,
    SignInSchema,
    SwitchSchema,
    TokensSchema,
)
from shared.errors import Problem
from shared.web import PUBLIC, SIGNED_IN, Call, Download, route


class SignInRoutes:
    """Signing in and the own account."""

    @route(
        "POST",
        "/login",
        permission=PUBLIC,
        body=SignInSchema,
        returns=TokensSchema,
        audited=False,
        refusals_audited=False,
        secret=True,
    )
    def login(self, call: Call) -> dict[str, Any]:
        """用登录名和口令登录"""
        attempt = _admitted(call, call.body["login_name"])
        if not KEEPER.matches(attempt.password_digest, call.body["password"]):
            raise _refused(call, attempt, errors.sign_in_refused())
        attempt = _with_key(call, attempt)
        try:
            with call.runtime.database("identity").statements() as statements:
                tokens = signing_in.sign_in(
                    statements,
                    call.actor,
                    call.clock,
                    attempt=attempt,
                    issuer=issuer_of(call),
                    post_id=call.body["post_id"],
                )
        except Problem as refusal:
            raise _refused(call, attempt, refusal) from None
        return views.view_of_tokens(tokens)

    @route(
        "POST",
        "/refresh",
        permission=PUBLIC,
        body=RefreshSchema,
        returns=TokensSchema,
        audited=False,
        secret=True,
    )
    def refresh(self, call: Call) -> dict[str, Any]:
        """换取新的登录凭证"""
        # In a transaction of its own: that the sign-in was ended is kept although the answer is a refusal.
        with call.runtime.database("identity").transaction() as session:
            exchange = exchange_refresh_token(
                session, call.actor, call.clock, issuer=issuer_of(call), token=call.body["refresh_token"]
            )
        return views.view_of_tokens(exchange.tokens_or_refusal())

    @route("POST", "/logout", permission=SIGNED_IN, before_password_change=True)
    def logout(self, call: Call) -> None:
        """退出登录"""
        sign_out(call.session, call.actor, call.clock)

    @route("POST", "/switch-post", permission=SIGNED_IN, body=SwitchSchema, returns=TokensSchema, secret=True)
    def switch_post(self, call: Call) -> dict[str, Any]:
        """切换到本人的另一岗位"""
        tokens = switch_post(
            call.session, call.actor, call.clock, issuer=issuer_of(call), post_id=call.body["post_id"]
        )
        return views.view_of_tokens(tokens)

    @route("GET", "/me", permission=SIGNED_IN, returns=MeSchema, before_password_change=True)
    def me(self, call: Call) -> dict[str, Any]:
        """当前登录人、岗位和权限"""
        return views.view_of_me(call.session, call.actor)

    @route(
        "POST",
        "/me/password",
        permission=SIGNED_IN,
        body=PasswordChangeSchema,
        secret=True,
        before_password_change=True,
    )
    def change_password(self, call: Call) -> None:
        """修改本人口令"""
        person = get_person(call.session, call.actor.person_id or UUID(int=0))
        attempt = signing_in.admit_attempt(
            call.session, call.clock, login_name=person.login_name, source=call.actor.source
        )
        # Counted for good before the password is looked at, and on this one connection: waiting for a second one
        # while holding the first, as many as there are connections would wait for each other.
        call.session.commit()
        if not KEEPER.matches(attempt.password_digest, call.body["current_password"]):
            raise errors.password_wrong()
        signing_in.forgive_attempt(call.session, attempt)
        new_password = call.body["new_password"]
        change_password(call.session, call.actor, call.clock, new_password=new_password, keeper=KEEPER)

    @route("GET", "/me/sessions", permission=SIGNED_IN, returns=SessionListSchema)
    def list_own_sessions(self, call: Call) -> dict[str, Any]:
        """本人的登录会话"""
        return {"items": list_open_sign_ins(call.session, call.actor.person_id or UUID(int=0))}

    @route("POST", "/me/sessions/<uuid:session_id>/end", permission=SIGNED_IN)
    def end_own_session(self, call: Call, session_id: UUID) -> None:
        """结束本人的一个登录会话"""
        own = list_open_sign_ins(call.session, call.actor.person_id or UUID(int=0))
        ending = views.own_session_id(session_id, own)
        end_session(call.session, call.actor, call.clock, session_id=ending, reason="logout")

    @route("GET", "/delegations", permission=SIGNED_IN, returns=DelegationListSchema)
    def list_delegations(self, call: Call) -> dict[str, Any]:
        """本人给出和收到的委托"""
        person_ids = [call.actor.person_id or UUID(int=0)]
        return {"items": list_delegations(call.session, person_ids, now=call.clock.now())}

    @route(
        "POST",
        "/delegations",
        permission=SIGNED_IN,
        body=NewDelegationSchema,
        returns=DelegationSchema,
        status=201,
    )
    def grant_delegation(self, call: Call) -> Any:
        """外出期间委托他人代办"""
        return grant_delegation(call.session, call.actor, call.clock, **call.body)

    @route("POST", "/delegations/<uuid:delegation_id>/end", permission=SIGNED_IN, returns=DelegationSchema)
    def end_delegation(self, call: Call, delegation_id: UUID) -> Any:
        """提前结束委托"""
        return end_delegation(call.session, call.actor, call.clock, delegation_id=delegation_id)

    @route("GET", "/jwks.json", permission=PUBLIC, downloads="application/json")
    def key_set(self, call: Call) -> Download:
        """登录凭证的公钥 (RFC 7517)"""
        return key_set_download(call)

    @route("GET", "/.well-known/jwks.json", permission=PUBLIC, downloads="application/json")
    def well_known_key_set(self, call: Call) -> Download:
        """登录凭证的公钥 (RFC 7517)"""
        return key_set_download(call)


def key_set_download(call: Call) -> Download:
    """The key set, which may be cached for a while: keys are announced longer than that before they sign."""
    body = json.dumps(views.key_set(call.session)).encode()
    seconds = int(JWKS_MAX_AGE.total_seconds())
    return Download(
        chunks=[body],
        media_type="application/json",
        name="jwks.json",
        size=len(body),
        inline=True,
        headers={"Cache-Control": f"public, max-age={seconds}"},
    )


def _admitted(call: Call, login_name: str) -> signing_in.Attempt:
    """The attempt, counted for good before the password is looked at."""
    with call.runtime.database("identity").statements() as statements:
        return signing_in.admit_attempt(
            statements, call.clock, login_name=login_name, source=call.actor.source
        )


def _with_key(call: Call, attempt: signing_in.Attempt) -> signing_in.Attempt:
    """The same attempt, with a key to sign its token."""
    access = attempt.access
    if access is None or access.key:
        return attempt
    with call.runtime.database("identity").transaction() as session:
        access = access_with_key(
            session, call.actor, call.clock, issuer=issuer_of(call), person_id=access.person.id
        )
    return replace(attempt, access=access)


def _refused(call: Call, attempt: signing_in.Attempt, refusal: Problem) -> Problem:
    with call.runtime.database("identity").transaction() as session:
        signing_in.refuse_attempt(session, call.actor, call.clock, attempt=attempt, outcome=refusal.code)
    return refusal
