"""Where a piece of work came from: how one service's item names the item of another that caused it."""

from uuid import UUID

from shared.events.base import Value, described, value


@value
class Origin(Value):
    """The item of another service that led to this one, as a person would look for it."""

    system: str = described("The service that has it", "meetings")
    kind: str = described("Kind of item within that service", "decision")
    id: UUID = described("The item", "0190f000-0000-7000-8000-000000000151")
    title: str = described("Its title at that time", "关于加快推进电子文件归档的议定事项")
    number: str = described("Its number, empty when it has none", "〔2026〕3号-2")
    link: str = described("Path at which a person opens it", "/meetings/0190f000-0000-7000-8000-000000000150")


EXAMPLE_ORIGIN = {
    "system": "meetings",
    "kind": "decision",
    "id": "0190f000-0000-7000-8000-000000000151",
    "title": "关于加快推进电子文件归档的议定事项",
    "number": "〔2026〕3号-2",
    "link": "/meetings/0190f000-0000-7000-8000-000000000150",
}
