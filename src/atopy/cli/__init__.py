"""The command line over all of Atopy. The only code that reads the clock, the terminal and standard input."""


def main() -> None:
    """The ``atopy`` command."""
    import gc

    gc.disable()  # one command, one answer: collecting garbage would only cost a tenth of the time
    from atopy.cli.app import run

    try:
        run()
    finally:
        gc.freeze()  # nor is the guideline searched for garbage when Python ends: that cost a fifth of the time
