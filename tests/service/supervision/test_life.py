"""The whole life of a task, without HTTP."""

from shared.events import dossier
from tests.service.supervision.offices import Offices


def test_a_task_goes_its_whole_way_and_into_the_archives(offices: Offices) -> None:
    task_id = offices.register(title="推进电子文件归档")
    assert offices.open_items(task_id) == {"propose": ["督查员"]}
    offices.do("propose", task_id, "督查员", opinion="拟请数据局牵头")
    assert offices.open_items(task_id) == {"approve": ["市副职", "市领导"]}
    offices.do("approve", task_id, "市领导", opinion="同意")
    assert offices.get(task_id).number == "萍府办督〔2026〕1号"
    assert offices.open_items(task_id) == {"assign": ["督查员"]}
    offices.do("assign", task_id, "督查员")
    assert offices.open_items(task_id) == {"sign_for": ["数据局承办", "数据局文书"]}
    offices.do("sign_for", task_id, "数据局承办")
    assert offices.open_items(task_id) == {"handle": ["数据局承办"]}
    offices.do("feed_back", task_id, "数据局承办", progress=60, report="已完成存量清理")
    offices.do("ask_closure", task_id, "数据局承办", conclusion="归档率达到83%。")
    assert offices.open_items(task_id) == {"review": ["督查员"]}
    offices.do("review", task_id, "督查员", passed=True, opinion="属实")
    assert offices.open_items(task_id) == {"show": ["市领导"]}
    offices.do("close", task_id, "市领导", agreed=True, opinion="好")
    assert offices.open_items(task_id) == {"rate": ["市领导"]}
    offices.do("rate", task_id, "市领导", score=5, opinion="满意")
    task = offices.get(task_id)
    assert (task.state, task.light, task.score) == ("concluded", "done", 5)
    assert offices.open_items(task_id) == {}
    assert offices.keys(task_id) == [
        "registered",
        "proposed",
        "established",
        "assigned",
        "signed_for",
        "light_turned",
        "fed_back",
        "closure_asked",
        "reviewed",
        "closed",
        "light_turned",
        "rated",
        "concluded",
    ]
    (told,) = offices.events(task_id, "task.concluded")
    filed = dossier.from_json(offices.blobs.read(told["dossier"]["digest"]))
    assert (filed.direction, filed.number) == (dossier.Direction.TASK, task.number)
    assert filed.office
    assert filed.office.unit_id == offices.people["督查员"].unit_id
    assert [act.verb for act in filed.acts] == offices.verbs(task_id)
    assert filed.rendered
    assert offices.blobs.read(filed.rendered.digest).startswith(b"%PDF")
