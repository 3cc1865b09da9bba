"""A small municipality for tests: who is in it, by login name, and how they act."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.domain.roles import Role, effective_permissions
from services.identity.hashing import PasswordKeeper
from services.identity.importing import Reading, read_rows
from services.identity.issuing import TokenIssuer
from services.identity.keyring import Keyring
from services.identity.models import Person, Post, Unit
from services.identity.queries.facts import role_table
from services.identity.queries.people import list_holdings
from shared.auth import Actor
from shared.ids import new_id
from tests.support.api import AUDIENCE, ISSUER

PASSWORD = "ganjiang yuechu riluo 2026"
PASSWORD_DIGEST = PasswordKeeper().digest(PASSWORD)
SECRET = "a secret of the tests, long enough to seal keys"
TOKENS = TokenIssuer(Keyring(SECRET), ISSUER, AUDIENCE)

UNITS = """\
单位编码,单位名称,简称,类别,层级,上级单位编码,区划代码,统一社会信用代码,机关代字,全宗号,排序
city,萍乡市人民政府,市政府,人民政府,市级,,360300,113603000000000195,萍府发,Z001,1
office,萍乡市人民政府办公室,市政府办,办公厅（室）,市级,city,360300,113603000000000270,萍府办发,Z002,2
finance,萍乡市财政局,市财政局,工作部门,市级,city,360300,11360300000000369B,萍财,Z003,3
budget,萍乡市财政局预算科,市财政局预算科,内设机构,市级,finance,360300,,,,4
county,安源区人民政府,安源区政府,人民政府,县级,city,360302,11360302000000457N,安府发,A001,5
"""
PERSONS = """\
人员编号,姓名,登录名
mayor,赵演示,市长
clerk,钱演示,文书
finance,孙演示,财政局长
budget,李演示,预算科承办
county,周演示,区长
system,吴演示,系统管理员
security,郑演示,安全管理员
audit,王演示,审计管理员
county-system,冯演示,区系统管理员
idle,陈演示,待任
"""
POSTS = """\
岗位编码,所属单位编码,岗位名称,角色,任职人员编号,管理范围,排序
mayor,city,市长,主要负责人,mayor,,1
clerk,office,文书,文书,clerk,,2
archivist,office,档案员,档案员,clerk,,3
finance,finance,局长,主要负责人,finance,,4
budget,budget,承办,承办人,budget,,5
county,county,区长,主要负责人,county,,6
vacant,finance,副局长,分管负责人,,,7
system,office,系统管理员,系统管理员,system,city,8
security,office,安全管理员,安全管理员,security,city,9
audit,office,审计管理员,审计管理员,audit,city,10
county-system,county,系统管理员,系统管理员,county-system,,11
"""


def small_city() -> Reading:
    """The files of the municipality, read."""
    files = {"units.csv": UNITS, "persons.csv": PERSONS, "posts.csv": POSTS}
    reading = Reading()
    for name, content in files.items():
        reading += read_rows(name, content.encode())
    assert reading.findings == []
    return reading


@dataclass(frozen=True)
class City:
    """The ids behind the codes."""

    units: dict[str, UUID]
    persons: dict[str, UUID]
    posts: dict[str, UUID]


def city_in(session: Session) -> City:
    return City(
        *(dict(session.execute(sa.select(model.code, model.id)).all()) for model in (Unit, Person, Post))
    )


def actor_in(session: Session, person_code: str, post_code: str = "") -> Actor:
    """The person at work in a post, the first one held unless another is named."""
    person = session.scalars(sa.select(Person).where(Person.code == person_code)).one()
    held = next(
        holding for holding in list_holdings(session, person.id) if post_code in ("", holding.post.code)
    )
    roles = [Role(name) for name in held.post.roles]
    return Actor(
        correlation_id=new_id(),
        person_id=person.id,
        person_name=person.name,
        post_id=held.post.id,
        post_title=held.post.title,
        unit_id=held.unit.id,
        unit_name=held.unit.name,
        tenure_id=held.tenure.id,
        session_id=new_id(),
        permissions=effective_permissions(roles, role_table(session)),
        source="192.0.2.7",
    )
