"""How figures of a network are written, wherever they are shown: the same digits in a table, a page and an answer."""

from atopy.evidence.comparison import Comparison, Ranked
from atopy.evidence.names import said
from atopy.evidence.network import Effect

MEASURE_NAMES = {"or": "odds ratio", "rr": "risk ratio", "rd": "risk difference", "md": "mean difference"}
MODELS = {"fixed": "common effect (fixed)", "random": "random effects"}


def number(value: float) -> str:
    """To three figures or so, so that what is printed can be told apart and no more."""
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def interval(effect: Effect) -> str:
    """``2.95 (2.09 to 4.17)``."""
    return f"{number(effect.estimate)} ({number(effect.low)} to {number(effect.high)})"


def of_hundred(r: Ranked) -> str:
    """``68 (62 to 74)``."""
    a = r.absolute
    return f"{a.risk:.0f} ({a.low:.0f} to {a.high:.0f})" if a else ""


def counted(number_: int, what: str) -> str:
    """``1 trial``, ``2 trials``."""
    return f"{number_} {what}{'' if number_ == 1 else 's'}"


def heading(c: Comparison) -> str:
    """``EASI-75 · Adults, drug alone``."""
    return f"{said(c.outcome.name, c.outcome)} · {said(c.population.name, c.population)}"


def basis(c: Comparison) -> str:
    """How many trials and patients, which model and measure, which weeks."""
    window = c.outcome.weeks
    what = f"{counted(c.trials, 'trial')}, {c.people} patients" if c.trials else "no trial that can be pooled"
    return (
        f"{what} · weeks {window.low:g} to {window.high:g} · {MODELS[c.model]} · {MEASURE_NAMES[c.measure]}"
    )


def sure(effect: Effect) -> bool:
    """Whether the interval leaves out no difference."""
    return not effect.low <= (1.0 if effect.ratio else 0.0) <= effect.high


__all__ = [
    "MEASURE_NAMES",
    "MODELS",
    "basis",
    "counted",
    "heading",
    "interval",
    "number",
    "of_hundred",
    "sure",
]
