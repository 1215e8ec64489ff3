"""``atopy record``: what a record holds, and the schemas of record and plan."""

import sys
from pathlib import Path

import click

from atopy.cli import terminal
from atopy.cli.group import Group

app = Group(help="Check a patient's record; the schema of the format.")


@app.command("check")
@click.argument("file", metavar="FILE", help="A record in any format; - is standard input.")
def check(file: str) -> None:
    """What a record holds, what of it is set aside, and what nobody will use. Exit code 2 if it cannot be read."""
    from atopy.plan.public import read_record
    from atopy.record import check as report_of

    source = sys.stdin.buffer.read() if file == "-" else Path(file)
    found = report_of(read_record(source, file=terminal.STDIN if file == "-" else file))
    terminal.write(terminal.folded(found.lines()))


@app.command("schema")
def schema() -> None:
    """The JSON Schema of Atopy's own record format."""
    from atopy.plan.public import record_schema

    _json(record_schema())


@click.command("plan-schema")
def plan_schema() -> None:
    """The JSON Schema that `atopy plan --format json` follows."""
    from atopy.plan import json_schema

    _json(json_schema())


def _json(data: object) -> None:
    import msgspec

    terminal.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n")
