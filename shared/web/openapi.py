"""The OpenAPI 3.1 description of a service, derived from its routes, and a page of it for a person."""

import html
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import marshmallow as ma
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.permissions import CHINESE_NAMES, Permission
from shared.service import Service
from shared.web.declaration import PUBLIC, SIGNED_IN, Declaration
from shared.web.route import Route
from shared.web.schema import ProblemSchema

_ARGUMENT = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_KINDS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "string": {"type": "string"},
}
_REFUSALS = {
    "400": "无法读取",
    "401": "未登录或登录已失效",
    "403": "没有权限",
    "404": "不存在或无权查看",
    "409": "当前状态不允许",
    "412": "已被他人修改",
    "413": "内容过大",
    "415": "格式不支持",
    "422": "填写内容有误",
    "429": "操作过于频繁",
}


def routes_of(api: type) -> dict[str, Declaration]:
    """The declared routes of an api class, by method name."""
    found: dict[str, Declaration] = {}
    for name in dir(api):
        for entrypoint in getattr(getattr(api, name, None), "nameko_entrypoints", ()):
            if isinstance(entrypoint, Route):
                found[name] = entrypoint.declared
    return found


def describe(service: Service, api: type) -> dict[str, Any]:
    """The OpenAPI document of a service."""
    spec = APISpec(
        title=f"{service.title} ({service.name})",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin()],
        servers=[{"url": service.prefix}],
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for name, declared in sorted(routes_of(api).items(), key=lambda item: (item[1].path, item[1].method)):
        spec.path(
            path=_ARGUMENT.sub(r"{\g<name>}", declared.path),
            operations={declared.method.lower(): _operation(name, declared)},
        )
    described: dict[str, Any] = spec.to_dict()
    return described


def _operation(name: str, declared: Declaration) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": declared.summary,
        "description": f"需要: {_wanted(declared.permission)}",
        "parameters": list(_parameters(declared)),
        "responses": {**_answer(declared), **{code: _refusal(text) for code, text in _REFUSALS.items()}},
        "security": [] if declared.permission is PUBLIC else [{"bearer": []}],
    }
    if declared.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": declared.body}},
        }
    if declared.form:
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": _with_file(declared.form)}},
        }
    return operation


@cache
def _with_file(form: Any) -> Any:
    """A form's own fields, and the file that goes with them; one schema for all routes that take that form."""
    file = ma.fields.Raw(required=True, metadata={"type": "string", "format": "binary"})
    return type(f"{form.__name__}WithFile", (form,), {"file": file})


def _wanted(permission: Any) -> str:
    if permission is PUBLIC:
        return "无须登录"
    if permission is SIGNED_IN:
        return "登录"
    return f"“{CHINESE_NAMES[Permission(permission)]}”权限 ({permission})"


def _parameters(declared: Declaration) -> Iterable[dict[str, Any]]:
    for found in _ARGUMENT.finditer(declared.path):
        kind = _KINDS.get(found["kind"] or "string", _KINDS["string"])
        yield {"in": "path", "name": found["name"], "required": True, "schema": kind}
    if declared.query:
        yield {"in": "query", "schema": declared.query}
    if declared.is_write and declared.permission is not PUBLIC:
        yield {
            "in": "header",
            "name": "Idempotency-Key",
            "schema": {"type": "string", "maxLength": 200},
            "description": "同一标识重复提交只生效一次",
        }


def _answer(declared: Declaration) -> dict[str, Any]:
    if declared.downloads:
        content = {declared.downloads: {"schema": {"type": "string", "format": "binary"}}}
        return {"200": {"description": "内容", "content": content}}
    schema = declared.answer_schema
    if schema is None:
        return {"204": {"description": "已完成"}}
    return {
        str(declared.status): {"description": "结果", "content": {"application/json": {"schema": schema}}}
    }


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/problem+json": {"schema": ProblemSchema}}}


def page(service: Service, described: dict[str, Any]) -> str:
    """The routes as a page to read; it needs no script and nothing from elsewhere."""
    rows = "".join(
        f"<tr><td><b>{method.upper()}</b></td><td><code>{html.escape(service.prefix + path)}</code></td>"
        f"<td>{html.escape(operation.get('summary', ''))}</td>"
        f"<td>{html.escape(operation.get('description', ''))}</td></tr>"
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    )
    return (
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{html.escape(service.title)}</title>"
        "<style>body{font:16px/1.6 sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.4rem;"
        "text-align:left;vertical-align:top}</style>"
        f"<h1>{html.escape(service.title)}接口</h1>"
        f"<p>机器可读的说明: <a href='{service.prefix}/openapi.json'>openapi.json</a></p>"
        f"<table><tr><th>方法</th><th>地址</th><th>用途</th><th>要求</th></tr>{rows}</table></html>"
    )
