"""Import of units, persons and posts: everything is checked first, and a second import changes nothing."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from services.identity.domain.directory import OPERATOR, Authority, Directory
from services.identity.domain.planning import Plan, plan_changes
from services.identity.domain.roles import ADMINISTRATORS, ROLES_BY_LABEL, Role
from services.identity.domain.units import KINDS_BY_LABEL
from services.identity.importing import Checked, Reading, check, error_report, read_rows
from services.identity.importing.findings import Finding

DEMO = Path(__file__).parents[3] / "deploy" / "demo" / "data"
UNITS = (
    "单位编码,单位名称,简称,类别,层级,上级单位编码,区划代码,统一社会信用代码,机关代字,全宗号,排序\n"
    "G,萍乡市人民政府,市政府,人民政府,市级,,360300,113603000000000195,萍府发、萍府函,Z001,1\n"
    "O,萍乡市人民政府办公室,市政府办,办公厅（室）,市级,G,360300,113603000000000270,萍府办发,Z002,2\n"
    "S,秘书科,秘书科,内设机构,市级,O,360300,,,,3\n"
)
PERSONS = "人员编号,姓名,登录名\np1,赵演示,甲\np2,钱演示,乙\np3,孙演示,丙\n"
POSTS = (
    "岗位编码,所属单位编码,岗位名称,角色,任职人员编号,管理范围,排序\n"
    "a,G,市长,主要负责人,p1,,1\n"
    "b,O,文书,文书、档案员,p2,,1\n"
    "c,O,系统管理员,系统管理员,p3,G,2\n"
)


def checked(
    *files: str | bytes, existing: Directory | None = None, authority: Authority = OPERATOR
) -> Checked:
    reading = Reading()
    for number, content in enumerate(files, start=1):
        raw = content.encode() if isinstance(content, str) else content
        reading += read_rows(f"{number}.csv", raw)
    return check(reading, existing or Directory(), authority)


def findings(
    *files: str | bytes, existing: Directory | None = None, authority: Authority = OPERATOR
) -> list[str]:
    return [str(finding) for finding in checked(*files, existing=existing, authority=authority).findings]


def plan_of(*files: str | bytes, existing: Directory | None = None) -> Plan:
    outcome = checked(*files, existing=existing)
    assert outcome.findings == []
    return plan_changes(outcome.wanted, existing or Directory())


def carried_out(plan: Plan, before: Directory) -> Directory:
    """The directory after a plan, as the commands write it."""
    posts = dict(before.posts) | {change.after.code: change.after for change in plan.posts}
    for post_code, person in plan.appointments:
        posts[post_code] = replace(posts[post_code], holder_codes=posts[post_code].holder_codes | {person})
    for post_code, person in plan.dismissals:
        posts[post_code] = replace(posts[post_code], holder_codes=posts[post_code].holder_codes - {person})
    return Directory(
        dict(before.units) | {change.after.code: change.after for change in plan.units},
        dict(before.persons) | {change.after.code: change.after for change in plan.persons},
        posts,
    )


def imported(*files: str) -> Directory:
    return carried_out(plan_of(*files), Directory())


def test_new_units_persons_and_posts_are_planned_parents_first() -> None:
    lines = UNITS.splitlines(keepends=True)
    upside_down = lines[0] + "".join(reversed(lines[1:]))
    plan = plan_of(upside_down, PERSONS, POSTS)
    assert [change.after.code for change in plan.units] == ["G", "O", "S"]
    assert [change.is_new for change in plan.persons] == [True] * 3
    assert plan.appointments == [("a", "p1"), ("b", "p2"), ("c", "p3")]
    assert plan.posts[1].after.roles == {Role.REGISTRY, Role.ARCHIVIST}


def test_importing_twice_changes_nothing() -> None:
    plan = plan_of(UNITS, PERSONS, POSTS, existing=imported(UNITS, PERSONS, POSTS))
    assert plan.is_empty
    assert plan.unchanged == 9


def test_only_what_differs_is_changed_and_a_post_changes_hands() -> None:
    changed = POSTS.replace("文书、档案员,p2", "文书,p2、p3").replace(
        "市长,主要负责人,p1", "市长,主要负责人,"
    )
    plan = plan_of(changed, existing=imported(UNITS, PERSONS, POSTS))
    assert [change.after.code for change in plan.posts] == ["b"]
    assert plan.appointments == [("b", "p3")]
    assert plan.dismissals == [("a", "p1")]


def test_the_demo_municipality_imports_without_an_error_and_twice_changes_nothing() -> None:
    files = [(DEMO / f"{name}.csv").read_text(encoding="utf-8") for name in ("units", "persons", "posts")]
    first = plan_of(*files)
    assert len(first.units) > 140
    assert len(first.posts) > 370
    assert plan_of(*files, existing=carried_out(first, Directory())).is_empty
    tops = {change.after.code for change in first.units if change.after.parent_code is None}
    administrators = [change.after for change in first.posts if change.after.roles & ADMINISTRATORS]
    assert {post.code: tops - set(post.scope_codes) for post in administrators} == {
        post.code: set() for post in administrators
    }
    assert len(administrators) == len(ADMINISTRATORS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_may_come_in_the_usual_encodings(encoding: str) -> None:
    assert findings(UNITS.encode(encoding)) == []


def test_all_errors_are_said_at_once_with_file_row_and_column() -> None:
    units = UNITS.replace("113603000000000270", "113603000000000271").replace(
        "S,秘书科,秘书科,内设机构", "S,秘书科,,科室"
    )
    posts = POSTS.replace("文书、档案员", "打字员").replace("b,O", "b,X").replace(",p1,", ",p9,")
    kinds = "、".join(KINDS_BY_LABEL)
    roles = "、".join(ROLES_BY_LABEL)
    assert findings(units, PERSONS, posts) == [
        "1.csv 第3行“统一社会信用代码”列:统一社会信用代码不正确:应为18位,且校验位相符",
        "1.csv 第4行“简称”列:必填,不能为空",
        f"1.csv 第4行“类别”列:“科室”不在可选值中:{kinds}",
        "3.csv 第2行“任职人员编号”列:人员p9不存在",
        "3.csv 第3行“所属单位编码”列:单位X不存在",
        f"3.csv 第3行“角色”列:“打字员”不在可选值中:{roles}",
    ]


def test_what_can_be_read_of_a_row_is_checked_whatever_else_stands_in_it() -> None:
    row = "O,萍乡市人民政府办公室,市政府办,办公厅（室）,市级,G,360300,113603000000000270,萍府办发,Z002,2"
    wrong = "O,萍乡市人民政府办公室,市政府办,办公处,市级,Q,36030,113603000000000182,发文1,002,二"
    found = findings(UNITS.replace(row, wrong))
    columns = ["上级单位编码", "全宗号", "区划代码", "排序", "机关代字", "类别", "统一社会信用代码"]
    assert [finding.partition("”列:")[0] for finding in found] == [f"1.csv 第3行“{name}" for name in columns]


def test_a_cell_that_cannot_be_read_raises_no_other_complaint() -> None:
    existing = imported(UNITS, PERSONS, POSTS)
    for old, new in [
        ("办公厅（室）", "办公处"), ("市级,G", "省市级,G"), ("G,360300", "G,=360300"), ("市级,O,", "市级,=O,"),
        ("S,秘书科", "S,@秘书科"), ("b,O", "b,=O"), ("文书、档案员", "打字员"), ("系统管理员,p3,G", "管理员,p3,G"),
        ("p2,钱演示,乙", "p2,钱演示,"), ("b,O,文书", "b,O,"), ("市政府,人民政府", "市政府,政府"),
    ]:  # fmt: skip
        files = [table.replace(old, new) for table in (UNITS, PERSONS, POSTS)]
        assert files != [UNITS, PERSONS, POSTS]
        for known in (existing, None):
            assert len(findings(*files, existing=known)) == 1, (old, findings(*files, existing=known))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("市级,G,", "市级,Q,", "上级单位Q不存在"),
        ("市级,O,", "市级,S,", "成环"),
        ("O,萍乡市人民政府办公室", "O,萍乡市人民政府", "与G重复"),
        ("萍府办发,", "萍府发,", "机关代字“萍府发”与"),
        ("Z002", "Z001", "全宗号"),
        ("O,萍乡市人民政府办公室,市政府办", "G,萍乡市人民政府办公室,市政府办", "编码G重复"),
        (",2\n", ",二\n", "0至999999的整数"),
        ("市级,G,360300", "市级,G,360400", "不在上级单位的区划"),
        ("秘书科,秘书科", "=1+1,秘书科", "被当作公式"),
        ("秘书科,秘书科", "@SUM(A1),秘书科", "被当作公式"),
        ("秘书科,秘书科", '"秘\n书科",秘书科', "换行或控制字符"),
        ("秘书科,秘书科", f"{'科' * 501},秘书科", "超过500"),
        (",3\n", ",3,多余\n", "没有对应的表头"),
        ("排序\n", "排序,备注\n", "不认识的列"),
        ("类别,", "", "缺少这一列"),
        ("简称,", "单位名称,", "列重复"),
        ("单位编码,", "代码,", "无法判断是哪张表"),
    ],
)
def test_an_error_in_the_units_is_found(old: str, new: str, said: str) -> None:
    assert any(said in finding for finding in findings(UNITS.replace(old, new)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "表是空的"),
        (b"\x89PNG\r\n\0\0", "不是文本表格"),
        (b"\xff\xfe\xff", "文字编码无法识别"),
        (b"\xd0\xcf\x11\xe0aaaa", "旧版 .xls"),
        (b"PK\x03\x04broken", "已损坏"),
        (b'a,"b\n', "CSV 格式有误"),
        (b"x" * (10 * 1024 * 1024 + 1), "超过10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_error(content: bytes, said: str) -> None:
    found = findings(content)
    assert len(found) == 1
    assert said in found[0]


def test_a_login_name_is_unique_however_it_is_written() -> None:
    assert any(
        "登录名" in finding
        for finding in findings("人员编号,姓名,登录名\np1,赵演示,Admin\np2,钱演示,ａdmin\n")
    )


def test_a_person_cannot_be_made_two_administrators_over_any_number_of_files() -> None:
    existing = imported(UNITS, PERSONS, POSTS)
    posts = "岗位编码,所属单位编码,岗位名称,角色,任职人员编号\nd,O,审计,审计管理员,p3\n"
    found = findings(posts, existing=existing)
    assert len(found) == 1
    assert "1.csv 第2行“角色”列:孙演示(p3)不能同时担任审计管理员、系统管理员" in found[0]


def test_a_post_stays_in_its_unit_and_titles_are_unique_in_a_unit() -> None:
    existing = imported(UNITS, PERSONS, POSTS)
    assert "不能改换单位" in findings("岗位编码,所属单位编码,岗位名称\na,O,市长\n", existing=existing)[0]
    assert "与b重复" in findings("岗位编码,所属单位编码,岗位名称\nx,O,文书\n", existing=existing)[0]


def test_an_administrator_imports_only_within_the_scope_and_no_administrators() -> None:
    existing = imported(UNITS, PERSONS, POSTS)
    limited = Authority(covers=lambda code: code in {"O", "S"})
    new_root = UNITS.replace("G,萍乡市人民政府,", "G,江西省萍乡市人民政府,")
    assert "服务器上" in findings(new_root, existing=existing, authority=limited)[0]
    assert findings(UNITS, PERSONS, POSTS, existing=existing, authority=limited) == []
    other = "岗位编码,所属单位编码,岗位名称,角色\nx,G,副市长,分管负责人\n"
    assert "不在您的管理范围" in findings(other, existing=existing, authority=limited)[0]
    admin = "岗位编码,所属单位编码,岗位名称,角色\nx,O,安全,安全管理员\n"
    assert "只能由安全管理员" in findings(admin, existing=existing, authority=limited)[0]
    mayor = "人员编号,姓名,登录名\np1,赵新名,甲\n"
    assert "管理范围之外任职" in findings(mayor, existing=existing, authority=limited)[0]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def rows_of(text: str) -> list[list[object]]:
    return [
        [int(cell) if cell.isdigit() and len(cell) < 15 else cell for cell in line.split(",")]
        for line in text.splitlines()
    ]


def test_a_workbook_with_a_sheet_per_table_says_the_same_as_three_files() -> None:
    book = workbook(单位=rows_of(UNITS), 人员=rows_of(PERSONS), 岗位=rows_of(POSTS), 空表=[])
    plan = plan_of(book)
    assert plan == plan_of(UNITS, PERSONS, POSTS)


def test_a_formula_in_a_workbook_is_refused_at_its_cell() -> None:
    book = workbook(人员=[["人员编号", "姓名", "登录名"], ["p1", '=HYPERLINK("x")', "甲"]])
    assert findings(book)[0].startswith("1.csv 人员 第2行“姓名”列:内容不能以 =")


def test_a_workbook_that_hides_entities_or_too_much_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!doctype x [<!ENTITY a "b">]><x/>')
    assert "DOCTYPE" in findings(written.getvalue())[0]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (101 * 1024 * 1024))
    assert "过大" in findings(written.getvalue())[0]


def test_the_error_report_is_a_workbook_in_which_nothing_runs() -> None:
    report = error_report([Finding("=cmd.csv", 2, "@x", "+y"), Finding("a.csv", 0, "", "表是空的")])
    sheet = openpyxl.load_workbook(io.BytesIO(report)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    cells = [[cell.value for cell in row] for row in rows]
    assert cells == [["=cmd.csv", 2, "@x", "+y"], ["a.csv", None, None, "表是空的"]]
    assert [cell.data_type for cell in rows[0]] == ["s", "n", "s", "s"]
