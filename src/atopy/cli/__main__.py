"""``python -m atopy.cli``: the same command."""

from atopy.cli import main

main()
