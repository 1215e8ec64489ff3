"""The command line over all of Atopy. The only code that reads the clock, the terminal and standard input."""


def main() -> None:
    """The ``atopy`` command."""
    from atopy.cli.app import run

    run()
