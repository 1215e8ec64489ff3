"""What an editor can get wrong in ``courses/``: when a trial was adequate."""

from collections.abc import Iterator

from atopy.facts.spans import check_span
from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content
from atopy.nearest import did_you_mean
from atopy.yaml_source import Problem


def judged_once(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A treatment that two files judge would have two verdicts."""
    members = compiled.vocabulary.members
    judged: dict[str, str] = {}
    for id_, item in content.judgements.items():
        own = {term for name in item.value.treats_with for term in (name, *members.get(name, ()))}
        twice = sorted(term for term in own if term in judged)
        if twice:
            message = f"the treatment '{twice[0]}' is already judged by '{judged[twice[0]]}'."
            yield item.problem("treats_with", message)
        judged |= dict.fromkeys(own, id_)


def spans_and_targets_exist(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A span of time can be read; a framework of targets is one of the instruments folder."""
    frameworks = [f.id for f in compiled.instruments.targets]
    for item in content.judgements.values():
        for part in ("baseline_within", "settles_within"):
            wrong = check_span(getattr(item.value, part))
            if wrong:
                yield item.problem(part, wrong)
        for i, name in enumerate(item.value.targets):
            if name not in frameworks:
                message = f"'{name}' is not a framework of targets.{did_you_mean(name, frameworks)}"
                yield item.problem(f"targets[{i}]", message)
