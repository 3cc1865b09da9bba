"""A service of the tests' own with a small api: everything that the HTTP edge can do, and nothing else."""

from shared.service import Service

SERVICE = Service(name="notes", title="便笺", package="tests.support.notes")
