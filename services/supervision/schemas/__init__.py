"""Shapes of requests and answers of supervision."""
