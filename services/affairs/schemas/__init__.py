"""Shapes of requests and answers of affairs."""
