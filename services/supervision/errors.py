"""Every way in which supervision refuses something, one function each."""
