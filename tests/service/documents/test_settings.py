"""What may be chosen, and the rules and flows that an administrator sets."""

from typing import Any

from services.documents.domain.limits import Scope
from services.documents.local_rules import LENGTHS
from shared.ids import new_id
from tests.service.documents.desk import Desk


def test_kinds_are_listed_with_what_they_are_for(desk: Desk) -> None:
    assert desk.ask("", "GET", "/kinds").status_code == 401
    kinds = desk.get("市拟稿", "/kinds")["items"]
    assert len(kinds) == 15
    letter = next(kind for kind in kinds if kind["name"] == "函")
    assert (letter["code"], letter["usual_form"], letter["directions"]) == ("letter", "letter", ["level"])
    assert "不相隶属机关" in letter["applies_to"]


def test_organs_and_posts_are_offered_to_choose_from(desk: Desk) -> None:
    assert desk.ask("", "GET", "/units").status_code == 401
    assert desk.ask("", "GET", "/posts", params={"permission": "documents.sign"}).status_code == 401
    found = desk.get("市拟稿", "/units", params={"q": "湘东"})["items"]
    assert [unit["name"] for unit in found] == ["湘东区人民政府"]
    page = desk.get("市拟稿", "/units", params={"limit": 2})
    following = desk.get("市拟稿", "/units", params={"limit": 200, "after": page["next"]})["items"]
    assert not {unit["id"] for unit in page["items"]} & {unit["id"] for unit in following}
    signers = desk.get("市拟稿", "/posts", params={"permission": "documents.sign"})["items"]
    assert {post["post_id"] for post in signers} == {desk.post("市签发"), desk.post("市副职")}
    others = {"permission": "documents.sign", "unit_id": desk.unit("市财政局")}
    assert [post["holders"] for post in desk.get("市拟稿", "/posts", params=others)["items"]] == [
        ["市财政局领导"]
    ]


def administrator(desk: Desk) -> Any:
    return desk.person("市管理员")


def test_a_yearly_plan_is_set_by_its_administrator_only(desk: Desk) -> None:
    path, body = "/rules/quotas", {"code": "萍府办发", "year": 2031, "documents": 10}
    assert desk.ask("", "PUT", path, json=body).status_code == 401
    assert desk.ask("市文书", "PUT", path, json=body).json()["code"] == "auth.missing_permission"
    wrong = desk.api.put(path, administrator(desk), json={**body, "year": "soon"})
    assert wrong.status_code == 422
    for plan in (12, 10):
        done = desk.api.put(path, administrator(desk), json={**body, "documents": plan, "reason": "只减不增"})
        assert done.status_code == 200
    listed = desk.api.get(path, administrator(desk), params={"year": 2031}).json()["items"]
    row = next(row for row in listed if row["code"] == "萍府办发")
    assert (row["documents"], row["reason"]) == (10, "只减不增")
    later = desk.api.get(path, administrator(desk), params={"year": 2032}).json()["items"]
    assert "萍府办发" not in {row["code"] for row in later}


def test_a_length_limit_is_set_by_its_administrator_only(desk: Desk) -> None:
    path, body = "/local-rules/length.specific/versions", a_limit(3000)
    assert desk.ask("", "GET", "/local-rules").status_code == 401
    assert desk.ask("", "POST", path, json=body).status_code == 401
    assert desk.ask("市文书", "POST", path, json=body).json()["code"] == "auth.missing_permission"
    nowhere = desk.api.post("/local-rules/width/versions", administrator(desk), json=body)
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "rules.unknown")
    wrong = desk.api.post(path, administrator(desk), json=a_limit(1))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "rules.value_invalid")
    assert "不得小于 100" in str(wrong.json()["errors"]) or "应在 100" in str(wrong.json()["errors"])
    done = desk.api.post(path, administrator(desk), json=body)
    assert (done.status_code, done.json()["value"], done.headers["ETag"]) == (
        201,
        {"characters": 3000},
        '"1"',
    )
    late = desk.api.post(path, administrator(desk), json=body, headers={"If-Match": '"0"'})
    assert (late.status_code, late.json()["code"]) == (412, "rules.changed_by_another")
    today = desk.get("市拟稿", "/local-rules")["items"]
    shown = {rule["name"]: (rule["value"], rule["source"]) for rule in today}
    assert shown["length.specific"] == ({"characters": 4000}, "整治形式主义为基层减负若干规定")
    then = desk.get("市拟稿", "/local-rules/length.specific", params={"on": "2031-01-01"})
    assert (then["value"], then["source"], then["revision"]) == ({"characters": 3000}, "某规定", 1)
    assert [row["reason"] for row in desk.get("市拟稿", path)["items"]] == ["某规定"]


def a_limit(characters: int | None, **facts: Any) -> dict[str, Any]:
    value = {"characters": characters} if characters else None
    return {"value": value, "valid_from": "2030-01-01", "reason": "某规定", **facts}


def test_the_use_of_a_plan_is_seen_and_an_exceeded_one_warns(desk: Desk) -> None:
    unknown = {"code": "没有发", "year": 2026, "documents": 1}
    refused = desk.api.put("/rules/quotas", administrator(desk), json=unknown)
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.issuing_code_nowhere")
    year = desk.offices.clock.today().year
    desk.numbered()
    plan = {"code": "萍府办发", "year": year, "documents": 1}
    desk.api.put("/rules/quotas", administrator(desk), json=plan).raise_for_status()
    use = next(row for row in desk.get("市拟稿", "/rules/quotas")["items"] if row["code"] == "萍府办发")
    assert (use["documents"], use["year"], use["issued"] >= 1) == (1, year, True)
    assert desk.get("市拟稿", "/rules/quotas", params={"year": 2001})["items"] == []
    findings = desk.get("市拟稿", f"/documents/{desk.draft()}/findings")["findings"]
    assert next(each for each in findings if each["rule"] == "L2")["level"] == "warn"


def test_a_flow_is_replaced_and_those_on_their_way_stay_on_theirs(desk: Desk) -> None:
    under_way = desk.submitted()
    assert desk.ask("", "GET", "/flows/dispatch").status_code == 401
    shipped = desk.ask("市拟稿", "GET", "/flows/dispatch").content
    changed = shipped.replace('name="印制"'.encode(), 'name="排版印制"'.encode())

    def upload(by: Any, xml: bytes) -> Any:
        return desk.api.post("/flows", by, files={"file": ("发文.bpmn", xml)})

    assert upload(None, changed).status_code == 401
    assert upload(desk.person("市文书"), changed).json()["code"] == "auth.missing_permission"
    foreign = changed.replace(b'process id="dispatch"', b'process id="leave"')
    assert upload(administrator(desk), foreign).json()["code"] == "documents.flow_unknown"
    assert upload(administrator(desk), b"<bpmn").status_code == 400
    assert upload(administrator(desk), b" " * (1024 * 1024 + 1)).status_code == 413
    done = upload(administrator(desk), changed)
    try:
        assert (done.status_code, done.json()["version"]) == (201, 2)
        assert upload(administrator(desk), changed).json()["code"] == "flow.definition_unchanged"
        versions = desk.get("市拟稿", "/flows/dispatch/versions")["items"]
        assert [version["version"] for version in versions] == [2, 1]

        def steps(document_id: str) -> list[str]:
            return [step["name"] for step in desk.get("市拟稿", f"/documents/{document_id}/steps")["items"]]

        assert "排版印制" in steps(desk.draft())
        assert "排版印制" not in steps(under_way)
    finally:
        assert upload(administrator(desk), shipped).status_code == 201


def test_a_flow_keeps_the_steps_that_the_law_demands(desk: Desk) -> None:
    shipped = desk.ask("市拟稿", "GET", "/flows/dispatch").text
    renamed = shipped.replace('"check"', '"look"').replace('"复核"', '"看看"')
    refused = desk.api.post("/flows", administrator(desk), files={"file": ("发文.bpmn", renamed.encode())})
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.flow_lacks_steps")
    assert "check" in refused.json()["detail"]


def test_an_organs_own_length_limit_goes_before_the_general_one_until_it_is_lifted(desk: Desk) -> None:
    path = f"/local-rules/{LENGTHS[Scope.SPECIFIC].name}/versions"
    today = desk.offices.clock.today().isoformat()
    own = {"unit_id": str(desk.offices.units["湘东"]), "valid_from": today}
    unknown = desk.api.post(path, administrator(desk), json=a_limit(100, unit_id=str(new_id())))
    assert unknown.status_code == 422
    desk.api.post(path, administrator(desk), json=a_limit(100, **own)).raise_for_status()
    draft = desk.a_draft(title="湘东区人民政府关于某事的通知", body=["字" * 101], issuing_code=None)
    document_id = desk.ask("湘东承办", "POST", "/documents", json=draft).json()["id"]

    def objections() -> list[str]:
        findings = desk.get("湘东承办", f"/documents/{document_id}/findings")["findings"]
        return [each["message"] for each in findings if each["rule"] == "L1"]

    assert "多出 1 字" in objections()[0]
    desk.api.post(path, administrator(desk), json=a_limit(None, **own)).raise_for_status()
    assert objections() == []
