"""One function per read of meetings."""
