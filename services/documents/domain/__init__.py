"""What an official document is and which rules it must keep: plain Python, no database, no framework, no clock."""
