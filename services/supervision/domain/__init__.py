"""The rules of supervision as plain Python."""
