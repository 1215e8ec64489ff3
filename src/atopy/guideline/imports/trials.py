"""Arms of trials from CSV: one row for what one arm showed of one outcome at one time; what of it is new."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from atopy.guideline.imports.found import Import
from atopy.guideline.imports.trial_rows import Row, rows_of
from atopy.guideline.imports.trial_text import as_yaml
from atopy.guideline.load import Content
from atopy.guideline.trials import Evidence, Figure, Result, Trial, TrialArm
from atopy.guideline.works import UnknownSource, find
from atopy.nearest import did_you_mean
from atopy.yaml_source import Problem, SourceError


def import_trials(text: str, content: Content, file: str) -> Import:
    """What of the rows is new, as files of ``trials/``. Raises SourceError with every row that is wrong."""
    if content.evidence is None:
        mend = "Write evidence.yaml first: outcomes, populations and regimens."
        raise SourceError(
            [Problem("evidence.yaml", None, "", "is not there: trials are compared in nothing.", mend)]
        )
    rows, problems = rows_of(text, file)
    reader = _Reader(content, file)
    problems += [problem for row in rows for problem in reader.wrong(row)]
    if problems:
        raise SourceError(sorted(problems, key=lambda p: p.line or 0))
    for row in rows:
        reader.take(row)
    reader.close()
    if reader.problems:
        raise SourceError(sorted(reader.problems, key=lambda p: p.line or 0))
    files = {
        f"trials/{id_}.yaml": as_yaml(trial) for id_, trial in reader.trials.items() if id_ in reader.changed
    }
    return Import(tuple(reader.added), tuple(reader.known), files)


class _Reader:
    """Holds rows against the content and the rows before them, and adds what is new to trials."""

    def __init__(self, content: Content, file: str) -> None:
        self.content = content
        self.file = file
        evidence: Evidence = content.evidence.value  # type: ignore[union-attr]
        self.outcomes = {o.id: o for o in evidence.outcomes}
        self.populations = [p.id for p in evidence.populations]
        self.regimens = [r.id for r in evidence.regimens]
        self.trials: dict[str, Trial] = {id_: item.value for id_, item in content.trials.items()}
        self.changed: dict[str, int] = {}  # trial -> the first row that adds to it
        self.added: list[str] = []
        self.known: list[str] = []
        self.problems: list[Problem] = []
        self.seen: dict[tuple[str, str, str, float], int] = {}

    # -- one row against the names of the content

    def wrong(self, row: Row) -> Iterator[Problem]:
        said = row.said
        for name, known in (
            ("outcome", list(self.outcomes)), ("population", self.populations), ("regimen", self.regimens),
        ):  # fmt: skip
            if said[name] not in known:
                yield self.problem(
                    row,
                    name,
                    f"'{said[name]}' is no {name} of evidence.yaml.{did_you_mean(said[name], known)}",
                )
        outcome = self.outcomes.get(said["outcome"])
        if outcome is not None and (outcome.kind == "continuous") != ("mean" in row.numbers):
            wanted = "a mean" if outcome.kind == "continuous" else "events"
            yield self.problem(row, "outcome", f"{outcome.id} is {outcome.kind}: it needs {wanted}.")
        try:
            self.source(row)
        except UnknownSource as error:
            yield self.problem(row, "source", str(error), "Import the reference first: RIS or BibTeX.")
        yield from self.wrong_registration(row)
        key = (said["trial"], said["arm"], said["outcome"], row.numbers["week"])
        if key in self.seen:
            yield self.problem(
                row, "", f"says the same as line {self.seen[key]}: one row for each arm, outcome, week."
            )
        self.seen.setdefault(key, row.line)

    def wrong_registration(self, row: Row) -> Iterator[Problem]:
        """A trial that is there under another name would be counted twice."""
        number = row.said.get("registration")
        for id_, trial in self.trials.items() if number else ():
            if trial.registration == number and id_ != row.said["trial"]:
                yield self.problem(
                    row, "registration", f"{number} is the trial '{id_}' already.", f"Write {id_}."
                )

    def problem(self, row: Row, column: str, message: str, mend: str = "") -> Problem:
        return Problem(self.file, row.line, column, message, mend)

    def source(self, row: Row) -> str:
        return find(self.content.sources, self.content.references, row.said["source"])

    # -- what is new in it

    def take(self, row: Row) -> None:
        trial = self.trials.get(row.said["trial"])
        if trial is None:
            trial = self.new(row)
        elif not self.fits(row, trial):
            return
        arm = next((a for a in trial.arms if a.id == row.said["arm"]), None)
        if arm is None:
            trial = self.with_arm(row, trial)
        elif not self.fits_arm(row, arm):
            return
        self.trials[trial.id] = self.with_figure(row, trial)

    def new(self, row: Row) -> Trial:
        said = row.said
        year = row.numbers.get("year") or self.year(row)
        note = f"Imported from {self.file}; nobody has read its figures yet."
        trial = Trial(
            said["trial"], said.get("name") or said["trial"], self.source(row), said["population"], int(year or 0),
            [], [], said.get("registration") or None, said.get("age_group") or None, said.get("severity") or None,
            said.get("background") or None, note=note,
        )  # fmt: skip
        if not year:
            self.problems.append(
                self.problem(row, "year", "is empty, and the source has none.", "Add the year.")
            )
        self.added.append(
            f"{self.file}:{row.line}: the trial {trial.id} ({trial.source}, {trial.population})."
        )
        return trial

    def year(self, row: Row) -> float | None:
        info = self.content.sources.get(self.source(row))
        return float(info.year) if info is not None and info.year else None

    def fits(self, row: Row, trial: Trial) -> bool:
        """Whether the row speaks of the trial that is there: the same source, people and number."""
        said: dict[str, Any] = {"source": self.source(row), "population": row.said["population"]}
        said |= {name: row.said[name] for name in ("registration",) if row.said.get(name)}
        said |= {"year": row.numbers["year"]} if "year" in row.numbers else {}
        return self.same(row, f"the trial {trial.id}", trial, said)

    def fits_arm(self, row: Row, arm: TrialArm) -> bool:
        said: dict[str, Any] = {"regimen": row.said["regimen"]}
        said |= {"randomised": int(row.numbers["randomised"])} if "randomised" in row.numbers else {}
        return self.same(row, f"the arm {arm.id}", arm, said)

    def same(self, row: Row, what: str, there: Any, said: dict[str, Any]) -> bool:
        """Whether nothing is said otherwise than it stands; a difference is a problem, never written over."""
        differ = [
            n for n, value in said.items() if getattr(there, n) is not None and getattr(there, n) != value
        ]
        for name in differ:
            message = f"{what} has {name} {getattr(there, name)}, the row {said[name]}."
            self.problems.append(
                self.problem(row, name, message, "Change the content by hand, if the row is right.")
            )
        return not differ

    def with_arm(self, row: Row, trial: Trial) -> Trial:
        size = row.numbers.get("randomised")
        arm = TrialArm(
            row.said["arm"],
            row.said["regimen"],
            row.said.get("dose") or None,
            None if size is None else int(size),
        )
        self.changed.setdefault(trial.id, row.line)
        return msgspec.structs.replace(trial, arms=[*trial.arms, arm])

    def with_figure(self, row: Row, trial: Trial) -> Trial:
        figure, outcome, week = row.figure(), row.said["outcome"], row.numbers["week"]
        at = next((i for i, r in enumerate(trial.results) if (r.outcome, r.week) == (outcome, week)), None)
        result = trial.results[at] if at is not None else Result(outcome, week)
        there = next((f for f in result.figures if f.arm == figure.arm), None)
        if there is not None:
            self.held(row, trial, figure, there)
            return trial
        self.changed.setdefault(trial.id, row.line)
        what = f"{trial.id}, {figure.arm}, {outcome} at week {week:g}: {_shown(figure)}"
        self.added.append(f"{self.file}:{row.line}: {what}.")
        more = msgspec.structs.replace(result, figures=[*result.figures, figure])
        results = (
            [*trial.results, more] if at is None else [*trial.results[:at], more, *trial.results[at + 1 :]]
        )
        return msgspec.structs.replace(trial, results=results)

    def held(self, row: Row, trial: Trial, figure: Figure, there: Figure) -> None:
        """The figure is there already: the same, or another, which is never written over."""
        what = f"{trial.id}, {figure.arm}, {row.said['outcome']} at week {row.numbers['week']:g}"
        said = {
            n: getattr(figure, n)
            for n in ("events", "of", "mean", "sd", "se")
            if getattr(figure, n) is not None
        }
        if figure.counted == "from percent" and there.percent == figure.percent:
            said.pop("events")  # as near as the paper says it
        if self.same(row, what, there, said):
            self.known.append(f"{self.file}:{row.line} is there already: {what}.")

    def close(self) -> None:
        """What only the whole file shows: a trial of one arm compares nothing; a file with comments would lose them."""
        for id_, line in self.changed.items():
            if len(self.trials[id_].arms) < 2:
                message = f"the trial '{id_}' has one arm only: it compares nothing."
                self.problems.append(Problem(self.file, line, "arm", message, "Add the other arms."))
            item = self.content.trials.get(id_)
            if item is not None and _has_comments(self.content, item.document.file):
                message = f"{item.document.file} holds comments, which would be lost."
                self.problems.append(
                    Problem(self.file, line, "trial", message, "Add the rows there by hand.")
                )


def _shown(figure: Figure) -> str:
    if figure.mean is not None:
        spread = (
            f", SD {figure.sd:g}" if figure.sd is not None else f", SE {figure.se:g}" if figure.se else ""
        )
        return f"mean {figure.mean:g}{spread}"
    how = " (from the percentage)" if figure.counted == "from percent" else ""
    share = f"{figure.percent:g} %" if figure.events is None else f"{figure.events} of {figure.of}"
    return f"{share}{how}"


def _has_comments(content: Content, file: str) -> bool:
    text = (Path(content.folder) / file).read_text(encoding="utf-8")
    return any(line.lstrip().startswith("#") for line in text.splitlines())


__all__ = ["import_trials"]
