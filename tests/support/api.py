"""Asking a service over HTTP as a signed-in person: its api runs, monkey-patched, in a process of its own.

with serving("mobile", fresh_database("mobile"), tmp_path) as api:
    person = a_person()
    assert api.get("/inbox", person).status_code == 200
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from sqlalchemy.orm import Session

from shared.auth import VerificationKey
from shared.auth.tokens import ALGORITHM, TOKEN_TYPE
from shared.db import Database
from shared.ids import new_id
from shared.permissions import Permission
from tests.support.processes import RunningProgram

ISSUER = "urn:yiwang:identity"
AUDIENCE = "urn:yiwang:suite"
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A person at work in one post; `in_post` is the same person at work in another."""

    person_id: UUID = field(default_factory=new_id)
    name: str = "王示例"
    post_id: UUID = field(default_factory=new_id)
    post_title: str = "文书"
    unit_id: UUID = field(default_factory=new_id)
    unit_name: str = "萍乡市人民政府办公室"
    tenure_id: UUID = field(default_factory=new_id)
    session_id: UUID = field(default_factory=new_id)
    permissions: frozenset[Permission] = frozenset()

    def in_post(self, post_id: UUID, *, permissions: Iterable[Permission] | None = None) -> "SignedIn":
        kept = self.permissions if permissions is None else frozenset(permissions)
        return replace(self, post_id=post_id, tenure_id=new_id(), permissions=kept)


def a_person(*permissions: Permission, **facts: Any) -> SignedIn:
    """Somebody new, in a post with these permissions."""
    return SignedIn(permissions=frozenset(permissions), **facts)


class SigningKey:
    """Signs access tokens as identity does (RFC 9068, ES256)."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.kid = str(new_id())

    def announce(self, session: Session) -> None:
        """Let the service know the public key, as the event from identity would."""
        public = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        jwk = {**public, "kid": self.kid, "alg": ALGORITHM, "use": "sig"}
        session.add(VerificationKey(kid=self.kid, jwk=jwk, announced_at=datetime.now(UTC)))

    def token(
        self, person: SignedIn, *, issued_at: datetime | None = None, lifetime: timedelta = LIFETIME
    ) -> str:
        """An access token for that person in that post."""
        begins = issued_at or datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": int(begins.timestamp()),
            "exp": int((begins + lifetime).timestamp()),
            "jti": str(new_id()),
            "client_id": "tests",
            "sub": str(person.person_id),
            "sid": str(person.session_id),
            "tenure": str(person.tenure_id),
            "post": str(person.post_id),
            "unit": str(person.unit_id),
            "name": person.name,
            "post_title": person.post_title,
            "unit_name": person.unit_name,
            "scope": " ".join(sorted(person.permissions)),
        }
        return jwt.encode(
            claims, self._key, algorithm=ALGORITHM, headers={"typ": TOKEN_TYPE, "kid": self.kid}
        )


class RunningApi:
    """A running api. Paths are below the service's prefix; `person` None asks without a token."""

    def __init__(self, base: str, database: Database, key: SigningKey, program: RunningProgram) -> None:
        self.base = base
        self.database = database
        self.key = key
        self.program = program
        self._http = requests.Session()

    def ask(
        self, method: str, path: str, person: SignedIn | None = None, *, token: str = "", **options: Any
    ) -> requests.Response:
        """One request; `options` are those of `requests`."""
        headers = dict(options.pop("headers", None) or {})
        if person or token:
            headers["Authorization"] = f"Bearer {token or self.key.token(person)}"  # type: ignore[arg-type]
        options.setdefault("timeout", 30)
        return self._http.request(method, self.base + path, headers=headers, **options)

    def get(self, path: str, person: SignedIn | None = None, **options: Any) -> requests.Response:
        return self.ask("GET", path, person, **options)

    def post(self, path: str, person: SignedIn | None = None, **options: Any) -> requests.Response:
        return self.ask("POST", path, person, **options)

    def put(self, path: str, person: SignedIn | None = None, **options: Any) -> requests.Response:
        return self.ask("PUT", path, person, **options)

    def delete(self, path: str, person: SignedIn | None = None, **options: Any) -> requests.Response:
        return self.ask("DELETE", path, person, **options)

    def prepare(self, fill: Callable[[Session], None]) -> None:
        """Change the service's database in one transaction."""
        with self.database.transaction() as session:
            fill(session)


@contextmanager
def serving(
    service: str,
    database_url: str,
    folder: Path,
    *,
    api: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[RunningApi]:
    """Run a service's api on its (migrated) database; `api` names another class for it as `module:Class`."""
    database = Database(service, database_url, pool_size=5)
    key = SigningKey()
    with database.transaction() as session:
        key.announce(session)
    settings = {
        "YIWANG_HOME": str(folder),
        "YIWANG_DATABASE_URL": _for_any_service(database_url),
        "YIWANG_BLOB_URL": (folder / "blobs").as_uri(),
        "YIWANG_HTTP_PORT": "0",
        "YIWANG_ISSUER": ISSUER,
        "YIWANG_AUDIENCE": AUDIENCE,
        **(environment or {}),
    }
    command = ["python", "-m", "tests.support.api_process", api or service]
    with RunningProgram(command, folder / f"{service}-api.log", environment=settings) as program:
        port = program.wait_for_line("listening on ").rpartition(" ")[2]
        running = RunningApi(f"http://127.0.0.1:{port}/api/{service}", database, key, program)
        try:
            yield running
        finally:
            running._http.close()
            database.close()


def _for_any_service(url: str) -> str:
    """The settings put a service's name where the address says so; here the address is complete without it."""
    return f"{url}{'&' if '?' in url else '?'}application_name={{service}}"
