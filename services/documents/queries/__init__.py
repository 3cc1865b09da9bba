"""Everything that is read of documents, and who may read it."""
