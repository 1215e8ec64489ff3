"""What an editor can get wrong in trial data that reads: names of nothing, figures that cannot be, sources."""

from collections.abc import Callable, Iterator

from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content
from atopy.guideline.trials import Contrast, Evidence, Figure, Outcome, Result, Trial
from atopy.nearest import did_you_mean
from atopy.yaml_source import Problem

Fault = tuple[tuple[str | int, ...], str]
Lint = Callable[[Content, Compiled], Iterator[Problem]]
_ROUNDING = 1.0  # percent: what rounding of a printed percentage, or of a count made from it, may come to


def trials_are_compared_in_something(content: Content, _: Compiled) -> Iterator[Problem]:
    """Trials need an evidence.yaml; a trial's id is nobody else's."""
    taken = [
        *content.therapies, *content.factors, *content.mimics, *content.red_flags, *content.topics,
        *content.amounts, *content.judgements,
    ]  # fmt: skip
    unread = any(p.file == "evidence.yaml" for p in content.problems)
    for item in content.trials.values():
        if content.evidence is None and not unread:
            yield item.problem(
                "population", "there is no evidence.yaml to say what this trial is compared in."
            )
        if item.id in taken:
            yield item.problem("id", f"the id '{item.id}' is used elsewhere; every id names one thing.")


def names_of_evidence_exist(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """evidence.yaml names each outcome, population and regimen once, and only what exists."""
    item = content.evidence
    if item is None:
        return
    evidence: Evidence = item.value
    for path, message in (*_twice(evidence), *_populations(evidence), *_nodes(evidence, compiled)):
        yield item.problem_in(path, message)


def _twice(evidence: Evidence) -> Iterator[Fault]:
    for part in ("outcomes", "populations", "regimens"):
        listed = [one.id for one in getattr(evidence, part)]
        for i, id_ in enumerate(listed):
            if id_ in listed[:i]:
                yield (part, i, "id"), f"'{id_}' is given twice."


def _populations(evidence: Evidence) -> Iterator[Fault]:
    populations, nodes = [n.id for n in evidence.populations], [r.id for r in evidence.regimens]
    for i, population in enumerate(evidence.populations):
        if population.reference not in nodes:
            message = f"'{population.reference}' is no regimen of this file.{did_you_mean(population.reference, nodes)}"
            yield ("populations", i, "reference"), message
        for j, other in enumerate(population.beside):
            if other not in populations:
                yield (
                    ("populations", i, "beside", j),
                    f"'{other}' is no population of this file.{did_you_mean(other, populations)}",
                )


def _nodes(evidence: Evidence, compiled: Compiled) -> Iterator[Fault]:
    options = list(compiled.therapies)
    regimens = sorted(r.id for t in compiled.therapies.values() for r in t.regimens)
    for i, node in enumerate(evidence.regimens):
        if (node.therapy is None) == (node.name is None):
            yield ("regimens", i), "give a therapy of the ladder, or a name, not both."
        if node.therapy is not None and node.therapy not in options:
            yield (
                ("regimens", i, "therapy"),
                f"'{node.therapy}' is no option of the ladder.{did_you_mean(node.therapy, options)}",
            )
        for j, id_ in enumerate(node.regimens):
            if id_ not in regimens:
                yield (
                    ("regimens", i, "regimens", j),
                    f"'{id_}' is no regimen of the ladder.{did_you_mean(id_, regimens)}",
                )


def trials_name_what_exists(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Population, regimens, outcomes and sources of a trial exist; what is only remembered is not verified."""
    if content.evidence is None:
        return
    evidence: Evidence = content.evidence.value
    known = {
        "population": [n.id for n in evidence.populations],
        "regimen": [r.id for r in evidence.regimens],
        "outcome": [o.id for o in evidence.outcomes],
    }
    for item in content.trials.values():
        for path, message in _names(item.value, known, compiled):
            yield item.problem_in(path, message)


def _names(trial: Trial, known: dict[str, list[str]], compiled: Compiled) -> Iterator[Fault]:
    named = [("population", ("population",), trial.population)]
    named += [("regimen", ("arms", i, "regimen"), a.regimen) for i, a in enumerate(trial.arms)]  # type: ignore[misc]
    named += [("outcome", ("results", i, "outcome"), r.outcome) for i, r in enumerate(trial.results)]  # type: ignore[misc]
    for kind, path, id_ in named:
        if id_ not in known[kind]:
            yield path, f"'{id_}' is no {kind} of evidence.yaml.{did_you_mean(id_, known[kind])}"
    yield from _source(("source",), trial.source, compiled)
    if (trial.sponsor is None) != (trial.sponsor_seen is None):
        yield ("sponsor",), "a sponsor needs the page that says so (sponsor_seen), and that page a sponsor."
    for i, result in enumerate(trial.results):
        if result.source is not None:
            yield from _source(("results", i, "source"), result.source, compiled)
        info = compiled.sources.get(trial.source_of(result))
        for kind in ("figures", "contrasts"):
            for j, figure in enumerate(getattr(result, kind)):
                if figure.verified and info is not None and info.kind in ("memory", "derived"):
                    message = f"'{info.id}' is not a page: a figure from it cannot be verified."
                    yield ("results", i, kind, j, "verified"), message


def _source(path: tuple[str | int, ...], key: str, compiled: Compiled) -> Iterator[Fault]:
    if key not in compiled.sources:
        near = did_you_mean(key, compiled.sources)
        yield path, f"the source '{key}' is in neither sources.yaml nor references.json.{near}"


def figures_can_be(content: Content, _: Compiled) -> Iterator[Problem]:
    """Arms exist and are told once; counts, percentages, means and intervals agree with each other and the outcome."""
    evidence = content.evidence.value if content.evidence else None
    outcomes = {o.id: o for o in evidence.outcomes} if evidence else {}
    for item in content.trials.values():
        for path, message in (*_arms(item.value), *_results(item.value, outcomes)):
            yield item.problem_in(path, message)


def _arms(trial: Trial) -> Iterator[Fault]:
    ids = [a.id for a in trial.arms]
    for i, arm in enumerate(trial.arms):
        if arm.id in ids[:i]:
            yield ("arms", i, "id"), f"the arm '{arm.id}' is given twice."
        if arm.subset_of is not None and (arm.subset_of not in ids or arm.subset_of == arm.id):
            yield ("arms", i, "subset_of"), f"'{arm.subset_of}' is no other arm of this trial."


def _results(trial: Trial, outcomes: dict[str, Outcome]) -> Iterator[Fault]:
    seen: set[tuple[str, float]] = set()
    for i, result in enumerate(trial.results):
        at = (result.outcome, result.week)
        if at in seen:
            yield ("results", i), f"'{result.outcome}' at week {result.week:g} is given twice."
        seen.add(at)
        if not result.figures and not result.contrasts:
            yield ("results", i), "holds neither figures nor contrasts."
        for path, message in _figures(trial, result, outcomes.get(result.outcome)):
            yield ("results", i, *path), message


def _figures(trial: Trial, result: Result, outcome: Outcome | None) -> Iterator[Fault]:
    arms, told = {a.id: a for a in trial.arms}, set()
    for i, figure in enumerate(result.figures):
        path = ("figures", i)
        if figure.arm not in arms:
            yield (
                (*path, "arm"),
                f"'{figure.arm}' is no arm of this trial.{did_you_mean(figure.arm, arms)}",
            )
        elif figure.arm in told:
            yield (*path, "arm"), f"the arm '{figure.arm}' is told twice."
        told.add(figure.arm)
        fault = _figure(figure, outcome)
        if fault:
            yield path, fault
    for i, contrast in enumerate(result.contrasts):
        for end in ("arm", "against"):
            if getattr(contrast, end) not in arms:
                yield ("contrasts", i, end), f"'{getattr(contrast, end)}' is no arm of this trial."
        fault = _contrast(contrast, outcome)
        if fault:
            yield ("contrasts", i), fault


def _figure(figure: Figure, outcome: Outcome | None) -> str | None:
    """What is wrong with one figure, if anything is."""
    if outcome is None:
        return None
    if outcome.kind == "continuous":
        if figure.events is not None or figure.percent is not None:
            return "counts people, but its outcome is a mean."
        negative = [s for s in (figure.sd, figure.se) if s is not None and s <= 0]
        return "has no mean." if figure.mean is None else "has a spread that cannot be." if negative else None
    if figure.mean is not None:
        return "is a mean, but its outcome counts people."
    if figure.events is None and figure.percent is None:
        return "says neither how many nor what percentage."
    if figure.events is None or figure.of is None:
        return None
    if not 0 <= figure.events <= figure.of or figure.of == 0:
        return f"{figure.events} of {figure.of} cannot be."
    share = 100 * figure.events / figure.of
    if figure.percent is not None and abs(share - figure.percent) > _ROUNDING:
        return f"{figure.events} of {figure.of} is {share:.1f} %, not {figure.percent:g} %."
    return None


def _contrast(contrast: Contrast, outcome: Outcome | None) -> str | None:
    if contrast.arm == contrast.against:
        return "compares an arm with itself."
    if outcome is not None and (outcome.kind == "binary") != (contrast.scale == "odds ratio"):
        return f"gives a {contrast.scale}, which its outcome has not."
    low, high = contrast.low, contrast.high
    if low is not None and high is not None and not low <= contrast.estimate <= high:
        return f"{contrast.estimate:g} lies outside {low:g} to {high:g}."
    if (
        contrast.scale == "odds ratio"
        and min(x for x in (contrast.estimate, low, high) if x is not None) <= 0
    ):
        return "an odds ratio is above 0."
    return None


def aids_point_to_texts(content: Content, _: Compiled) -> Iterator[Problem]:
    """What a decision aid shows of an option stands in that option's own file."""
    for item in content.therapies.values():
        said = [s.id for s in item.value.statements]
        barred = [c.id for c in item.value.contraindicated]
        for part, known in (("harms", said), ("pregnancy", [*said, *barred])):
            for i, id_ in enumerate(getattr(item.value.aid, part)):
                if id_ not in known:
                    message = f"'{id_}' is no text of this file.{did_you_mean(id_, known)}"
                    yield item.problem_in(("aid", part, i), message)


LINTS: tuple[Lint, ...] = (
    aids_point_to_texts,
    trials_are_compared_in_something, names_of_evidence_exist, trials_name_what_exists, figures_can_be,
)  # fmt: skip
