"""Every way in which meetings refuses something, one function each."""
