"""Commands in the order they are written; the module of one is imported when that command is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Group(click.Group):
    """Several commands under one name. *homes* says as ``module:name`` where a command lives."""

    def __init__(self, *, homes: Mapping[str, str] | None = None, **rest: Any) -> None:
        super().__init__(**rest)
        self.homes = homes or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.homes, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.homes:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.homes[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:  # Click would propose none that is not imported yet
            known = self.list_commands(ctx)
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=known, ctx=ctx) from None
