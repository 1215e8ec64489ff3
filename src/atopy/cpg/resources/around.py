"""The rules around the ladder: red flags, other diagnoses, exacerbating factors, topics, disagreements."""

from collections.abc import Sequence

from atopy.cpg.resources.conditions import not_so, one_of, rule
from atopy.cpg.resources.recommendations import Step
from atopy.cpg.resources.strategies import Part
from atopy.cpg.resources.writer import Writer
from atopy.criteria import Node, Ref
from atopy.guideline import Disagreement, Factor, Mimic, RedFlag, Statement, Topic

_SHOWN = ("present", "suspected")
_SECTIONS = {
    "assessment": "history-and-physical",
    "taken_now": "monitor-and-follow-up-of-patient",
    "calendar": "monitor-and-follow-up-of-patient",
    "referral": "discharge-referral-of-patient",
    "tell": "provide-counseling",
}

_Group = tuple[str, str, Sequence[Statement], Node | None]


def red_flag_rules(w: Writer, flag: RedFlag, part_of: str) -> Part | None:
    """What to do today."""
    groups: list[_Group] = [("Act today", "emergency-care", flag.act, Ref("red_flag", (flag.id,)))]
    return _item(w, "red-flag", flag, groups, part_of)


def mimic_rules(w: Writer, mimic: Mimic, part_of: str) -> Part | None:
    """The test that settles another diagnosis, and what must wait."""
    raised = one_of("mimic_status", mimic.id, _SHOWN)
    groups: list[_Group] = [
        ("The test that settles it", "determine-diagnosis", mimic.test, raised),
        ("Meanwhile", "guideline-based-care", mimic.meanwhile, raised),
        ("Background", "determine-diagnosis", mimic.background, raised),
    ]
    return _item(w, "mimic", mimic, groups, part_of)


def factor_rules(w: Writer, factor: Factor, part_of: str) -> Part | None:
    """How to check a factor, and how to correct it."""
    not_excluded = not_so(one_of("factor_status", factor.id, ("excluded",)))
    groups: list[_Group] = [
        ("Correct", "guideline-based-care", factor.correct, one_of("factor_status", factor.id, _SHOWN)),
        ("Assess", "history-and-physical", factor.assess, not_excluded),
        ("Background", "history-and-physical", factor.background, not_excluded),
    ]
    return _item(w, "factor", factor, groups, part_of)


def _item(
    w: Writer, kind: str, item: RedFlag | Mimic | Factor, groups: list[_Group], part_of: str
) -> Part | None:
    """One item as a strategy: its statements by group, each shown when its group is."""
    first = getattr(item, "clinician_first", False)
    name, patient = w.book.words(item.name)
    id_ = f"{kind}-{item.id}"
    parts = []
    for title, process, statements, shown in groups:
        ids = [w.statement(s, item.id, name, id_, process, shown, clinician_first=first) for s in statements]
        parts += [w.group(title, process, ids)] if ids else []
    made = w.strategies.add(id_, name, _about(w, item), parts, part_of, of=item.id)
    return made._replace(patient=None if first else patient) if made else None


def _about(w: Writer, item: RedFlag | Mimic | Factor) -> str:
    """When the item is raised, in plain English."""
    name = w.book.name(item.name)
    kinds = {RedFlag: "red_flag", Mimic: "mimic_suspected", Factor: "factor_suspected"}
    fact = kinds[type(item)]
    derivation = w.book.compiled.facts[fact].variants[item.id]
    word = "Needs action today" if isinstance(item, RedFlag) else "Suspected"
    return f"{name}. {word} when: {w.conditions.english(getattr(derivation, 'node', Ref(fact, (item.id,))))}."


def topic_rules(w: Writer, topic: Topic, part_of: str) -> Part | None:
    """The statements of a topic."""
    title, patient = w.book.words(topic.title)
    id_, process = f"topic-{topic.id}", _SECTIONS[topic.section]
    parts = [w.part(w.statement(s, topic.id, title, id_, process), process) for s in topic.statements]
    made = w.strategies.add(
        id_, title, f"{title}: what is said, and to whom it applies.", parts, part_of, of=topic.id
    )
    return made._replace(patient=patient) if made else None


def disagreement_rule(w: Writer, d: Disagreement, part_of: str) -> Part:
    """Both sides of a disagreement, and the rule that is followed, where it matters."""
    book, id_ = w.book, f"disagreement-{d.id}"
    clinician, patient = book.words(d.rule, d.numbers)
    question = book.said(d.question, d.numbers)
    sides = [book.said(side.position, side.numbers | d.numbers) for side in (d.side_a, d.side_b)]
    both = f"One side: {sides[0]} The other: {sides[1]}"
    said = f"{question} {both} Followed here: {clinician} Why: {book.said(d.why, d.numbers)}"
    step = Step(question, said, rule(id_), None if d.clinician_only else patient)
    w.rules.add(
        id_,
        question,
        "guideline-based-care",
        [step],
        [*d.side_a.sources, *d.side_b.sources],
        part_of=part_of,
        of=id_,
    )
    return w.part(id_, "guideline-based-care")


__all__ = ["disagreement_rule", "factor_rules", "mimic_rules", "red_flag_rules", "topic_rules"]
