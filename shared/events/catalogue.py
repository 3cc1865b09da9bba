"""The catalogue of events: what is told, by whom, to whom, with which fields; written from the declarations."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.events.base import Event, dump_fields, example_of, json_schema_of
from shared.events.suite import suite_events

_HEAD = """\
# 事件目录

本页由 `yiwang events docs` 根据事件声明生成, 请勿手工修改。

每个事件以 CloudEvents 1.0 结构化 JSON 发送到交换机 `<服务>.events`, 路由键即事件名。
信封中的扩展属性:
`actorid` (经办人)、`correlationid` (贯穿一件事全过程)、`causationid` (引起它的事件)、
`sequence` (同一对象的事件序号, 从 1 连续)。
"""


def catalogue(listeners: Mapping[str, Sequence[str]]) -> str:
    """The page, as Markdown; `listeners` are the handlers of each event by key."""
    producers = sorted({producer for event in suite_events() for producer in event.producers})
    parts = [_HEAD]
    for producer in producers:
        parts.append(f"## {producer}\n")
        parts += [
            _entry(event, listeners.get(event.key, ()))
            for event in suite_events()
            if event.producers[0] == producer
        ]
    return "\n".join(parts)


def _entry(event: type[Event], listeners: Sequence[str]) -> str:
    schema = json_schema_of(event)
    needed = {name: "" if name in schema["required"] else "可缺省" for name in schema["properties"]}
    rows = [
        f"| `{name}` | {_kind(field)} | {needed[name]} | {_cell(field['description'])} |"
        for name, field in schema["properties"].items()
    ]
    example = json.dumps(dump_fields(example_of(event)), ensure_ascii=False, indent=2)
    return "\n".join(
        [
            f"### `{event.key}` · {event.__name__}",
            "",
            (event.__doc__ or "").strip(),
            "",
            f"对象: `{event.aggregate}` · 发送: {_names(event.producers)} · 接收: {_names(listeners) or '暂无'}",
            "",
            "| 字段 | 类型 | | 含义 |",
            "|---|---|---|---|",
            *rows,
            "",
            "```json",
            example,
            "```",
            "",
        ]
    )


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return f"{_kind(schema['anyOf'][0])} 或 null"
    if "enum" in schema:
        return " / ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "array":
        return f"{_kind(schema['items'])} 的列表"
    return str(schema.get("format") or schema["type"])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
