"""One function per read of supervision."""
