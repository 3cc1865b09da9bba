"""Pushing inbox changes to open streams. Plain threads, sockets and locks: under the patched runtime they are green."""

from services.mobile.push.hub import Hub
from services.mobile.push.stream import Access, InboxStream

__all__ = ["Access", "Hub", "InboxStream"]
