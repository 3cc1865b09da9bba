"""People of the offices at work over HTTP."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
import sqlalchemy as sa

from services.documents.commands.deliver import deliver_document
from services.documents.commands.draft import draft_document
from services.documents.models import Document
from services.documents.schemas.drafts import DraftSchema
from shared.auth import Actor
from shared.directory import DirectoryDelegation
from shared.flow.models import WorkItem
from shared.ids import new_id
from tests.service.documents.offices import BODY, TITLE, Offices
from tests.support.desk import AskingDesk

Json = dict[str, Any]


@dataclass
class Desk(AskingDesk):
    """Asks the running api as people by their short names; `steps` of a document are done by whoever has them."""

    offices: Offices
    blob_folder: Path

    def draft(self, *, by: str = "市拟稿", **changes: Any) -> str:
        """A notice of the city office to both counties; its id."""
        draft = DraftSchema().load(self.a_draft(**changes))
        with self.offices.session() as session:
            actor, clock = self.offices.actor(by), self.offices.clock
            return str(draft_document(session, actor, clock, draft=draft).id)

    def a_draft(self, **changes: Any) -> Json:
        return {
            "kind": "通知",
            "title": TITLE,
            "body": BODY,
            "issuing_code": "萍府办发",
            "recipients": [{"unit_id": self.unit("安源")}, {"unit_id": self.unit("湘东")}],
            **changes,
        }

    def unit(self, name: str) -> str:
        return str(self.offices.units[name])

    def post(self, name: str) -> str:
        return str(self.offices.post_id(name))

    def choose(self, *names: str, lead: str = "") -> Json:
        chosen: Json = {"post_ids": [self.post(name) for name in names]}
        return {**chosen, "lead_post_id": self.post(lead)} if lead else chosen

    def item(self, document_id: str, step: str, holder: str, *, status: str = "open") -> str:
        """The newest item of that post at that step."""
        wanted = sa.select(WorkItem.id).where(
            WorkItem.subject_id == UUID(document_id),
            WorkItem.step_id == step,
            WorkItem.post_id == self.offices.post_id(holder),
            WorkItem.status == status,
        )
        with self.offices.session() as session:
            return str(session.scalars(wanted.order_by(WorkItem.id)).all()[-1])

    def verb(
        self, by: str, document_id: str, item_id: str, verb: str, body: Json | None = None, **options: Any
    ) -> requests.Response:
        path = f"/documents/{document_id}/items/{item_id}/{verb}"
        return self.ask(by, "POST", path, json=body or {}, **options)

    def complete(self, document_id: str, step: str, by: str, **request: Any) -> Json:
        """Do that person's open item of a step, which must succeed."""
        answer = self.verb(by, document_id, self.item(document_id, step, by), "complete", request)
        assert answer.status_code == 200, answer.text
        done: Json = answer.json()
        return done

    # The ways to where a test begins are gone without HTTP, which is quicker; what a test is about goes over it.
    def do(self, document_id: str, step: str, by: str, **request: Any) -> None:
        self.offices.do(UUID(document_id), step, by, **request)

    def submitted(self, **changes: Any) -> str:
        """A document that waits for review."""
        document_id = self.draft(**changes)
        self.do(document_id, "draft", "市拟稿", choices={"review": self.offices.choose("市核稿")})
        return document_id

    def reviewed(self, *signers: str, **changes: Any) -> str:
        """A document that waits for signing."""
        document_id = self.submitted(**changes)
        chosen = {"sign": self.offices.choose(*(signers or ("市签发",)))}
        self.do(document_id, "review", "市核稿", opinion="拟同意", choices=chosen)
        return document_id

    def signed(self, **changes: Any) -> str:
        """A document that waits for the final check."""
        document_id = self.reviewed(**changes)
        self.do(document_id, "sign", "市签发", outcome="agree", opinion="同意")
        return document_id

    def checked(self, **changes: Any) -> str:
        """A document that waits for its number."""
        document_id = self.signed(**changes)
        self.do(document_id, "check", "市文书", outcome="pass")
        return document_id

    def numbered(self, **changes: Any) -> str:
        """A document that waits for printing."""
        document_id = self.checked(**changes)
        self.do(document_id, "register", "市文书")
        return document_id

    def issued(self, **changes: Any) -> str:
        """A document that its receivers have."""
        document_id = self.numbered(**changes)
        self.offices.issue(UUID(document_id))
        return document_id

    def deliver(self, document_id: str) -> None:
        """What the worker does when it hears of the issue."""
        with self.offices.session() as session:
            deliver_document(
                session, Actor.system(new_id()), self.offices.clock, document_id=UUID(document_id)
            )

    def incoming(self, source_id: str, unit: str) -> str:
        return str(self.offices.incoming(UUID(source_id), unit).id)

    def accepted(self, incoming_id: str) -> None:
        """From arrival in 安源 to first check, which passes it on to whoever proposes."""
        self.do(incoming_id, "sign_for", "安源文书", outcome="accept")
        self.do(incoming_id, "register", "安源文书")
        chosen = {"propose": self.offices.choose("安源主任")}
        self.do(incoming_id, "first_check", "安源文书", outcome="accept", choices=chosen)

    @contextmanager
    def standing_in(
        self, deputy: str, absent: str, *, work_kinds: Sequence[str] = ("documents",)
    ) -> Iterator[None]:
        """One person does the work of another for the while."""
        giver, receiver = self.offices.people[absent], self.offices.people[deputy]
        delegation = DirectoryDelegation(
            id=new_id(),
            from_person_id=giver.person_id,
            from_post_id=giver.post_id,
            to_person_id=receiver.person_id,
            to_post_id=receiver.post_id,
            work_kinds=list(work_kinds),
            starts_at=self.now() - timedelta(days=1),
            ends_at=self.now() + timedelta(days=1),
        )
        self.api.prepare(lambda session: session.add(delegation))
        try:
            yield
        finally:
            delegation.ends_at = self.now()
            self.api.prepare(lambda session: session.merge(delegation))

    def history(self, by: str, document_id: str) -> list[Json]:
        acts: list[Json] = self.get(by, f"/documents/{document_id}/history", params={"limit": 200})["items"]
        return acts

    def verbs(self, by: str, document_id: str) -> list[str]:
        return [act["verb"] for act in self.history(by, document_id)]

    def state(self, document_id: str) -> str:
        return self.row(document_id).state

    def row(self, document_id: str) -> Document:
        return self.offices.get(UUID(document_id))

    def now(self) -> datetime:
        return self.offices.clock.now()
