"""How a plan is shown: text for a terminal, Markdown, HTML, JSON; and why and why not. Decides nothing."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atopy.render.as_html import html as html
    from atopy.render.as_ics import ics as ics
    from atopy.render.as_json import json as json
    from atopy.render.as_markdown import markdown as markdown
    from atopy.render.as_text import text as text
    from atopy.render.reason import why as why
    from atopy.render.reason import why_not as why_not
    from atopy.render.view import Audience as Audience

# Each format loads only what it needs: JSON neither rich nor jinja2, text no templates.
_HOMES = {
    "Audience": "atopy.render.view",
    "html": "atopy.render.as_html",
    "ics": "atopy.render.as_ics",
    "json": "atopy.render.as_json",
    "markdown": "atopy.render.as_markdown",
    "text": "atopy.render.as_text",
    "why": "atopy.render.reason",
    "why_not": "atopy.render.reason",
}

__all__ = ["Audience", "html", "ics", "json", "markdown", "text", "why", "why_not"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'atopy.render' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
