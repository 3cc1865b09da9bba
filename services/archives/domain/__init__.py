"""The rules of filing as plain Python: numbers, retention, years, metadata and the four checks."""
