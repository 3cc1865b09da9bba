"""The figures worked out a second time, from the event logs alone."""
