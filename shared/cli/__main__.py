"""`python -m shared.cli`: the same as the installed command."""

from shared.cli import main

main()
