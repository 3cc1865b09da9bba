"""Supervised tasks of a city, as many as wanted, with the board's counters as triggers and timer keep them."""

import json
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.identity.domain.roles import Role
from services.supervision.commands.board import fold_board, keep_board
from shared.clock import SystemClock
from shared.db import Database
from shared.files import open_store
from tests.bench.filling.filled import Filled, know_this_year, settle, tasks
from tests.bench.ground import Ground
from tests.service.supervision.overview.office import Office as Supervisors

SERVICE = "supervision"
READER = "市长"
BUREAUS, LEADERS = 60, 8

# Two years of tasks: six of ten are closed, every tenth is late; who has it in hand has an open item.
_TASKS = sa.text(
    """
    INSERT INTO task (id, revision, correlation_id, unit_id, unit_name, state, source, title, content, urgency, number,
        external_ref, cause, origin_system, origin_kind, origin_title, origin_number, origin_link, instruction,
        instructor_name, terms, leader_post_id, leader_name, lead_unit_id, lead_unit_name, holder_name, extensions,
        progress, light, registered_at, registered_by_name, established_at, assigned_at, original_due_at, due_at,
        closure_asked_at, closed_at, conclusion, rating, record_digest)
    SELECT gen_random_uuid(), 1, gen_random_uuid(), :unit, '萍乡市人民政府督查室',
        CASE WHEN light = 'done' THEN 'closed' WHEN light = 'grey' THEN 'established' ELSE 'working' END,
        (ARRAY['meeting', 'document', 'instruction', 'work_report', 'hotline', 'media'])
            [1 + floor(6 * random())::int],
        '关于推进第' || n || '项重点工作的督办', '', '', '萍督〔2026〕' || n || '号',
        '', '', '', '', '', '', '', '', '',
        '{}', (:leaders)[1 + floor(cardinality(:leaders) * random())::int], '分管领导',
        (:leads)[1 + floor(cardinality(:leads) * random())::int], '主办单位', '', 0, 50, light,
        begun, '督查员', begun, CASE WHEN light <> 'grey' THEN begun END, due, due,
        CASE WHEN light = 'done' THEN ended END, CASE WHEN light = 'done' THEN ended END, '', '', ''
    FROM (
        SELECT n, light, begun, begun + random() * interval '30 days' AS ended,
            CASE light WHEN 'red' THEN begun + random() * (now() - begun)
                WHEN 'done' THEN begun + interval '30 days' ELSE now() + random() * interval '60 days' END AS due
        FROM (
            SELECT n, now() - interval '31 days' - random() * interval '700 days' AS begun,
                (ARRAY['done', 'done', 'done', 'done', 'done', 'done', 'red', 'amber', 'green', 'grey'])
                    [1 + floor(10 * random())::int] AS light
            FROM generate_series(1, :last) AS n
        ) AS drawn
    ) AS lived
    """
).bindparams(
    sa.bindparam("unit", type_=sa.Uuid()),
    sa.bindparam("leaders", type_=ARRAY(sa.Uuid())),
    sa.bindparam("leads", type_=ARRAY(sa.Uuid())),
)
_WORK = sa.text(
    """
    INSERT INTO flow_instance (id, subject_id, subject_kind, title, number, document_kind, urgency, link, unit_id,
        correlation_id, status, state, started_at)
    SELECT gen_random_uuid(), id, 'task', title, number, '督查事项', '', '', unit_id, correlation_id, 'running', '{}',
        established_at
    FROM task WHERE light IN ('green', 'amber', 'red')
    AND NOT EXISTS (SELECT FROM flow_instance WHERE subject_id = task.id)
    """
)
_ITEMS = sa.text(
    """
    INSERT INTO work_item (id, instance_id, subject_id, step_id, step_name, task_id, arrival_id, post_id, unit_id, role,
        status, work_kind, title, number, urgency, sender_name, received_at, opinion, outcome, acted_person_name,
        reminders)
    SELECT gen_random_uuid(), flow.id, task.id, 'handle', '承办', gen_random_uuid(), gen_random_uuid(),
        (CAST(:posts AS jsonb) ->> task.lead_unit_id::text)::uuid, task.lead_unit_id, 'lead', 'open', 'supervision',
        task.title, task.number, '', '督查员', task.assigned_at, '', '', '', 0
    FROM flow_instance AS flow JOIN task ON task.id = flow.subject_id
    WHERE NOT EXISTS (SELECT FROM work_item WHERE subject_id = task.id)
    """
)


@cache
def filled_board(ground: Ground, times: int) -> Filled:
    """The city with its tasks, at one of the sizes."""
    office = ground.office(f"board_{times}")
    url = office.database(SERVICE)
    database = Database(SERVICE, url, pool_size=2)
    supervisors = Supervisors(database=database, blobs=open_store((office.home / "blobs").as_uri()))
    supervisors.fill()
    know_this_year(database)
    leads, leaders = _people(supervisors)
    count = tasks(ground, times)
    with database.transaction() as session:
        keep_board(session, today=SystemClock().today())
    with database.transaction() as session:
        session.execute(sa.text("SELECT setseed(0.5)"))
        drawn = {"unit": supervisors.units["督查室"], "leaders": leaders, "leads": list(leads), "last": count}
        session.execute(_TASKS, drawn)
        session.execute(_WORK)
        posts = {str(unit_id): str(post_id) for unit_id, post_id in leads.items()}
        session.execute(_ITEMS, {"posts": json.dumps(posts)})
    _fold(database)
    settle(database)
    database.close()
    return Filled(office=office, url=url, reader=supervisors.people[READER])


def _people(supervisors: Supervisors) -> tuple[dict[UUID, UUID], list[UUID]]:
    """Each lead unit with the post that works for it, and the leaders' posts."""
    leads, leaders = {}, []
    with supervisors.session() as session:
        for number in range(BUREAUS):
            name = f"{number + 1}局"
            supervisors.unit(session, name, f"萍乡市第{name}", parent=supervisors.units["市政府"])
            supervisors.post(session, f"{name}承办", supervisors.units[name], Role.HANDLER)
            leads[supervisors.units[name]] = supervisors.post_id(f"{name}承办")
        for number in range(LEADERS):
            supervisors.post(session, f"副市长{number + 1}", supervisors.units["市政府"], Role.DEPUTY)
            leaders.append(supervisors.post_id(f"副市长{number + 1}"))
    return leads, leaders


def _fold(database: Database) -> None:
    """What the timer does every few seconds, until nothing is left."""
    folded = 1
    while folded:
        with database.transaction() as session:
            folded = fold_board(session)
