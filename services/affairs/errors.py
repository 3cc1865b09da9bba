"""Every way in which affairs refuses something, one function each."""
