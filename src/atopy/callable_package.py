"""A package that is also its own main function: ``atopy.plan(record)`` beside ``atopy.plan.model``.

Importing any part of a package binds the package itself as an attribute of ``atopy``, where the function would be
looked for; so the package can be called, and whoever looks it up is shown the function.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect import Signature


class _Callable(ModuleType):
    _main: tuple[str, str]  # the module of the function, and its name

    def __call__(self, *args: Any, **named: Any) -> Any:
        return _function(self)(*args, **named)

    @property
    def __signature__(self) -> "Signature":
        from inspect import signature  # for who looks it up

        return signature(_function(self))

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return _function(self).__doc__  # type: ignore[no-any-return]


def _function(package: _Callable) -> Any:
    """Imported when it is first called: what only looks into the package does not wait for it."""
    home, name = package._main
    return getattr(import_module(home), name)


def called_as(package: str, home: str, name: str) -> None:
    """Make *package* callable as the function *name* of the module *home*."""
    module = sys.modules[package]
    module.__class__ = _Callable
    module._main = (home, name)  # type: ignore[attr-defined]
