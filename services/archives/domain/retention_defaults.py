"""The retention schedules that every installation has, after 国家档案局令第8号; localities replace them.

Rows that only a person can recognise (duplicates, drafts that were never adopted, contracts among letters)
are not guessed here: an archivist corrects the decision.
"""

from datetime import date

from services.archives.domain.archival_number import Retention
from services.archives.domain.retention import RetentionRule, RetentionSchedule
from shared.events.dossier import Direction, Handling, Importance, ReceivedAs, Relation

_ORDER_8 = "《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）"
_SCOPE = _ORDER_8 + "不归档的文件材料"
_TABLE = _ORDER_8 + "文书档案保管期限表"
_LOCAL = "本单位保管期限表默认条目（可由档案管理员调整）"

_DISPATCH = frozenset({Direction.DISPATCH})
_INCOMING = frozenset({Direction.INCOMING})
_SUPERIOR = frozenset({Relation.SUPERIOR})
_SUBORDINATE = frozenset({Relation.SUBORDINATE})
_IMPORTANT = frozenset({Importance.IMPORTANT})
_P, _30, _10 = Retention.PERMANENT, Retention.YEARS_30, Retention.YEARS_10

_NOT_FILED = (
    RetentionRule(
        code="N1",
        material="抄送本机关的抄件",
        retention=None,
        source=_SCOPE,
        directions=_INCOMING,
        received_as=frozenset({ReceivedAs.COPY}),
    ),
    RetentionRule(
        code="N2",
        material="普发不需本机关办理的阅知性来文",
        retention=None,
        source=_SCOPE,
        directions=_INCOMING,
        handling=frozenset({Handling.READ}),
        importance=frozenset({Importance.GENERAL}),
    ),
    RetentionRule(
        code="N3",
        material="无查考利用价值的事务性、临时性文件",
        retention=None,
        source=_SCOPE,
        importance=frozenset({Importance.GENERAL}),
        title_keywords=("值班安排", "值班表", "放假安排", "停水", "停电", "电话号码变更", "工作餐"),
    ),
)

_OWN = (
    RetentionRule(
        code="1.1",
        material="本机关制定的法规、政策性文件",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        title_keywords=("条例", "规定", "办法", "细则", "规则", "制度", "实施意见", "若干意见"),
    ),
    RetentionRule(
        code="1.2",
        material="本机关制定的中长期规划、纲要",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        title_keywords=("规划", "纲要", "三年行动", "行动计划", "行动方案"),
    ),
    RetentionRule(
        code="1.3",
        material="党组会、行政办公会、常务会议的决议、纪要、记录",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        kinds=frozenset({"决议", "纪要"}),
    ),
    RetentionRule(
        code="1.4",
        material="命令、决定、公报、公告",
        retention=_P,
        source=_LOCAL,
        directions=_DISPATCH,
        kinds=frozenset({"命令", "令", "决定", "公报", "公告"}),
    ),
    RetentionRule(
        code="1.5",
        material="本机关的年度总结",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        title_keywords=("年度工作总结", "年工作总结", "全年工作总结"),
    ),
    RetentionRule(
        code="1.6",
        material="机构演变、人事任免",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        title_keywords=("任职", "免职", "任免", "机构设置", "职能配置", "机构编制"),
    ),
    RetentionRule(
        code="1.7",
        material="合同、协议、资产凭证",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        title_keywords=("合同", "协议书", "产权证", "资产移交"),
    ),
    # Handling (办理) a motion or a proposal takes what comes in on it as well as what goes out.
    RetentionRule(
        code="1.8",
        material="人大代表议案、政协提案的办理",
        retention=_P,
        source=_TABLE,
        title_keywords=("人大代表建议", "人大代表议案", "政协提案", "委员提案"),
    ),
    RetentionRule(code="1.9", material="议案", retention=_P, source=_TABLE, kinds=frozenset({"议案"})),
)

_BUSINESS = (
    RetentionRule(
        code="2.1",
        material="会议典型材料、交流材料、简报",
        retention=_30,
        source=_TABLE,
        title_keywords=("典型材料", "交流材料", "简报"),
    ),
    RetentionRule(
        code="2.2",
        material="工作会议、专题会议的通知、名单、讲话、总结",
        retention=_P,
        source=_TABLE,
        directions=_DISPATCH,
        title_keywords=("工作会议", "专题会议", "会议讲话", "参会人员名单"),
    ),
    RetentionRule(
        code="2.3",
        material="请示与批复、来函与复函（重要业务）",
        retention=_P,
        source=_TABLE,
        kinds=frozenset({"请示", "批复", "函"}),
        importance=_IMPORTANT,
    ),
    RetentionRule(
        code="2.4",
        material="请示与批复、来函与复函（一般业务）",
        retention=_30,
        source=_TABLE,
        kinds=frozenset({"请示", "批复", "函"}),
    ),
    RetentionRule(
        code="2.5",
        material="备案文件",
        retention=_10,
        source=_TABLE,
        title_keywords=("备案",),
    ),
)

_RECEIVED = (
    RetentionRule(
        code="3.1",
        material="上级机关制发、属于本机关主管业务的重要文件",
        retention=_P,
        source=_TABLE,
        directions=_INCOMING,
        relations=_SUPERIOR,
        importance=_IMPORTANT,
    ),
    RetentionRule(
        code="3.2",
        material="上级机关制发、需要本机关办理的一般文件",
        retention=_30,
        source=_TABLE,
        directions=_INCOMING,
        relations=_SUPERIOR,
        handling=frozenset({Handling.ACT}),
    ),
    RetentionRule(
        code="3.3",
        material="上级机关制发的其他文件",
        retention=_10,
        source=_TABLE,
        directions=_INCOMING,
        relations=_SUPERIOR,
    ),
    RetentionRule(
        code="3.4",
        material="下级机关报送的重大问题报告",
        retention=_30,
        source=_TABLE,
        directions=_INCOMING,
        relations=_SUBORDINATE,
        title_keywords=("重大", "突发", "事故", "灾情", "险情"),
    ),
    RetentionRule(
        code="3.5",
        material="下级机关报送的年度计划、总结等",
        retention=_10,
        source=_TABLE,
        directions=_INCOMING,
        relations=_SUBORDINATE,
    ),
)

_OTHER = (
    RetentionRule(
        code="4.1",
        material="本机关的其他重要文件",
        retention=_P,
        source=_LOCAL,
        importance=_IMPORTANT,
    ),
    RetentionRule(
        code="4.2",
        material="本机关的一般业务文件",
        retention=_30,
        source=_LOCAL,
        directions=_DISPATCH,
    ),
    RetentionRule(code="4.3", material="其他一般事务文件", retention=_10, source=_TABLE),
)

_CASE = frozenset({Direction.CASE})
_MEETING = frozenset({Direction.MEETING})
_TASK = frozenset({Direction.TASK})

# Tried first, and each kind by its own rows alone: a task is no duty roster because its title speaks of one.
_CONCLUDED = (
    RetentionRule(
        code="H1",
        material="党组会、行政办公会、常务会议、全体会议的议题、决议、纪要、记录",
        retention=_P,
        source=_TABLE,
        directions=_MEETING,
        title_keywords=("党组会", "党委会", "常委会", "常务会", "全体会", "全会", "办公会"),
    ),
    RetentionRule(
        code="H2",
        material="党组会、常务会议、全体会议（按会议类别）",
        retention=_P,
        source=_TABLE,
        directions=_MEETING,
        subject_classes=frozenset({"党组会", "常务会", "全体会"}),
    ),
    RetentionRule(
        code="H3",
        material="工作会议、专题会议的通知、名单、讲话、总结、纪要",
        retention=_P,
        source=_TABLE,
        directions=_MEETING,
        title_keywords=("工作会", "专题会", "专题研究"),
    ),
    RetentionRule(
        code="H4",
        material="专题会议（按会议类别）",
        retention=_P,
        source=_TABLE,
        directions=_MEETING,
        subject_classes=frozenset({"专题会"}),
    ),
    RetentionRule(
        code="H5",
        material="其他重要会议",
        retention=_P,
        source=_LOCAL,
        directions=_MEETING,
        importance=_IMPORTANT,
    ),
    RetentionRule(
        code="H6",
        material="协调会、调度会、视频会等其他会议",
        retention=_30,
        source=_LOCAL,
        directions=_MEETING,
    ),
    RetentionRule(
        code="D1",
        material="人大代表议案、政协提案的办理",
        retention=_P,
        source=_TABLE,
        directions=_TASK,
        title_keywords=("人大代表建议", "人大代表议案", "政协提案", "委员提案"),
    ),
    RetentionRule(
        code="D2",
        material="重要督查事项的办理",
        retention=_P,
        source=_LOCAL,
        directions=_TASK,
        importance=_IMPORTANT,
    ),
    RetentionRule(code="D3", material="一般督查事项的办理", retention=_30, source=_LOCAL, directions=_TASK),
    RetentionRule(
        code="B1",
        material="人员任免、机构编制事项的办件",
        retention=_P,
        source=_TABLE,
        directions=_CASE,
        title_keywords=("任职", "免职", "任免", "机构设置", "机构编制"),
    ),
    RetentionRule(
        code="B2",
        material="重要业务的办件",
        retention=_30,
        source=_LOCAL,
        directions=_CASE,
        importance=_IMPORTANT,
    ),
    RetentionRule(code="B3", material="一般业务、备案的办件", retention=_10, source=_LOCAL, directions=_CASE),
)

DEFAULT_SCHEDULE = RetentionSchedule(
    version="默认-2007",
    effective_from=date(2007, 1, 1),
    approval="系统默认表，启用前应报同级档案主管部门审查同意",
    rules=_NOT_FILED + _OWN + _BUSINESS + _RECEIVED + _OTHER,
)
# Meetings, tasks and cases are filed since; for documents nothing changed.
EXTENDED_SCHEDULE = RetentionSchedule(
    version="默认-2026",
    effective_from=date(2026, 1, 1),
    approval=DEFAULT_SCHEDULE.approval,
    rules=_CONCLUDED + DEFAULT_SCHEDULE.rules,
)
SHIPPED_SCHEDULES = (DEFAULT_SCHEDULE, EXTENDED_SCHEDULE)
