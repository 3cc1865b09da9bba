"""Where tasks come from, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.events.supervision import TaskSource

SOURCE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        TaskSource.MEETING: "会议议定事项",
        TaskSource.DOCUMENT: "公文",
        TaskSource.INSTRUCTION: "领导批示",
        TaskSource.WORK_REPORT: "政府工作报告",
        TaskSource.HOTLINE: "12345热线",
        TaskSource.MEDIA: "媒体反映",
        TaskSource.AFFAIRS: "机关内部办事",
        TaskSource.MANUAL: "自行登记",
    }
)
# What a matter that is put down by hand may come from, by system and kind, and under which address a person opens it.
ORIGIN_ROOMS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("affairs", "case"): "cases",
        ("documents", "dispatch"): "documents",
        ("documents", "incoming"): "documents",
        ("meetings", "meeting"): "meetings",
    }
)
