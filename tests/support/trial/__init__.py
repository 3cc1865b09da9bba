"""A service of the tests' own, with everything that messaging can do and nothing else."""

from shared.service import Service

SERVICE = Service(name="trial", title="试验", package="tests.support.trial")
