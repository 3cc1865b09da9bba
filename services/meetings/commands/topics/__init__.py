"""What is done with topics: put forward, advised on, screened, approved, put off and withdrawn."""
