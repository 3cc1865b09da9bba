"""Reading the identity service's tables: one function per question."""
