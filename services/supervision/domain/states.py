"""The life cycle of a supervised task (督查事项): where it may stand, what may be done there, and where that leads.

Order of the steps, as local rules of supervision under 《政府督查工作条例》(国令第733号) have it: 登记拟办 → 立项审批 →
交办 → 签收 or 申请退回 → 承办 → 办结申请 → 审核 → 报领导审阅 → 销号 → 评价.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.supervision import errors


class State(StrEnum):
    """Where a task stands."""

    REGISTERED = "registered"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    ESTABLISHED = "established"
    ASSIGNED = "assigned"
    RETURNING = "returning"
    WORKING = "working"
    REVIEWING = "reviewing"
    SHOWING = "showing"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What may be done to a task, as its history names it; the last are done by the suite itself, slips by both."""

    REGISTER = "register"
    REVISE = "revise"
    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    ASSIGN = "assign"
    SIGN_FOR = "sign_for"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    REFUSE_RETURN = "refuse_return"
    HAND_OVER = "hand_over"
    PLAN = "plan"
    FEED_BACK = "feed_back"
    ASSIST = "assist"
    SPLIT = "split"
    REMIND = "remind"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    ASK_CLOSURE = "ask_closure"
    PASS_REVIEW = "pass_review"  # noqa: S105 (a verb, no secret)
    SEND_BACK = "send_back"
    CLOSE = "close"
    RATE = "rate"
    CANCEL = "cancel"
    READ = "read"
    ATTACH = "attach"
    FOLLOW_UP = "follow_up"
    LINK = "link"
    TURN_LIGHT = "turn_light"
    REMIND_AT_POINT = "remind_at_point"
    ISSUE_SLIP = "issue_slip"
    MISS_FEEDBACK = "miss_feedback"
    CONCLUDE = "conclude"


_S, _V = State, Verb
STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        _S.REGISTERED: "拟办",
        _S.PROPOSED: "待立项审批",
        _S.REJECTED: "不予立项",
        _S.ESTABLISHED: "待交办",
        _S.ASSIGNED: "待签收",
        _S.RETURNING: "申请退回",
        _S.WORKING: "承办",
        _S.REVIEWING: "办结审核",
        _S.SHOWING: "待领导审阅",
        _S.SUSPENDED: "中止",
        _S.CLOSED: "已销号",
        _S.CONCLUDED: "已办毕",
        _S.CANCELLED: "已撤销",
    }
)
VERB_LABELS: Mapping[str, str] = MappingProxyType(
    {
        _V.REGISTER: "登记",
        _V.REVISE: "修改登记内容",
        _V.PROPOSE: "拟办",
        _V.APPROVE: "批准立项",
        _V.REJECT: "不予立项",
        _V.ASSIGN: "交办",
        _V.SIGN_FOR: "签收",
        _V.ASK_RETURN: "申请退回",
        _V.GRANT_RETURN: "同意退回",
        _V.REFUSE_RETURN: "不同意退回",
        _V.HAND_OVER: "转办",
        _V.PLAN: "报送办理计划",
        _V.FEED_BACK: "阶段反馈",
        _V.ASSIST: "协办反馈",
        _V.SPLIT: "分解子任务",
        _V.REMIND: "催办",
        _V.ASK_EXTENSION: "申请延期",
        _V.GRANT_EXTENSION: "同意延期",
        _V.REFUSE_EXTENSION: "不同意延期",
        _V.SUSPEND: "中止",
        _V.RESUME: "恢复办理",
        _V.ASK_CLOSURE: "申请办结",
        _V.PASS_REVIEW: "审核通过",
        _V.SEND_BACK: "退回重办",
        _V.CLOSE: "销号",
        _V.RATE: "评价",
        _V.CANCEL: "撤销",
        _V.READ: "阅知",
        _V.ATTACH: "上传材料",
        _V.FOLLOW_UP: "转立新事项",
        _V.LINK: "关联事项",
        _V.TURN_LIGHT: "亮灯变化",
        _V.REMIND_AT_POINT: "到期提醒",
        _V.ISSUE_SLIP: "发督办单",
        _V.MISS_FEEDBACK: "未按期反馈",
        _V.CONCLUDE: "办毕",
    }
)
SLIP_LABELS: Mapping[str, str] = MappingProxyType(
    {"blue": "蓝色督办单（提醒）", "orange": "橙色督办单（警告）", "red": "红色督办单（通报）"}
)
LIGHT_LABELS: Mapping[str, str] = MappingProxyType(
    {"grey": "灰灯（未签收）", "green": "绿灯", "amber": "黄灯", "red": "红灯", "done": "已销号"}
)

_STAYS = None
_UNDER_WAY = (_S.REGISTERED, _S.PROPOSED, _S.ESTABLISHED, _S.ASSIGNED, _S.RETURNING, _S.WORKING)
_MOVES: Mapping[Verb, Mapping[State, State | None]] = MappingProxyType(
    {
        _V.REVISE: {_S.REGISTERED: _STAYS},
        _V.PROPOSE: {_S.REGISTERED: _S.PROPOSED},
        _V.APPROVE: {_S.PROPOSED: _S.ESTABLISHED},
        _V.REJECT: {_S.PROPOSED: _S.REJECTED},
        _V.ASSIGN: {_S.ESTABLISHED: _S.ASSIGNED},
        _V.SIGN_FOR: {_S.ASSIGNED: _S.WORKING},
        _V.ASK_RETURN: {_S.ASSIGNED: _S.RETURNING},
        _V.GRANT_RETURN: {_S.RETURNING: _S.ESTABLISHED},
        _V.REFUSE_RETURN: {_S.RETURNING: _S.ASSIGNED},
        _V.HAND_OVER: {_S.WORKING: _STAYS},
        _V.PLAN: {_S.WORKING: _STAYS},
        _V.FEED_BACK: {_S.WORKING: _STAYS},
        _V.ASSIST: {_S.WORKING: _STAYS, _S.ASSIGNED: _STAYS},
        _V.SPLIT: {_S.WORKING: _STAYS},
        _V.REMIND: dict.fromkeys((*_UNDER_WAY, _S.REVIEWING, _S.SHOWING, _S.CLOSED), _STAYS),
        _V.ASK_EXTENSION: {_S.WORKING: _STAYS},
        _V.GRANT_EXTENSION: {_S.WORKING: _STAYS},
        _V.REFUSE_EXTENSION: {_S.WORKING: _STAYS},
        _V.SUSPEND: {_S.ASSIGNED: _S.SUSPENDED, _S.WORKING: _S.SUSPENDED},
        # Where it goes on is where it was when it was put to rest.
        _V.RESUME: {_S.SUSPENDED: _STAYS},
        _V.ASK_CLOSURE: {_S.WORKING: _S.REVIEWING},
        _V.PASS_REVIEW: {_S.REVIEWING: _S.SHOWING},
        _V.SEND_BACK: {_S.REVIEWING: _S.WORKING, _S.SHOWING: _S.WORKING},
        _V.CLOSE: {_S.SHOWING: _S.CLOSED},
        _V.RATE: {_S.CLOSED: _S.CONCLUDED},
        _V.CONCLUDE: {_S.CLOSED: _S.CONCLUDED},
        _V.CANCEL: dict.fromkeys(
            (_S.ESTABLISHED, _S.ASSIGNED, _S.RETURNING, _S.WORKING, _S.REVIEWING, _S.SHOWING, _S.SUSPENDED),
            _S.CANCELLED,
        ),
        # By hand only while the ladder could issue one too: with the lead, and not while it asks to give the task back.
        _V.ISSUE_SLIP: {_S.ASSIGNED: _STAYS, _S.WORKING: _STAYS},
        _V.ATTACH: dict.fromkeys((*_UNDER_WAY, _S.REVIEWING, _S.SHOWING, _S.SUSPENDED), _STAYS),
    }
)

# By these a part is to be worked on, which nobody does while its whole rests.
SETS_TO_WORK = frozenset({_V.ASSIGN, _V.RESUME, _V.SEND_BACK})

# In these nothing more is done to a task, or only its rating is still out.
ENDED = frozenset({_S.REJECTED, _S.CONCLUDED, _S.CANCELLED})
STRUCK_OFF = frozenset({_S.CLOSED, _S.CONCLUDED, _S.CANCELLED})
# In these the lead unit has the task in its hands, and time counts against it.
WITH_LEAD = frozenset({_S.ASSIGNED, _S.RETURNING, _S.WORKING})
# In these the lead has reported, so that the time of reporting decides.
REPORTED = frozenset({_S.REVIEWING, _S.SHOWING})


def may(state: str, verb: Verb) -> bool:
    """Whether this may be done to a task that stands there."""
    return State(state) in _MOVES.get(verb, {})


def after(state: str, verb: Verb, *, title: str, last: str = "") -> State:
    """Where a task stands after this; raises `supervision.act_not_possible`, saying by whom it came to where it is."""
    moves = _MOVES[verb]
    if State(state) not in moves:
        raise errors.act_not_possible(title, VERB_LABELS[verb], STATE_LABELS[state], last=last)
    return moves[State(state)] or State(state)
