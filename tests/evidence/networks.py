"""Networks to try laws on: connected, with trials of two to four arms."""

from hypothesis import strategies as st

from atopy.evidence import Arm, Study, of_arms

NAMES = ("a", "b", "c", "d", "e")
VALUES = st.floats(-3, 3).map(lambda x: round(x, 3))
VARIANCES = st.floats(0.01, 2).map(lambda x: round(x, 4))


@st.composite
def trials(draw: st.DrawFn, most: int = 8) -> list[list[Arm]]:
    """Trials as arms, every treatment connected with the first."""
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    designs = [(names[draw(st.integers(0, n - 1))], names[n]) for n in range(1, len(names))]
    more = st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True).map(tuple)
    designs += draw(st.lists(more, max_size=most - len(designs)))
    return [[Arm(name, draw(VALUES), draw(VARIANCES)) for name in design] for design in designs]


def studies(arms: list[list[Arm]]) -> list[Study]:
    return [of_arms(f"t{n}", one) for n, one in enumerate(arms)]
