"""People of the offices at work over HTTP, for every service that has such offices."""

from dataclasses import dataclass
from typing import Any

import requests

from tests.support.api import RunningApi, SignedIn
from tests.support.organs import Organs


@dataclass
class AskingDesk:
    """Asks the running api as people by their short names."""

    api: RunningApi
    offices: Organs

    def person(self, name: str) -> SignedIn:
        return self.offices.signed_in(name)

    def ask(self, by: str, method: str, path: str, **options: Any) -> requests.Response:
        return self.api.ask(method, path, self.person(by) if by else None, **options)

    def get(self, by: str, path: str, **options: Any) -> Any:
        """What is answered, which must be a success."""
        answer = self.ask(by, "GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()
