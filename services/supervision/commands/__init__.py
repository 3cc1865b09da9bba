"""One function per write of supervision."""
