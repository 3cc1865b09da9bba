"""Asking the suite over HTTP as one of the demo's people, the way any program of an office would."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

Reply = dict[str, Any]

# A municipality founded a moment ago is not known in every service yet: keys, posts and units arrive as events.
NOT_KNOWN_YET = frozenset({"auth.token_invalid", "directory.post_unknown", "directory.unit_unknown"})
SETTLING_SECONDS = 60


class Refused(Exception):
    """The suite refused a request; the text is its own, in Chinese, with code and correlation id."""

    def __init__(self, reply: requests.Response) -> None:
        try:
            problem = reply.json()
        except ValueError:
            problem = {}
        self.code: str = problem.get("code", "")
        self.problem = problem
        said = f"{problem.get('title', reply.reason)}：{problem.get('detail', '')}"
        fields = "；".join(
            f"{name}: {message}"
            for name, messages in problem.get("errors", {}).items()
            for message in messages
        )
        super().__init__(
            f"{reply.status_code} {said} {fields} [{self.code} {problem.get('correlation_id', '')}]"
        )


@dataclass
class Person:
    """One signed-in person, in one post; a token that has expired is renewed and the request sent again."""

    base: str
    login_name: str
    password: str
    post_title: str = ""
    _tokens: Reply = field(default_factory=dict)
    _http: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> "Person":
        """Sign in, and switch to the named post when the person holds several."""
        self._tokens = self._send(
            "POST", "/api/identity/login", json={"login_name": self.login_name, "password": self.password}
        ).json()
        if self.post_title:
            posts = self.get("/api/identity/me")["posts"]
            wanted = [post for post in posts if f"{post['unit_name']}{post['title']}" == self.post_title]
            switched = self.post("/api/identity/switch-post", {"post_id": wanted[0]["post_id"]})
            # The refresh token stays as it is; only the access token is another.
            self._tokens = {**self._tokens, **switched}
        return self

    def me(self) -> Reply:
        return self.get("/api/identity/me")

    def get(self, path: str, **query: Any) -> Reply:
        found: Reply = self._ask("GET", path, params=query).json()
        return found

    def post(self, path: str, body: Mapping[str, Any] | None = None, **options: Any) -> Reply:
        sent = {} if "files" in options else {"json": body or {}}
        reply = self._ask("POST", path, **sent, **options)
        answered: Reply = reply.json() if reply.content else {}
        return answered

    def content(self, path: str) -> bytes:
        return self._ask("GET", path).content

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        patience = time.monotonic() + SETTLING_SECONDS
        while True:
            try:
                return self._send(method, path, **options)
            except Refused as refused:
                if refused.code == "auth.token_expired":
                    break
                if refused.code not in NOT_KNOWN_YET or time.monotonic() > patience:
                    raise
            time.sleep(0.3)
        renewed = {"refresh_token": self._tokens["refresh_token"]}
        self._tokens = self._send("POST", "/api/identity/refresh", json=renewed).json()
        return self._send(method, path, **options)

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {}
        if token := self._tokens.get("access_token"):
            headers["Authorization"] = f"Bearer {token}"
        reply = self._http.request(method, self.base + path, headers=headers, timeout=60, **options)
        if reply.status_code >= 400:
            raise Refused(reply)
        return reply


@dataclass
class People:
    """Everybody in the demo, by login name; passwords come from the file that the import wrote."""

    base: str
    passwords: Mapping[str, str]
    _known: dict[tuple[str, str], Person] = field(default_factory=dict)

    def __call__(self, login_name: str, post_title: str = "") -> Person:
        key = (login_name, post_title)
        if key not in self._known:
            person = Person(self.base, login_name, self.passwords[login_name], post_title)
            self._known[key] = person.sign_in()
        return self._known[key]

    def known(self) -> list[Person]:
        """Everybody who has signed in so far."""
        return list(self._known.values())


def read_passwords(path: Path) -> dict[str, str]:
    """Login names and passwords from the file that the import wrote: two columns, separated by a tab."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if "\t" in line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows}


def wait_for(check: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """What `check` gives once it gives something; TimeoutError says what did not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"{what}：{seconds:.0f} 秒内没有完成")
