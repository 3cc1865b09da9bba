"""The rules of meetings as plain Python."""
