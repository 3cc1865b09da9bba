"""Writes the demo municipality's units, persons and posts: `python deploy/demo/make_data.py`.

The divisions (`data/divisions.csv`) are facts, and so is the issuing code 萍府发; every other issuing code, all
credit codes, fonds numbers and persons are made up for the demo. Credit codes carry a right check digit and a
serial number that is plainly none of the register's.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stdnum.cn import uscc

DATA = Path(__file__).parent / "data"

# Title, roles. The first post of an organ is its head's.
Posts = list[tuple[str, str]]

CITY_DEPARTMENTS = [
    # name, short name, issuing codes, head, an office that does the work
    ("发展和改革委员会", "发改委", "萍发改", "主任", "综合科"),
    ("教育局", "教育局", "萍教", "局长", "基础教育科"),
    ("工业和信息化局", "工信局", "萍工信", "局长", "信息化科"),
    ("民政局", "民政局", "萍民", "局长", "区划地名科"),
    ("司法局", "司法局", "萍司", "局长", "合法性审查科"),
    ("财政局", "财政局", "萍财", "局长", "预算科"),
    ("人力资源和社会保障局", "人社局", "萍人社", "局长", "事业单位人事科"),
    ("自然资源和规划局", "自然资源局", "萍自然资", "局长", "国土空间规划科"),
    ("住房和城乡建设局", "住建局", "萍建", "局长", "城市建设科"),
    ("农业农村局", "农业农村局", "萍农", "局长", "乡村建设科"),
    ("卫生健康委员会", "卫健委", "萍卫", "主任", "基层卫生科"),
    ("应急管理局", "应急局", "萍应急", "局长", "应急指挥科"),
    ("审计局", "审计局", "萍审", "局长", "财政审计科"),
    ("数据局", "数据局", "萍数", "局长", "数据资源科"),
    ("档案馆", "档案馆", "萍档", "馆长", "业务指导科"),
]
COUNTY_DEPARTMENTS = [
    ("发展和改革委员会", "发改委", "发改", "主任"),
    ("教育体育局", "教体局", "教体", "局长"),
    ("财政局", "财政局", "财", "局长"),
    ("人力资源和社会保障局", "人社局", "人社", "局长"),
    ("档案馆", "档案馆", "档", "馆长"),
]
# The character that stands for each county in its issuing codes, and the letter of its archive's fonds.
COUNTIES = {
    "360302": ("安", "A"),
    "360313": ("湘", "B"),
    "360321": ("莲", "C"),
    "360322": ("栗", "D"),
    "360323": ("芦", "E"),
}
OTHER_ORGANS = [
    ("A1", "中共萍乡市委员会", "市委", "党委", "萍发"),
    ("A2", "萍乡市人民代表大会常务委员会", "市人大常委会", "人大常委会", "萍人常"),
    ("A3", "中国人民政治协商会议萍乡市委员会", "市政协", "政协", "萍协"),
]
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
    "鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
)
# Given names that nobody has, so that no demo person can be taken for a real one.
GIVEN = ("演示", "示例", "样例", "示范", "模拟")

SMALL_OFFICE = "文书、办公室主任、承办人、档案员"


@dataclass
class Municipality:
    """The three tables while they grow."""

    units: list[dict[str, object]] = field(default_factory=list)
    persons: list[dict[str, object]] = field(default_factory=list)
    posts: list[dict[str, object]] = field(default_factory=list)
    names: Iterator[str] = field(default_factory=lambda: _invented_names())
    division: str = ""
    level: str = ""

    def unit(
        self,
        code: str,
        name: str,
        short_name: str,
        kind: str,
        *,
        parent: str = "",
        issuing: str = "",
        fonds: str = "",
    ) -> None:
        """Add a unit of the division that is being written."""
        register = {"内设机构": "", "事业单位": "12"}.get(kind, "11")
        self.units.append(
            {
                "单位编码": code,
                "单位名称": name,
                "简称": short_name,
                "类别": kind,
                "层级": self.level,
                "上级单位编码": parent,
                "区划代码": self.division,
                "统一社会信用代码": credit_code(register, self.division, len(self.units) + 1)
                if register
                else "",
                "机关代字": issuing,
                "全宗号": fonds,
                "排序": len(self.units) * 10,
            }
        )

    def staff(self, unit_code: str, posts: Posts, *, scope: str = "") -> None:
        """Add posts to a unit, each with a person of its own whose account is named after it."""
        unit = next(unit for unit in self.units if unit["单位编码"] == unit_code)
        for title, roles in posts:
            place = sum(post["所属单位编码"] == unit_code for post in self.posts) + 1
            code = f"{unit_code}-{place}"
            person: dict[str, object] = {
                "人员编号": f"P{code}",
                "姓名": next(self.names),
                "登录名": f"{unit['单位名称']}.{title}",
            }
            self.persons.append(person)
            self.posts.append(
                {
                    "岗位编码": code,
                    "所属单位编码": unit_code,
                    "岗位名称": title,
                    "角色": roles,
                    "任职人员编号": person["人员编号"],
                    "管理范围": scope,
                    "排序": place * 10,
                }
            )

    def also_holds(self, post_code: str, title: str, roles: str, *, holder: str) -> None:
        """Add a post that a person holds beside their own."""
        unit_code, _, place = post_code.rpartition("-")
        self.posts.append(
            {
                "岗位编码": post_code,
                "所属单位编码": unit_code,
                "岗位名称": title,
                "角色": roles,
                "任职人员编号": holder,
                "管理范围": "",
                "排序": int(place) * 10,
            }
        )


def credit_code(register: str, division: str, serial: int) -> str:
    """A made-up unified social credit code with right check digits (GB 32100, GB 11714)."""
    number = f"{serial:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11) % 11
    stem = f"{register}{division[:6]}{number}{'X' if check == 10 else check}"
    return stem + uscc.calc_check_digit(stem)


def _invented_names() -> Iterator[str]:
    yield from (surname + given for given in GIVEN for surname in SURNAMES)


def _organ_posts(head: str, deputy: str) -> Posts:
    return [
        (head, "主要负责人"),
        (deputy, "分管负责人"),
        ("办公室主任", "办公室主任"),
        ("文书", "文书"),
        ("承办", "承办人"),
        ("档案员", "档案员"),
    ]


def write_city(made: Municipality) -> None:
    """The city's government, its office, its departments, and the other organs' offices."""
    made.division, made.level = "360300", "市级"
    made.unit(
        "360300",
        "萍乡市人民政府",
        "市政府",
        "人民政府",
        issuing="萍府发、萍府字、萍府函、萍府纪要",
        fonds="Z001",
    )
    leaders = [
        ("市长", "主要负责人"),
        ("常务副市长", "分管负责人"),
        ("副市长", "分管负责人"),
        ("秘书长", "办公室主任"),
    ]
    made.staff("360300", [*leaders, ("文书", "文书"), ("承办", "承办人"), ("档案员", "档案员")])
    _write_city_office(made)
    for place, (name, short, issuing, head, section) in enumerate(CITY_DEPARTMENTS, start=2):
        kind = "事业单位" if name.endswith("馆") else "工作部门"
        code, full = f"360300.{place:02d}", f"萍乡市{name}"
        made.unit(code, full, f"市{short}", kind, parent="360300", issuing=issuing, fonds=f"Z{place + 1:03d}")
        made.unit(f"{code}.01", f"{full}办公室", f"市{short}办公室", "内设机构", parent=code)
        made.unit(f"{code}.02", f"{full}{section}", f"市{short}{section}", "内设机构", parent=code)
        made.staff(code, [(head, "主要负责人"), (f"副{head}", "分管负责人")])
        made.staff(f"{code}.01", [("主任", "办公室主任"), ("文书", "文书"), ("档案员", "档案员")])
        made.staff(f"{code}.02", [("承办", "承办人")])
    everything = "、".join(["360300", *(f"360300.{suffix}" for suffix, *_ in OTHER_ORGANS)])
    data_bureau = next(unit["单位编码"] for unit in made.units if unit["单位名称"] == "萍乡市数据局")
    for title in ("系统管理员", "安全管理员", "审计管理员"):
        made.staff(str(data_bureau), [(title, title)], scope=everything)
    for suffix, name, short, kind, issuing in OTHER_ORGANS:
        code = f"360300.{suffix}"
        made.unit(code, name, short, kind, issuing=issuing, fonds=f"Z1{suffix[1]}0")
        made.unit(
            f"{code}.01",
            f"{name}办公室",
            f"{short}办公室",
            "办公厅（室）",
            parent=code,
            issuing=f"{issuing.removesuffix('发')}办",
            fonds=f"Z1{suffix[1]}1",
        )
        made.staff(f"{code}.01", [("主任", "主要负责人、办公室主任"), ("文书", "文书、承办人、档案员")])


def _write_city_office(made: Municipality) -> None:
    code, name = "360300.01", "萍乡市人民政府办公室"
    made.unit(
        code,
        name,
        "市政府办",
        "办公厅（室）",
        parent="360300",
        issuing="萍府办发、萍府办字、萍府办函",
        fonds="Z002",
    )
    for number, section in enumerate(("秘书科", "综合科", "督查科"), start=1):
        made.unit(f"{code}.{number:02d}", f"{name}{section}", f"市政府办{section}", "内设机构", parent=code)
    made.staff(code, [("副主任", "分管负责人"), ("文书", "文书"), ("档案员", "档案员")])
    # The secretary-general heads the office too: one person, two posts.
    made.also_holds(f"{code}-4", "主任", "主要负责人", holder="P360300-4")
    made.staff(f"{code}.01", [("科长", "办公室主任"), ("承办", "承办人")])
    made.staff(f"{code}.02", [("承办", "承办人")])
    made.staff(f"{code}.03", [("科长", "督查员"), ("承办", "承办人、督查员")])


def write_county(made: Municipality, code: str, name: str) -> None:
    """A county's government, its office and some departments."""
    sign, fonds = COUNTIES[code]
    made.division, made.level = code, "县级"
    head = f"{name[-1]}长"
    made.unit(
        code,
        f"{name}人民政府",
        f"{name}政府",
        "人民政府",
        parent="360300",
        issuing=f"{sign}府发、{sign}府字",
        fonds=f"{fonds}001",
    )
    made.staff(code, _organ_posts(head, f"副{head}"))
    office = f"{code}.01"
    made.unit(
        office,
        f"{name}人民政府办公室",
        f"{name}政府办",
        "办公厅（室）",
        parent=code,
        issuing=f"{sign}府办发、{sign}府办字",
        fonds=f"{fonds}002",
    )
    made.staff(office, [*_small_organ("主任"), ("督查", "督查员")])
    for place, (title, short, issuing, chief) in enumerate(COUNTY_DEPARTMENTS, start=2):
        kind = "事业单位" if title.endswith("馆") else "工作部门"
        unit = f"{code}.{place:02d}"
        made.unit(
            unit,
            f"{name}{title}",
            f"{name}{short}",
            kind,
            parent=code,
            issuing=sign + issuing,
            fonds=f"{fonds}{place + 1:03d}",
        )
        made.staff(unit, _small_organ(chief))


def _small_organ(head: str) -> Posts:
    return [
        (head, "主要负责人"),
        (f"副{head}", "分管负责人、办公室主任"),
        ("文书", "文书、档案员"),
        ("承办", "承办人"),
    ]


def write_township(made: Municipality, code: str, name: str, *, county: str, county_name: str) -> None:
    """A township's government, or the office of a subdistrict; two people do everything there."""
    made.division, made.level = code, "乡级"
    stem = name.removesuffix("街道").removesuffix("垦殖场").removesuffix("镇").removesuffix("乡")
    kind, full, short, issuing, head = {
        "道": ("街道办事处", f"{name}办事处", f"{name}办", f"{stem}街办发", "主任"),
        "场": ("管理机构", name, name, f"{stem}垦发", "场长"),
        "镇": ("人民政府", f"{name}人民政府", f"{name}政府", f"{stem}府发", "镇长"),
        "乡": ("人民政府", f"{name}人民政府", f"{name}政府", f"{stem}府发", "乡长"),
    }[name[-1]]
    letter = COUNTIES[county][1]
    number = sum(unit["层级"] == "乡级" and unit["上级单位编码"] == county for unit in made.units) + 1
    made.unit(
        code,
        f"{county_name}{full}",
        short,
        kind,
        parent=county,
        issuing=issuing,
        fonds=f"{letter}1{number:02d}",
    )
    made.staff(code, [(head, "主要负责人"), ("文书", SMALL_OFFICE)])


def make() -> Municipality:
    """The whole municipality, from the list of divisions."""
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as opened:
        divisions = list(csv.DictReader(opened))
    names = {division["code"]: division["name"] for division in divisions}
    made = Municipality()
    write_city(made)
    for division in divisions:
        if division["level"] == "county":
            write_county(made, division["code"], division["name"])
    for division in divisions:
        if division["level"] == "township":
            county = division["parent_code"]
            write_township(made, division["code"], division["name"], county=county, county_name=names[county])
    return made


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """One table, as the import reads it and as a spreadsheet opens it."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    municipality = make()
    for name, rows in vars(municipality).items():
        if isinstance(rows, list):
            write(DATA / f"{name}.csv", rows)
