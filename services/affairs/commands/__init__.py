"""One function per write of affairs."""
