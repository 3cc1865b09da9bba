"""One function per read of affairs."""
