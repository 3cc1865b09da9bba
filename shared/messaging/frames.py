"""AMQP 0-9-1 frames of `basic.publish` and `basic.ack`, many joined into one write (AMQP 0-9-1 §2.3.5, §4.2.6).

The library writes, and looks for an answer, once for every message; that costs more than everything else in the
relay together.
"""

from collections.abc import Sequence
from functools import lru_cache
from struct import pack

_METHOD, _HEADER, _BODY, _END = 1, 2, 3, b"\xce"
_BASIC, _PUBLISH, _ACK = 60, 40, 80
# Bits of the property list: content-type, delivery-mode, message-id.
_PROPERTIES = 1 << 15 | 1 << 12 | 1 << 7
_CONTENT_TYPE = b"application/cloudevents+json"
_PERSISTENT = b"\x02"
_MANDATORY = 1
_OVERHEAD = 8


def publish_frames(
    body: bytes,
    *,
    channel: int,
    exchange: str,
    routing_key: str,
    message_id: str,
    mandatory: bool,
    frame_max: int,
) -> bytes:
    """The frames of one persistent message."""
    named = message_id.encode()
    header = (
        pack(">HHQHB", _BASIC, 0, len(body), _PROPERTIES, len(_CONTENT_TYPE))
        + _CONTENT_TYPE
        + _PERSISTENT
        + bytes((len(named),))
        + named
    )
    start = _publish_method(channel, exchange, routing_key, mandatory) + _frame(_HEADER, channel, header)
    room = frame_max - _OVERHEAD
    if len(body) <= room:
        return start + _frame(_BODY, channel, body)
    parts = (body[at : at + room] for at in range(0, len(body), room))
    return start + b"".join(_frame(_BODY, channel, part) for part in parts)


def ack_frames(tags: Sequence[int], *, channel: int) -> bytes:
    """The frames that acknowledge these deliveries, each alone."""
    return b"".join(_frame(_METHOD, channel, pack(">HHQB", _BASIC, _ACK, tag, 0)) for tag in tags)


@lru_cache(maxsize=1024)
def _publish_method(channel: int, exchange: str, routing_key: str, mandatory: bool) -> bytes:
    to, key = exchange.encode(), routing_key.encode()
    payload = (
        pack(">HHHB", _BASIC, _PUBLISH, 0, len(to))
        + to
        + bytes((len(key),))
        + key
        + bytes((_MANDATORY if mandatory else 0,))
    )
    return _frame(_METHOD, channel, payload)


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return pack(">BHI", kind, channel, len(payload)) + payload + _END
