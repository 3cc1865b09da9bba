"""How a process and its press talk: two lengths, a JSON object, then bytes as they are."""

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple

_LENGTHS = struct.Struct(">II")


class Message(NamedTuple):
    """What is said about the content, and the content."""

    head: Mapping[str, Any]
    content: bytes = b""


def send(stream: BinaryIO, message: Message) -> None:
    """Write the whole message; BrokenPipeError when nobody reads any more."""
    head = json.dumps(message.head).encode()
    stream.write(_LENGTHS.pack(len(head), len(message.content)))
    stream.write(head)
    stream.write(message.content)
    stream.flush()


def receive(stream: BinaryIO) -> Message:
    """The next message; EOFError when the other side has gone, also when it went in the middle."""
    of_head, of_content = _LENGTHS.unpack(_read(stream, _LENGTHS.size))
    return Message(json.loads(_read(stream, of_head)), _read(stream, of_content))


def _read(stream: BinaryIO, length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found
