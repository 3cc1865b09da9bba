"""Writes of the archives service, one function each; they never commit."""
