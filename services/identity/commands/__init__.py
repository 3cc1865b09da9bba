"""Writing: one function per business act; none of them commits."""
