"""Reading a request within its limits: JSON, query, multipart. Whatever cannot be read is refused before any work."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import eventlet
import marshmallow as ma
from eventlet.wsgi import ChunkReadError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Request
from werkzeug.wsgi import LimitedStream

from shared.errors import Problem, invalid, malformed, too_large, unsupported_type
from shared.files import NO_ROOM, store_full
from shared.web.call import Upload
from shared.web.connection import Body
from shared.web.schema import made

MULTIPART = "multipart/form-data"
MOST_FORM_FIELDS = 100
KEPT_IN_MEMORY = 512 * 1024
DEEPEST_JSON = 40
# PostgreSQL stores no NUL, half a surrogate pair is no character, and no XML or workbook can hold the others.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# RFC 3986 §2.1
_NO_PERCENT_ENCODING = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def read_json(request: Request, *, limit: int, timeout: float) -> Any:
    """The JSON body; Problem 400, 413 or 415."""
    if request.mimetype not in ("application/json", "") and not request.mimetype.endswith("+json"):
        raise media_type_wrong("application/json")
    raw = _read_all(request, limit=limit, timeout=timeout)
    if not raw:
        return {}
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(error.start) from error
    try:
        parsed = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise not_json() from error
    check_text(parsed)
    return parsed


def has_arrived(request: Request) -> bool:
    """Whether the whole body is here already, so that reading it waits for nobody."""
    body = request.environ["wsgi.input"]
    return isinstance(body, Body) and body.has_arrived()


def read_form(request: Request, *, limit: int, timeout: float) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The fields and files of a multipart body; large files go to disk while they arrive. Problem 400, 413, 415."""
    if request.mimetype != MULTIPART:
        raise media_type_wrong(MULTIPART)
    _refuse_long(request, limit)
    # A body in chunks does not say beforehand how long it is.
    stream: Any = LimitedStream(request.stream, limit, is_max=True)
    spools = _Spools()
    parser = FormDataParser(
        stream_factory=spools.open,
        max_form_memory_size=1024 * 1024,
        max_content_length=limit,
        max_form_parts=MOST_FORM_FIELDS,
        silent=False,
    )
    try:
        with spools, _deadline(timeout):
            _, form, files = parser.parse(
                stream, request.mimetype, request.content_length, request.mimetype_params
            )
    except RequestEntityTooLarge as error:
        raise body_too_large(limit) from error
    except (OSError, ValueError, ClientDisconnected) as error:
        # On a full disk Python finds no folder for temporary files that it can write to.
        if isinstance(error, OSError) and (error.errno in NO_ROOM or isinstance(error, FileNotFoundError)):
            raise store_full("上传文件") from error
        raise not_multipart() from error
    fields = dict(form.items())
    check_text(fields)
    uploads = {
        name: Upload(name=item.filename or "未命名", media_type=item.mimetype, stream=item.stream)
        for name, item in files.items()
    }
    check_text({name: upload.name for name, upload in uploads.items()})
    return fields, uploads


class _Spools:
    """Where uploaded files are while they arrive: small ones in memory, large ones on disk until they are closed."""

    def __init__(self) -> None:
        self._opened: list[IO[bytes]] = []

    def open(self, *_: Any, **__: Any) -> IO[bytes]:
        # Whoever reads the upload has it for as long as the request lasts.
        spool = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115
        self._opened.append(spool)
        return spool

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Give back what a broken upload took of the disk."""
        for spool in self._opened if error else ():
            # A disk that is full refuses what is left to write a second time.
            with suppress(OSError):
                spool.close()


def read_query(request: Request) -> dict[str, Any]:
    """The query's fields; one that comes several times is a list. Problem 400 for one that is badly encoded."""
    query = request.query_string
    if _NO_PERCENT_ENCODING.search(query):
        raise query_unreadable()
    try:
        unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError as error:
        raise query_unreadable() from error
    fields = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    check_text(fields)
    return fields


def load(schema: type[ma.Schema], data: Any) -> Mapping[str, Any]:
    """The data in that shape; Problem 422 says which field is wrong and why."""
    try:
        loaded: Mapping[str, Any] = made(schema).load(data)
        return loaded
    except ma.ValidationError as error:
        raise fields_invalid(error.normalized_messages()) from error


def load_query(schema: type[ma.Schema], data: dict[str, Any]) -> Mapping[str, Any]:
    """The query in that shape: a field that the shape takes as a list may come once."""
    fields = made(schema).fields
    listed = {
        name: [value]
        if isinstance(fields.get(name), ma.fields.List) and not isinstance(value, list)
        else value
        for name, value in data.items()
    }
    return load(schema, listed)


def _read_all(request: Request, *, limit: int, timeout: float) -> bytes:
    _refuse_long(request, limit)
    try:
        with _deadline(timeout):
            raw = request.stream.read(limit + 1)
    except (OSError, ChunkReadError, ClientDisconnected) as error:
        raise body_broken_off() from error
    if len(raw) > limit:
        raise body_too_large(limit)
    if request.content_length is not None and len(raw) < request.content_length:
        # What came may well be JSON, but it is not what was meant to come.
        raise body_broken_off()
    return bytes(raw)


def _refuse_long(request: Request, limit: int) -> None:
    if request.content_length is not None and request.content_length > limit:
        raise body_too_large(limit)


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    try:
        with eventlet.Timeout(seconds):
            yield
    except eventlet.Timeout as late:
        raise body_too_slow() from late


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def check_text(value: Any, depth: int = 0) -> None:
    """Refuse, where they come in, characters that could not be kept, shown or filed; Problem 400."""
    if depth > DEEPEST_JSON:
        raise not_json()
    if isinstance(value, str):
        if _NO_CHARACTERS.search(value):
            raise characters_invalid()
    elif isinstance(value, dict):
        for name, item in value.items():
            check_text(name, depth + 1)
            check_text(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check_text(item, depth + 1)


def media_type_wrong(wanted: str) -> Problem:
    """The body is of another media type than the route takes (415)."""
    return unsupported_type("web.media_type_wrong", "请求格式不支持", f"本接口只接受 {wanted}。")


def query_unreadable() -> Problem:
    """The query is not percent-encoded UTF-8 (400)."""
    return malformed(
        "web.query_unreadable",
        "网址中的查询条件编码有误",
        "问号之后的内容应以 UTF-8 按百分号编码(RFC 3986), 百分号本身写作 %25, 请改正后重试。",
    )


def not_utf8(position: int) -> Problem:
    """The body is not UTF-8 (400)."""
    return malformed(
        "web.not_utf8",
        "内容不是有效的 UTF-8 编码",
        f"第 {position + 1} 个字节处无法识别, 请以 UTF-8 编码重新提交。",
    )


def not_json() -> Problem:
    """The body is not JSON (400)."""
    return malformed("web.not_json", "内容不是有效的 JSON", "请检查括号、引号和逗号后重新提交。")


def not_multipart() -> Problem:
    """The body is not the form it says it is (400)."""
    return malformed("web.not_multipart", "上传内容不完整", "请重新选择文件后提交。")


def body_broken_off() -> Problem:
    """The connection ended before the body did (400)."""
    return malformed("web.body_broken_off", "请求未传完即中断", "请检查网络后重新提交, 本次没有任何改动。")


def body_too_slow() -> Problem:
    """The body did not arrive in time (408)."""
    return Problem(
        "web.body_too_slow", "请求传输超时", status=408, detail="请检查网络后重新提交, 本次没有任何改动。"
    )


def body_too_large(limit: int) -> Problem:
    """The body is over the limit (413)."""
    shown = f"{limit // (1024 * 1024)} MB" if limit >= 1024 * 1024 else f"{limit // 1024} KB"
    return too_large(
        "web.body_too_large", "提交内容过大", f"一次提交不得超过 {shown}, 请压缩或拆分后重新提交。"
    )


def characters_invalid() -> Problem:
    """The text holds a character that is none (400)."""
    return malformed(
        "web.characters_invalid",
        "内容含有无效字符",
        "请删除不可见的控制字符(如 NUL)或不完整的字符后重新提交。",
    )


def fields_invalid(errors: Mapping[str, Any]) -> Problem:
    """Fields are missing, unknown or wrong (422)."""
    names = "、".join(sorted(str(name) for name in errors if name != "_schema")) or "请求内容"
    return invalid("web.fields_invalid", "填写内容有误", f"请检查: {names}。", errors=errors)
