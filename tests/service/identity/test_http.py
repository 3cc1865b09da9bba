"""Identity over HTTP: from signing in to signing out, and what the doors say."""

import io
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

import openpyxl
import pytest
import requests
import sqlalchemy as sa
from openapi_spec_validator import validate

from services.identity.domain.roles import Role
from services.identity.models import SignInFailure
from shared.audit import AuditEntry
from shared.web.idempotency import IdempotencyRecord
from tests.service.identity.conftest import settle
from tests.service.identity.people import PASSWORD, POSTS, SECRET, UNITS, City, city_in
from tests.support.api import RunningApi, serving
from tests.support.databases import ServiceDatabases


@pytest.fixture(scope="module")
def api(databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApi]:
    folder = tmp_path_factory.mktemp("identity")
    url = databases.of("identity")
    with serving("identity", url, folder, environment={"YIWANG_SECRET_KEY": SECRET}) as running:
        running.prepare(settle)
        yield running


@pytest.fixture
def city(api: RunningApi) -> City:
    with api.database.session() as session:
        return city_in(session)


@pytest.fixture(autouse=True)
def _no_waiting(api: RunningApi) -> None:
    """Every test begins without failures on anybody's account."""
    with api.database.transaction() as session:
        session.execute(sa.delete(SignInFailure))


def login(api: RunningApi, login_name: str, password: str = PASSWORD, **more: Any) -> requests.Response:
    return api.post("/login", json={"login_name": login_name, "password": password, **more})


def token_of(api: RunningApi, login_name: str) -> str:
    token: str = login(api, login_name).json()["access_token"]
    return token


def test_a_sign_in_lives_from_login_to_logout(api: RunningApi) -> None:
    tokens = login(api, "文书").json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    me = api.get("/me", token=tokens["access_token"]).json()
    assert (me["name"], me["acting"]["title"]) == ("钱演示", "文书")
    other = next(held for held in me["posts"] if held["title"] == "档案员")
    switched = api.post(
        "/switch-post", token=tokens["access_token"], json={"post_id": other["post_id"]}
    ).json()
    assert "archives.correct" in api.get("/me", token=switched["access_token"]).json()["permissions"]
    refreshed = api.post("/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
    assert refreshed["acting"]["title"] == "档案员"
    assert len(api.get("/me/sessions", token=refreshed["access_token"]).json()["items"]) == 1
    assert api.post("/logout", token=refreshed["access_token"]).status_code == 204
    for token in (tokens["access_token"], switched["access_token"], refreshed["access_token"]):
        assert api.get("/me", token=token).json()["code"] == "auth.access_ended"
    refused = api.post("/refresh", json={"refresh_token": refreshed["refresh_token"]})
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.refresh_refused")


def test_a_refresh_token_used_twice_ends_the_sign_in_although_the_answer_is_a_refusal(
    api: RunningApi,
) -> None:
    tokens = login(api, "区长").json()
    newest = tokens
    for _ in range(2):
        newest = api.post("/refresh", json={"refresh_token": newest["refresh_token"]}).json()
    assert api.post("/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert api.post("/refresh", json={"refresh_token": newest["refresh_token"]}).status_code == 401
    assert api.get("/me", token=newest["access_token"]).status_code == 401


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(api: RunningApi) -> None:
    answers = [login(api, name, "wrong").json() for name in ("市长", "没有这个人")]
    for answer in answers:
        del answer["correlation_id"]
    assert answers[0] == answers[1]
    assert (answers[0]["status"], answers[0]["code"]) == (401, "identity.sign_in_refused")


def test_a_wrong_password_and_an_unknown_account_cost_the_same(api: RunningApi) -> None:
    def cost(login_name: str) -> float:
        began = perf_counter()
        assert login(api, login_name, "wrong").status_code == 401
        return perf_counter() - began

    cost("没有这个人")
    rounds = [
        (cost(f"没有这个人{number}"), cost(name))
        for number, name in enumerate(("市长", "区长", "财政局长", "文书", "预算科承办"))
    ]
    unknown, known = (median(costs) for costs in zip(*rounds, strict=True))
    assert 0.5 < unknown / known < 2


def test_failures_are_counted_although_the_answer_is_a_refusal_and_the_wait_is_said(api: RunningApi) -> None:
    statuses = [login(api, "市长", "wrong").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    refused = login(api, "市长")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 2


def test_a_failed_sign_in_is_audited_once_and_a_try_that_has_to_wait_not_at_all(
    api: RunningApi, city: City
) -> None:
    def refusals() -> list[tuple[str, str, str]]:
        found = sa.select(AuditEntry.action, AuditEntry.outcome, AuditEntry.subject)
        with api.database.session() as session:
            rows = session.execute(found.where(AuditEntry.outcome != "success").order_by(AuditEntry.id))
            return [tuple(row) for row in rows]

    before = len(refusals())
    statuses = [login(api, "市长", "wrong").status_code for _ in range(8)]
    assert statuses == [401] * 5 + [429] * 3
    failure = ("identity.sign_in", "identity.sign_in_refused", str(city.persons["mayor"]))
    assert refusals()[before:] == [failure] * 5
    assert login(api, "待任").status_code == 403
    assert refusals()[before + 5 :] == [("identity.sign_in", "identity.no_post", str(city.persons["idle"]))]


def test_a_password_is_changed_by_who_knows_it(api: RunningApi) -> None:
    token = token_of(api, "预算科承办")
    new = "qiujiang-shangyou 1101"
    wrong = api.post("/me/password", token=token, json={"current_password": "wrong", "new_password": new})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "identity.password_wrong")
    weak = api.post(
        "/me/password", token=token, json={"current_password": PASSWORD, "new_password": "123456"}
    )
    assert weak.json()["code"] == "identity.password_unfit"
    changed = api.post("/me/password", token=token, json={"current_password": PASSWORD, "new_password": new})
    assert changed.status_code == 204
    assert login(api, "预算科承办").status_code == 401
    assert login(api, "预算科承办", new).status_code == 200
    back = api.post("/me/password", token=token, json={"current_password": new, "new_password": PASSWORD})
    assert back.status_code == 204


def test_the_key_set_is_public_cacheable_and_checks_the_tokens(api: RunningApi) -> None:
    for path in ("/jwks.json", "/.well-known/jwks.json"):
        answer = api.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["Content-Type"].startswith("application/json")
        keys = answer.json()["keys"]
        assert len(keys) == 2
        assert not any("d" in key for key in keys)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/persons"),
        ("GET", "/sessions"),
        ("GET", "/audit"),
        ("POST", "/import"),
        ("POST", "/keys/rotate"),
    ],
)
def test_each_administrator_has_doors_that_others_do_not(api: RunningApi, method: str, path: str) -> None:
    assert api.ask(method, path).status_code == 401
    assert api.ask(method, path, token=token_of(api, "文书")).status_code == 403


def test_disabling_a_person_ends_access_at_the_next_request(api: RunningApi, city: City) -> None:
    system, token = token_of(api, "系统管理员"), token_of(api, "财政局长")
    path = f"/persons/{city.persons['finance']}"
    disabled = api.post(f"{path}/disable", token=system, json={"reason": "调离"})
    assert disabled.json()["disabled_reason"] == "调离"
    assert api.get("/me", token=token).json()["code"] == "auth.access_ended"
    assert login(api, "财政局长").json()["code"] == "identity.sign_in_refused"
    assert api.post(f"{path}/enable", token=system).status_code == 200


def test_an_import_over_http_says_everything_and_writes_nothing_on_error(api: RunningApi) -> None:
    system = token_of(api, "系统管理员")
    broken = {"file": ("岗位.csv", POSTS.replace("文书,文书", "文书,誊写员").encode("gb18030"))}
    refused = api.post("/import", token=system, files=broken)
    assert refused.status_code == 422
    assert refused.json()["findings"][0]["file"] == "岗位.csv"
    report = api.post("/import/report", token=system, files=broken)
    sheet = openpyxl.load_workbook(io.BytesIO(report.content)).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["岗位.csv", 3, "角色"]
    good = {"units": ("u.csv", UNITS.encode()), "posts": ("p.csv", POSTS.encode())}
    assert api.post("/import", token=system, files=good).json()["unchanged"] == 16
    assert api.post("/import", token=system, data={"dry_run": "true"}).status_code == 415
    assert api.post("/import", token=system, files={"file": ("p.pdf", b"%PDF-1.7\n\0")}).status_code == 422


def test_lists_are_paged_and_searched(api: RunningApi, city: City) -> None:
    token = token_of(api, "文书")
    first = api.get("/units?limit=3", token=token).json()
    rest = api.get(f"/units?limit=3&after={first['next']}", token=token).json()
    assert [unit["code"] for unit in first["items"] + rest["items"]] == [
        "city",
        "office",
        "finance",
        "budget",
        "county",
    ]
    found = api.get("/units", token=token, params={"search": "财政局_"}).json()
    assert found["items"] == []
    below = api.get("/units", token=token, params={"parent_id": str(city.units["finance"])}).json()
    assert [unit["code"] for unit in below["items"]] == ["budget"]
    posts = api.get("/posts", token=token, params={"unit_id": str(city.units["finance"])}).json()["items"]
    assert [[holder["name"] for holder in post["holders"]] for post in posts] == [["孙演示"], []]
    county = token_of(api, "区系统管理员")
    persons = api.get("/persons", token=county).json()["items"]
    assert {person["code"] for person in persons} == {"county", "county-system", "idle"}
    assert api.get(f"/persons/{city.persons['county']}", token=county).json()["posts"][0]["title"] == "区长"
    assert api.get(f"/persons/{city.persons['mayor']}", token=county).status_code == 404


def test_a_delegation_is_granted_listed_and_taken_back(api: RunningApi, city: City) -> None:
    token = token_of(api, "财政局长")
    wanted = {
        "receiver_post_id": str(city.posts["budget"]),
        "kinds": ["documents"],
        "starts_at": "2026-11-01T08:00:00+08:00",
        "ends_at": "2199-01-01T08:00:00+08:00",
    }
    too_long = api.post("/delegations", token=token, json=wanted)
    assert "最长" in too_long.json()["errors"]["ends_at"][0]
    wanted["starts_at"] = "2198-12-01T08:00:00+08:00"
    made = api.post("/delegations", token=token, json=wanted)
    assert made.status_code == 201
    received = api.get("/delegations", token=token_of(api, "预算科承办")).json()["items"]
    assert [item["id"] for item in received] == [made.json()["id"]]
    assert api.post(f"/delegations/{made.json()['id']}/end", token=token).status_code == 200


def test_the_audit_administrator_reads_what_was_done_and_that_it_is_whole(
    api: RunningApi, city: City
) -> None:
    token = token_of(api, "审计管理员")
    query = {"action": "identity.sign_in", "person_id": str(city.persons["audit"]), "outcome": "success"}
    entries = api.get("/audit", token=token, params=query).json()["items"]
    assert entries[0]["source"] == "127.0.0.1"
    assert api.get("/audit/check", token=token).json() == {"whole": True, "broken_at": []}


def test_a_security_administrator_sees_roles_keys_and_sessions(api: RunningApi, city: City) -> None:
    token = token_of(api, "安全管理员")
    assert len(api.get("/roles", token=token).json()["items"]) == len(Role)
    assert [key["state"] for key in api.get("/keys", token=token).json()["items"]].count("next") == 1
    assert api.get("/roles/renewal", token=token).json() == {"items": [], "untold_posts": 0}
    assert api.post("/roles/renewal", token=token, json={}).json()["untold_posts"] == 0
    assert api.post("/roles/renewal", token=token_of(api, "系统管理员"), json={}).status_code == 403
    sessions = api.get("/sessions?limit=200", token=token).json()["items"]
    mayor = login(api, "市长").json()["access_token"]
    mine = api.get("/me", token=mayor).json()["session_id"]
    assert mine not in {session["session_id"] for session in sessions}
    assert api.post(f"/sessions/{mine}/end", token=token).status_code == 204
    assert api.get("/me", token=mayor).status_code == 401
    given = api.post(f"/persons/{city.persons['clerk']}/reset-password", token=token).json()
    first = login(api, "文书", given["password"]).json()
    assert first["must_change_password"]
    given_out = first["access_token"]
    assert api.get("/me", token=given_out).json()["permissions"] == []
    for method, path in (
        ("POST", "/delegations"),
        ("GET", "/delegations"),
        ("GET", "/units"),
        ("GET", "/me/sessions"),
        ("POST", "/switch-post"),
        ("POST", f"/me/sessions/{mine}/end"),
    ):
        refused = api.ask(method, path, token=given_out, json={} if method == "POST" else None)
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.password_must_change"), path
    change = {"current_password": given["password"], "new_password": PASSWORD}
    assert api.post("/me/password", token=given_out, json=change).status_code == 204
    renewed = api.post("/refresh", json={"refresh_token": first["refresh_token"]}).json()["access_token"]
    assert api.get("/delegations", token=renewed).status_code == 200
    assert api.post("/logout", token=given_out).status_code == 204


def test_the_description_is_valid_openapi(api: RunningApi) -> None:
    validate(api.get("/openapi.json").json())


def test_a_repetition_stores_no_secret_and_loses_no_file(api: RunningApi, city: City) -> None:
    key = {"Idempotency-Key": "the same every time"}
    path = f"/persons/{city.persons['county']}/reset-password"
    security = token_of(api, "安全管理员")
    first, second = (api.post(path, token=security, headers=key).json()["password"] for _ in range(2))
    assert first != second
    clerk = token_of(api, "文书")
    switched = api.post("/switch-post", token=clerk, headers=key, json={"post_id": str(city.posts["clerk"])})
    assert switched.status_code == 200
    system, files = token_of(api, "系统管理员"), {"file": ("p.csv", POSTS.encode())}
    reports = [api.post("/import/report", token=system, headers=key, files=files) for _ in range(2)]
    assert [report.status_code for report in reports] == [200, 200]
    with api.database.session() as session:
        kept = session.scalars(
            sa.select(IdempotencyRecord.body).where(IdempotencyRecord.key == key["Idempotency-Key"])
        )
        assert list(kept) == []
