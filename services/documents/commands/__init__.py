"""One file per verb: everything that changes a document."""
