"""Who took part: each unit and person of an item once, with an identifier that acts point to
(机构人员实体).
"""

from collections.abc import Iterator

from shared.events.dossier import Person, Unit


class Parties:
    """Collects the agents of one item in the order in which they appear."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str | None, str | None], str] = {}

    def unit(self, unit: Unit) -> str:
        """The identifier of a unit (单位)."""
        return self._identify("单位", unit.name, unit.uscc, None)

    def person(self, person: Person) -> str:
        """The identifier of a person in a post (个人): another post is another entity."""
        post = "".join(part for part in (person.unit, person.post) if part)
        return self._identify("个人", person.name, None, post or None)

    def entities(self) -> Iterator[tuple[str, str, str, str | None, str | None]]:
        """Each entity as identifier, type (单位, 个人), name, 组织机构代码 and 个人职位."""
        for (kind, name, code, post), identifier in self._known.items():
            yield identifier, kind, name, code, post

    def _identify(self, kind: str, name: str, code: str | None, post: str | None) -> str:
        return self._known.setdefault((kind, name, code, post), f"A{len(self._known) + 1}")
