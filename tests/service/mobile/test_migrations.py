"""Migrating a read model that is in use: nobody's inbox is built anew for it."""

from datetime import timedelta

import sqlalchemy as sa

from services.mobile.models import InboxItem
from shared import migrations
from shared.db import Database
from shared.ids import new_id
from tests.service.mobile.office import NOW, Office, dated, opened
from tests.support.databases import ServiceDatabases, upgrade_to

_KEPT = sa.text(
    """
    INSERT INTO inbox_item (id, subject_id, correlation_id, opened_sequence, post_id, received_at, deadline,
                            system, subject_kind, document_kind, title, number, urgency, link, step_id, step, role,
                            work_kind, sender_name, terms, state_sequence, state, outcome, acted_person_name,
                            read_sequence, reminded_sequence, reminders, reminder_note, answered_sequence)
        VALUES (:id, :subject_id, :subject_id, :sequence, :post_id, :at, :at,
                '', '', '', '', '', '', '', '', '', '', '', '', '{}', 0, 'open', '', '', 0, 0, 0, '', 0)
    """
)


def test_items_keep_their_deadlines_and_follow_when_these_move(databases: ServiceDatabases) -> None:
    url = databases.empty()
    upgrade_to("mobile", url, "foundation@head")
    upgrade_to("mobile", url, "mobile_0001")
    database = Database("mobile", url, pool_size=1)
    item = opened(new_id(), deadline=NOW)
    keys = {"id": item.work_item_id, "subject_id": item.subject_of_work.id, "post_id": item.post_id}
    with database.engine.begin() as connection:
        connection.execute(_KEPT, {**keys, "sequence": 1, "at": NOW})
        connection.execute(_KEPT, {**keys, "id": new_id(), "sequence": 0, "at": None})
    migrations.upgrade("mobile", url)
    with database.transaction() as session:
        marks = sa.select(InboxItem.opened_sequence, InboxItem.dated_sequence, InboxItem.deadline)
        assert {tuple(row) for row in session.execute(marks)} == {(1, 1, NOW), (0, 0, None)}
    office = Office(database)
    coming, moved = office.envelope(item), office.envelope(dated(item, NOW + timedelta(days=9)))
    office.follow(coming, moved, coming)
    with database.transaction() as session:
        assert session.get_one(InboxItem, item.work_item_id).deadline == NOW + timedelta(days=9)
    database.close()
    databases.drop(url)
