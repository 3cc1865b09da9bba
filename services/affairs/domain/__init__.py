"""The rules of affairs as plain Python."""
