"""The plan as JSON: the published schema, sorted keys, the same bytes for the same plan."""

import msgspec

from atopy.plan import Plan


def json(plan: Plan) -> str:
    """The whole plan, both readers' texts and traces included, as ``plan-schema`` describes it."""
    data = msgspec.json.encode(plan, order="sorted")
    return msgspec.json.format(data, indent=2).decode() + "\n"
