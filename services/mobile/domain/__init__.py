"""The rules of mobile as plain Python: what each event changes in an inbox, and how it reads in a trace."""
