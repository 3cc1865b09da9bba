"""A whole life over HTTP and the timer, on a clock that the test sets; and who sees what."""

import io
from uuid import UUID

import openpyxl

from shared.ids import new_id
from tests.service.supervision.desk import Desk
from tests.service.supervision.offices import MONDAY


def test_a_life_over_http_and_the_timer(desk: Desk) -> None:
    offices = desk.offices
    offices.clock.at = MONDAY
    task = desk.register(title="推进政务数据共享", content="各部门接入共享平台。")
    task_id = task["id"]
    assert [action["verb"] for action in task["actions"]][:2] == ["propose", "revise"]
    desk.do(
        "督查员", task_id, "propose", opinion="拟请数据局牵头", assistants=[{"unit_id": unit(desk, "财政局")}]
    )
    assert {"approve", "reject"} <= set(desk.actions("市领导", task_id))
    number = desk.do("市领导", task_id, "approve", opinion="同意")["number"]
    assert number.endswith("号")
    desk.do("督查员", task_id, "assign")
    assert desk.actions("数据局承办", task_id) == ["sign_for", "ask_return", "attach"]
    assert desk.actions("财政局承办", task_id) == ["assist", "attach"]
    assert desk.do("数据局承办", task_id, "sign-for")["light"] == "green"
    goals = [{"on": "2026-11-06", "progress": 50}]
    desk.do("数据局承办", task_id, "plan", goals=goals)
    files = {"file": ("接入清单.txt", "平台接入清单".encode(), "text/plain")}
    path = f"/tasks/{task_id}/files"
    assert desk.ask("数据局承办", "POST", path, files=files, data={"title": "接入清单"}).status_code == 201
    desk.do("数据局承办", task_id, "feedback", progress=50, report="已接入一半部门")
    offices.at(2026, 11, 17)
    offices.watch()
    late = desk.get("督查员", f"/tasks/{task_id}")
    assert (late["light"], [slip["colour"] for slip in late["slips"]]) == ("red", ["orange"])
    slip = next(item for item in items(desk, "数据局领导", task_id) if item["step_id"] == "slip")
    answer = desk.ask(
        "数据局领导", "POST", f"/tasks/{task_id}/items/{slip['id']}/read", json={"opinion": "已阅"}
    )
    assert answer.status_code in (200, 204)
    desk.do("数据局承办", task_id, "ask-extension", reason="接口改造", days=8)
    extended = desk.do("市领导", task_id, "decide-extension", granted=True, opinion="同意")
    assert (extended["light"], extended["extensions"]) == ("green", 1)
    assert extended["original_due_at"] < extended["due_at"]
    desk.do("财政局承办", task_id, "assist", report="经费已落实")
    desk.do("数据局承办", task_id, "ask-closure", conclusion="全部接入。")
    desk.do("督查员", task_id, "review", passed=True, opinion="属实")
    closed = desk.do("市领导", task_id, "close", agreed=True, instruction={"title": "推广到县区"})
    assert (closed["state"], closed["light"]) == ("closed", "done")
    followed = desk.get("督查员", f"/tasks/{closed['new_task_id']}")
    assert (followed["follows_id"], followed["origin"]["number"]) == (task_id, number)
    assert desk.get("督查员", f"/tasks/{task_id}")["links"][0]["item_id"] == closed["new_task_id"]
    done = desk.do("市领导", task_id, "rate", score=4, opinion="较好")
    assert (done["state"], done["score"], done["actions"]) == ("concluded", 4, [])
    record = desk.ask("督查员", "GET", f"/tasks/{task_id}/record")
    assert record.content.startswith(b"%PDF")
    verbs = [act["verb"] for act in desk.get("督查员", f"/tasks/{task_id}/history?limit=200")["items"]]
    assert verbs[0] == "register"
    assert verbs[-1] == "conclude"
    assert {"issue_slip", "turn_light", "remind_at_point", "grant_extension", "follow_up"} <= set(verbs)


def test_what_is_put_down_by_hand_names_the_item_that_it_comes_from(desk: Desk) -> None:
    desk.offices.clock.at = MONDAY
    document = {"system": "documents", "kind": "incoming", "id": str(new_id()), "title": "关于数据共享的请示"}
    task = desk.register(source="instruction", origin={**document, "number": "萍数〔2026〕9号"})
    shown = {**document, "number": "萍数〔2026〕9号", "link": f"/documents/{document['id']}"}
    assert task["origin"] == shown
    found = desk.get("督查员", "/tasks", params={"origin_id": document["id"]})["items"]
    assert [one["id"] for one in found] == [task["id"]]
    (told,) = desk.offices.events(UUID(task["id"]), "task.registered")
    assert told["origin"] == shown
    path, body = f"/tasks/{task['id']}", {"title": "推进数据共享", "source": "instruction", "days": 10}
    assert desk.ask("督查员", "PUT", path, json=body).json()["origin"] == shown
    strange = {"title": "事项", "origin": {**document, "kind": "meeting"}}
    assert desk.ask("督查员", "POST", "/tasks", json=strange).json()["errors"] == {
        "origin": {"kind": ["来源系统没有这一类事项"]}
    }
    marked = {"title": "事项", "origin": {**document, "title": "机密★1年"}}
    answer = desk.ask("督查员", "POST", "/tasks", json=marked)
    assert answer.json()["code"] == "supervision.secret_content"


def test_a_list_shows_what_fits_and_what_one_may_see(desk: Desk) -> None:
    desk.offices.clock.at = MONDAY
    task_id = desk.register(title="清理久拖不决的涉企证明", urgency="急件")["id"]
    found = desk.get("督查员", "/tasks", params={"q": "涉企证明", "urgency": "急件"})["items"]
    assert [task["id"] for task in found] == [task_id]
    assert desk.get("督查员", "/tasks", params={"q": "涉企证明", "light": "red"})["items"] == []
    for name in ("财政局承办", "数据局承办"):
        assert desk.get(name, "/tasks", params={"q": "涉企证明"})["items"] == []
        assert desk.ask(name, "GET", f"/tasks/{task_id}").status_code == 404
    desk.do("督查员", task_id, "propose")
    desk.do("市领导", task_id, "approve")
    desk.do("督查员", task_id, "assign")
    lead = {"unit_id": unit(desk, "数据局"), "source": "work_report", "state": "assigned", "q": "涉企证明"}
    assert [task["id"] for task in desk.get("数据局文书", "/tasks", params=lead)["items"]] == [task_id]
    assert desk.ask("财政局承办", "GET", f"/tasks/{task_id}").status_code == 404
    book = desk.ask("督查员", "GET", "/tasks/export", params={"q": "涉企证明"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["清理久拖不决的涉企证明"]


def test_two_people_who_revise_one_registration_do_not_overwrite_each_other(desk: Desk) -> None:
    desk.offices.clock.at = MONDAY
    task = desk.register()
    changed = {"title": "年底前电子文件归档率达到85%", "source": "work_report", "days": 10}
    path = f"/tasks/{task['id']}"
    stale = {"If-Match": f'"{task["revision"]}"'}
    assert desk.ask("督查员", "PUT", path, json=changed, headers=stale).json()["title"] == changed["title"]
    again = desk.ask("督查员乙", "PUT", path, json=changed, headers=stale)
    assert (again.status_code, again.json()["code"]) == (412, "supervision.changed_by_another")


def test_bad_input_is_told_by_field_in_chinese(desk: Desk) -> None:
    desk.offices.clock.at = MONDAY
    answer = desk.ask("督查员", "POST", "/tasks", json={"title": " ", "days": 0.3, "due_on": "明天"})
    assert answer.status_code == 422
    assert answer.json()["errors"]["days"] == ["应为大于 0、以半天为单位的工作日数，如 3 或 0.5"]
    both = {"title": "事项", "days": 3, "due_on": "2026-11-20"}
    assert desk.ask("督查员", "POST", "/tasks", json=both).json()["code"] == "supervision.due_twice"
    assert desk.ask("数据局承办", "POST", "/tasks", json={"title": "事项"}).status_code == 403
    assert desk.ask("", "GET", "/tasks").status_code == 401


def test_rules_are_set_from_a_day_on(desk: Desk) -> None:
    desk.offices.clock.at = MONDAY
    names = {rule["name"] for rule in desk.get("督查员", "/local-rules")["items"]}
    assert {"limits", "feedback", "lights", "reminders", "slips", "rating", "number", "sign_for"} <= names


def unit(desk: Desk, name: str) -> str:
    return str(desk.offices.units[name])


def items(desk: Desk, by: str, task_id: str) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = desk.get(by, f"/tasks/{task_id}/items?status=open&limit=100")["items"]
    return listed
