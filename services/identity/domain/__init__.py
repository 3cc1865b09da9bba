"""The rules of who is who and who may do what, as plain Python: no database, no web, no clock reads."""
