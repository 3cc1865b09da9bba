"""Reads of the archives service."""
