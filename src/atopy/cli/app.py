"""The commands put together, and every error turned into words and an exit code. No traceback ever."""

import os
import sys

import click

from atopy.cli import terminal
from atopy.cli.group import Group


def _version(ctx: click.Context, option: click.Parameter, asked: bool) -> None:
    if asked:
        import atopy

        terminal.write(f"atopy {atopy.__version__}\n")
        ctx.exit()


app = Group(
    homes={
        "plan": "atopy.cli.plan:plan",
        "ask": "atopy.cli.ask:ask",
        "score": "atopy.cli.score:score",
        "plan-schema": "atopy.cli.record:plan_schema",
        "record": "atopy.cli.record:app",
        "guideline": "atopy.cli.guideline:app",
        "review": "atopy.cli.review:app",
        "amount": "atopy.cli.amount:app",
        "compare": "atopy.cli.compare:compare",
    },
    name="atopy",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="The version, and nothing else.",
        )
    ],
    help="An executable, cited guideline for severe, refractory atopic dermatitis: from a patient's record to a plan.",
    epilog="Exit codes: 0 done; 2 the input cannot be used (every problem is named); 1 anything else.",
)


def run() -> None:
    """Run the command line. Input that cannot be used ends with exit code 2 and every problem named."""
    try:
        sys.exit(app(standalone_mode=False))
    except click.ClickException as error:  # a word of the command that nobody knows, or one that is missing
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except Exception as error:
        if os.environ.get("ATOPY_DEBUG"):
            raise
        sys.exit(terminal.report(error))
