"""A decision aid as a page with a hundred people drawn, and as JSON."""

from functools import cache
from typing import Any

import msgspec

from atopy.evidence import Chance, DecisionAid
from atopy.render.of_aid import Words, whole
from atopy.render.view import Audience

SCHEMA = "atopy-decision-aid 1.0"
_LEGEND = {
    True: ("would without the drug", "more because of it", "do not"),
    False: ("better even without it", "better because of it", "not better"),
}


def json(aid: DecisionAid) -> str:
    """Everything, for both readers."""
    whole_ = {"schema": SCHEMA, "aid": aid}
    return msgspec.json.format(msgspec.json.encode(whole_), indent=2).decode() + "\n"


def html(aid: DecisionAid, audience: Audience = "clinician") -> str:
    """One page for one reader that needs nothing from elsewhere."""
    words = Words(audience)
    rendered = _template().render(aid=aid, w=words, icons=icons, whole=whole, legend=_LEGEND[words.clinical])
    return "\n".join(line.rstrip() for line in rendered.splitlines() if line.strip()) + "\n"


def icons(c: Chance) -> list[tuple[str, float, float]]:
    """A hundred people, ten to a row from the top: what becomes of each, and where it stands."""
    without, risk = whole(c.without), whole(c.risk)
    found = []
    for n in range(100):
        kind = "same" if n < min(without, risk) else "more" if n < risk else "rest"
        found.append((kind, 7 + 10.2 * (n % 10), 7 + 10.2 * (n // 10)))
    return found


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("atopy.render", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("aid.html.j2")


__all__ = ["html", "icons", "json"]
