"""The table of catches in ``docs/mutations.md``, made from what really happened."""

from collections.abc import Iterable

from tests.mutations.catch import Catch
from tests.mutations.mutation import HERE, Mutation

PAGE = HERE.parents[1] / "docs" / "mutations.md"

_HEAD = """\
# What catches a mistake

<!-- Made by tools/mutate.py from tests/mutations/mutations.yaml; edit there, then: make mutate -->

Would anybody notice? Each row below breaks the content of the guideline in one stated way: in a temporary copy one file
is edited, the content is compiled, and what the change touches is looked at again: the lints, the proofs that rest on
what was changed, and the scenarios that name it or in whose record a changed fact is worth something else. A mutation
that nothing catches is a hole: the property, lint or scenario that closes it is written before the row is.

`make mutate` makes this table anew; a test makes each row again on every run and compares.

{count} mutations, all caught: {lints} by a lint, {proofs} by a proof, {scenarios} by a scenario (some by several).
The cheaper means come first: all lints, the scenarios that name what was changed, the proofs that a mutation is said
to break (only the queries that rest on the change are put again); then, if nothing has caught it, every other scenario
that the change touches. The first scenario that fails is named.

| what is broken | file | caught by |
|---|---|---|
"""


def row(mutation: Mutation, catch: Catch) -> str:
    """One line of the table."""
    return f"| **{mutation.kind}**: {mutation.says} | `{mutation.file}` | {'; '.join(_means(catch))} |"


def _means(catch: Catch) -> Iterable[str]:
    if catch.reading:
        yield f"reading: {catch.reading}"
    if catch.lints:
        yield f"lint: {', '.join(name.replace('_', ' ') for name in catch.lints)}"
    if catch.proofs:
        yield f"proof: {', '.join(f'`{name}`' for name in catch.proofs)}"
    if catch.scenario:
        yield f"scenario: {catch.scenario.replace('|', '/')}"
    if not catch.caught:
        yield "**nothing**"


def page(caught: list[tuple[Mutation, Catch]]) -> str:
    """The whole page."""
    head = _HEAD.format(
        count=len(caught),
        lints=sum(bool(c.lints or c.reading) for _, c in caught),
        proofs=sum(bool(c.proofs) for _, c in caught),
        scenarios=sum(bool(c.scenario) for _, c in caught),
    )
    return head + "".join(f"{row(m, c)}\n" for m, c in caught)
