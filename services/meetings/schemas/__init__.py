"""Shapes of requests and answers of meetings."""
