"""The plan as one HTML page: self-contained, printable, light and dark, and usable without a mouse or colours."""

from functools import cache
from typing import Any

from atopy.plan import Plan
from atopy.render.answer import answer, closed_groups, listed
from atopy.render.as_markdown import unverified_mark
from atopy.render.dates import HEADS, rows, split
from atopy.render.view import (
    RUNNING,
    STANDING,
    Audience,
    View,
    cited,
    day_words,
    event_place,
    event_words,
    evidence,
    graded,
    is_open,
)


def html(plan: Plan, audience: Audience = "clinician") -> str:
    """The whole plan as an HTML document for one reader."""
    view = View(plan, audience)
    rendered = _template().render(
        view=view, plan=plan, answer=answer(view), made=plan.provenance, sections=list(view.sections()),
        rungs=[(name, [o for o in options if is_open(o) or o.status in RUNNING]) for name, _, options in view.rungs()],
        closed=closed_groups(view, [o for o in view.lines("ladder") if not is_open(o) and o.status not in RUNNING]),
        shut=[o for o in view.lines("ladder") if not is_open(o) and o.status not in RUNNING],
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in rendered.splitlines() if line.strip()) + "\n"


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("atopy.render", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "day": day_words,
        "listed": listed,
        "cited": cited,
        "graded": graded,
        "event": event_words,
        "place": event_place,
    }
    environment.globals |= {
        "evidence": evidence, "mark": unverified_mark, "split": split, "date_rows": rows, "date_heads": HEADS,
        "standing": STANDING,
    }  # fmt: skip
    return environment.get_template("plan.html.j2")
