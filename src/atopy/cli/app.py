"""The commands put together, and every error turned into words and an exit code. No traceback ever."""

import os
import sys
from typing import Annotated

import typer

from atopy.cli import amount, guideline, plan, record, score, terminal

app = typer.Typer(
    name="atopy", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="An executable, cited guideline for severe, refractory atopic dermatitis: from a patient's record to a plan.",
    epilog="Exit codes: 0 done; 2 the input cannot be used (every problem is named); 1 anything else.",
)  # fmt: skip
app.command("plan")(plan.plan)
app.command("score")(score.score)
app.command("plan-schema")(record.plan_schema)
app.add_typer(record.app, name="record")
app.add_typer(guideline.app, name="guideline")
app.add_typer(amount.app, name="amount")


def _version(asked: bool) -> None:
    if asked:
        import atopy

        terminal.write(f"atopy {atopy.__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="The version, and nothing else.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """An executable, cited guideline for severe, refractory atopic dermatitis."""


def run() -> None:
    """Run the command line. Input that cannot be used ends with exit code 2 and every problem named."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has enough
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("ATOPY_DEBUG"):
            raise
        sys.exit(terminal.report(error))
