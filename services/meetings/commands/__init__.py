"""One function per write of meetings."""
