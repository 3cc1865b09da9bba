"""A route, stated once: from this come validation, sign-in, permission, idempotency, transaction, audit and OpenAPI."""

import contextvars
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import getLogger
from typing import Any
from uuid import UUID

import marshmallow as ma
from eventlet.event import Event as Promise
from nameko import config
from nameko.extensions import Entrypoint
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from shared import audit
from shared.auth import Actor
from shared.auth.actor import missing_permission, password_must_change
from shared.auth.tokens import token_missing
from shared.errors import Problem
from shared.permissions import Permission
from shared.runtime_context import Runtime, runtime_of
from shared.web import idempotency
from shared.web.answers import (
    Download,
    EventStream,
    download_response,
    dump_json,
    json_response,
    problem_response,
    stream_response,
)
from shared.web.call import Call, Upload, chain_of, correlation_id_of
from shared.web.caller import bearer_token, source_of
from shared.web.declaration import PUBLIC, Access, Declaration
from shared.web.failures import problem_of
from shared.web.logging import bound_request, log_answer
from shared.web.rates import RateLimiter
from shared.web.reading import check_text, has_arrived, load, load_query, read_form, read_json, read_query
from shared.web.schema import Schema
from shared.web.server import HttpServer

_log = getLogger(__name__)
# A body that took longer came in pieces; meanwhile the access of its sender may have ended.
READ_AT_ONCE_SECONDS = 1.0


class Route(Entrypoint):
    """The nameko entrypoint behind `@route`."""

    server = HttpServer()

    def __init__(self, declared: Declaration, **kwargs: Any) -> None:
        self.declared = declared
        super().__init__(expected_exceptions=(Problem,), **kwargs)

    def setup(self) -> None:
        self.server.register_provider(self)

    def stop(self) -> None:
        self.server.unregister_provider(self)
        super().stop()

    def rules(self) -> list[Rule]:
        """Where the request has to go to come here."""
        return [Rule(self.declared.path, methods=[self.declared.method], endpoint=self)]

    def answer(self, request: Request, arguments: dict[str, Any]) -> Response:
        """The response to one request; never raises."""
        correlation_id = correlation_id_of(request)
        chain_id = chain_of(request, correlation_id)
        named = {"service": self.container.service_name, "route": self.method_name}
        with bound_request(request, correlation_id=correlation_id, chain_id=chain_id, **named):
            try:
                response = self._answer(request, arguments, chain_id)
            except Exception as error:  # noqa: BLE001 (the edge: whatever happens, the caller gets an answer)
                problem = problem_of(error)
                if problem.status >= 500:
                    _log.exception("request failed")
                response = problem_response(problem, correlation_id=correlation_id)
            response.headers["X-Correlation-Id"] = str(correlation_id)
            log_answer(request, response, **named)
            return response

    def _answer(self, request: Request, arguments: dict[str, Any], chain_id: UUID) -> Response:
        runtime = runtime_of(config)
        check_text(arguments)
        source = source_of(request, runtime.settings)
        _rates(runtime).check_source(source)
        database = runtime.database(self.container.service_cls.service.name)
        with database.reading() if self.declared.only_reads else database.session() as session:
            actor = self._actor(session, runtime, request, chain_id, source)
            # Outside of what is audited: whoever asks too often must not fill the log either.
            _rates(runtime).check_actor(actor)
            with self._refusals_audited(session, runtime, actor, arguments):
                self._check_permission(actor)
                if self.declared.takes_body and not has_arrived(request):
                    # While it comes in, however slowly, others can use the connection to the database.
                    session.rollback()
                began = time.monotonic()
                body, files = self._read(request, runtime)
                if time.monotonic() - began > READ_AT_ONCE_SECONDS:
                    self._actor(session, runtime, request, chain_id, source)
                call, digest = self._call(session, runtime, request, actor, body, files)
                response = self._run(call, request, arguments, digest)
            try:
                # What only reads has nothing to keep, and each of its statements was a transaction already.
                if session.in_transaction() and not self.declared.only_reads:
                    session.commit()
            except BaseException:
                # A file or a stream was promised that is not sent now.
                response.close()
                raise
            return response

    def _run(self, call: Call, request: Request, arguments: dict[str, Any], digest: str) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        check_text(key)
        person_id = call.actor.person_id
        repeatable = bool(key) and self.declared.keeps_answer and person_id is not None
        if repeatable and person_id:
            earlier = idempotency.claim(
                call.session, person_id=person_id, key=key, digest=digest, now=call.clock.now()
            )
            if earlier:
                headers = {**earlier.headers, "Idempotency-Replayed": "true"}
                return json_response(earlier.body, status=earlier.status, headers=headers)
        result = self._work(call, arguments)
        if isinstance(result, Download | EventStream):
            self._audit(call, arguments)
            if isinstance(result, EventStream):
                # The server gathers small pieces into larger ones, and events would wait for each other.
                request.environ["eventlet.minimum_write_chunk_size"] = 0
            return (
                download_response(result, if_none_match=request.headers.get("If-None-Match", ""))
                if isinstance(result, Download)
                else stream_response(result, headers={})
            )
        body, headers = dump_json(self.declared.answer_schema, result) if result is not None else ("", {})
        status = self.declared.status if result is not None else 204
        self._audit(call, arguments)
        if repeatable and person_id:
            answered = idempotency.Answered(status, headers, body)
            idempotency.keep_answer(call.session, person_id=person_id, key=key, answered=answered)
        call.session.flush()
        return json_response(body, status=status, headers=headers)

    def _work(self, call: Call, arguments: dict[str, Any]) -> Any:
        promise: Promise = Promise()

        def hand_over(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
            promise.send(result, failure)
            return result, failure

        worker = self.container.spawn_worker(self, (call,), arguments, handle_result=hand_over)
        # The worker is a greenlet of its own that has not begun; what it logs belongs to this request.
        threads = self.container._worker_threads  # noqa: SLF001 (nameko gives no other way to the greenlet)
        threads[worker].gr_context = contextvars.copy_context()
        return promise.wait()

    def _actor(
        self, session: Session, runtime: Runtime, request: Request, chain_id: UUID, source: str
    ) -> Actor:
        if self.declared.permission is PUBLIC:
            # A token that comes along is not looked at: one that has expired must not keep its owner from a new one.
            return Actor(correlation_id=chain_id, source=source)
        if token := bearer_token(request):
            now = runtime.clock.now()
            return runtime.verifier.verify(session, token, now=now, correlation_id=chain_id, source=source)
        raise token_missing()

    def _check_permission(self, actor: Actor) -> None:
        wanted = self.declared.permission
        if actor.must_change_password and not self.declared.before_password_change:
            raise password_must_change()
        if isinstance(wanted, Permission) and not actor.may(wanted):
            raise missing_permission(wanted)

    def _read(self, request: Request, runtime: Runtime) -> tuple[Any, dict[str, Upload]]:
        declared, settings = self.declared, runtime.settings
        if declared.body:
            raw = read_json(request, limit=settings.max_body_bytes, timeout=settings.read_timeout_seconds)
            return load(declared.body, raw), {}
        if declared.form:
            fields, files = read_form(
                request, limit=settings.max_upload_bytes, timeout=settings.read_timeout_seconds * 10
            )
            return load(declared.form, fields), files
        return {}, {}

    def _call(
        self,
        session: Session,
        runtime: Runtime,
        request: Request,
        actor: Actor,
        body: Any,
        files: dict[str, Upload],
    ) -> tuple[Call, str]:
        query = load_query(self.declared.query or Schema, read_query(request))
        call = Call(
            session=session,
            actor=actor,
            clock=runtime.clock,
            settings=runtime.settings,
            blobs=runtime.blobs,
            body=body,
            query=query,
            files=files,
            if_match=request.headers.get("If-Match", ""),
            last_event_id=request.headers.get("Last-Event-ID", ""),
            token=bearer_token(request),
            runtime=runtime,
        )
        if "Idempotency-Key" not in request.headers:
            return call, ""
        digests = {name: _file_digest(upload) for name, upload in files.items()}
        return call, idempotency.request_digest(
            request.method, request.full_path, body, digests, post_id=actor.post_id
        )

    def _audit(self, call: Call, arguments: dict[str, Any]) -> None:
        if not self.declared.is_audited:
            return
        audit.note(
            call.session,
            call.actor,
            at=call.clock.now(),
            action=self.action,
            subject=" ".join(str(value) for value in arguments.values()),
        )

    @property
    def action(self) -> str:
        """What the audit log calls this."""
        return f"{self.container.service_cls.service.name}.{self.method_name}"

    @contextmanager
    def _refusals_audited(
        self, session: Session, runtime: Runtime, actor: Actor, arguments: dict[str, Any]
    ) -> Iterator[None]:
        """A refusal is kept in a transaction of its own, since the request's is rolled back."""
        try:
            yield
        except Problem as problem:
            session.rollback()
            if self.declared.audits_refusals and problem.status in (401, 403, 404, 409, 429):
                with runtime.database(self.container.service_cls.service.name).transaction() as own:
                    audit.note(
                        own,
                        actor,
                        at=runtime.clock.now(),
                        action=self.action,
                        outcome=problem.code,
                        subject=" ".join(str(value) for value in arguments.values()),
                    )
            raise


def route(
    method: str,
    path: str,
    *,
    permission: Permission | Access,
    body: type[ma.Schema] | None = None,
    query: type[ma.Schema] | None = None,
    form: type[ma.Schema] | None = None,
    returns: type[ma.Schema] | None = None,
    page_of: type[ma.Schema] | None = None,
    downloads: str = "",
    status: int = 200,
    summary: str = "",
    audited: bool | None = None,
    refusals_audited: bool = True,
    secret: bool = False,
    before_password_change: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer requests with the decorated method, which takes a `Call` and the path's arguments.

    `form` takes a multipart body with files, `page_of` answers a `Page`, `downloads` names the media type of a
    `Download` or `EventStream`. A method that returns None answers 204. The transaction commits after the method.
    Writes are `audited` unless they say otherwise, and reads when they say so. Refused writes are kept as well; with
    `refusals_audited=False` the method keeps them itself.
    The answer of a `secret` route (a token, a password) is never stored, so it is made anew for a repeated key.
    Whoever has yet to change a password that somebody else gave out gets no further than `before_password_change`.
    """

    def declare(method_function: Callable[..., Any]) -> Callable[..., Any]:
        declared = Declaration(
            method=method,
            path=path,
            permission=permission,
            body=body,
            query=query,
            form=form,
            returns=page_of or returns,
            is_page=page_of is not None,
            downloads=downloads,
            status=status,
            summary=summary or (method_function.__doc__ or "").strip().partition("\n")[0],
            audited=audited,
            refusals_audited=refusals_audited,
            secret=secret,
            before_password_change=before_password_change,
        )
        registered: Callable[..., Any] = Route.decorator(declared)(method_function)
        return registered

    return declare


def _rates(runtime: Runtime) -> RateLimiter:
    return runtime.resource(RateLimiter, RateLimiter)


def _file_digest(upload: Upload) -> str:
    digest = hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    upload.stream.seek(0)
    return digest
