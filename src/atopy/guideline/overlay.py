"""A local overlay: formulary and step-therapy rules of one place. Access is not evidence, and is labelled so.

An overlay can bar an option or make it wait for others; it cannot recommend one, lift a contraindication or
change a text of the guideline.
"""

import hashlib
from pathlib import Path

import msgspec

from atopy.criteria import Constant, Node, Not, Ref, conjunction, disjunction
from atopy.facts import When
from atopy.guideline.compiled import Access, Compiled
from atopy.guideline.schema import Country, Text
from atopy.yaml_source import Document, Problem, SourceError, convert, load_yaml_file


class Overlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``--overlay FILE``."""

    overlay: int  # format number
    id: str
    name: Text
    options: dict[str, Access]
    country: Country | None = None
    source: str | None = None
    hash: str = ""


def read_overlay(path: Path, compiled: Compiled) -> Overlay:
    """The overlay in *path*, checked against the guideline. Raises SourceError with every problem."""
    document = load_yaml_file(path)
    overlay, problems = convert(document, document.data, Overlay)
    if overlay is not None:
        problems = [*problems, *_check(document, overlay, compiled)]
    if problems or overlay is None:
        raise SourceError(problems)
    return msgspec.structs.replace(overlay, hash=hashlib.sha256(path.read_bytes()).hexdigest())


def _check(document: Document, overlay: Overlay, compiled: Compiled) -> list[Problem]:
    found: list[Problem] = []
    if overlay.overlay != 1:
        found.append(
            document.problem(("overlay",), f"format {overlay.overlay} is not known.", "Write 'overlay: 1'.")
        )
    for option, access in overlay.options.items():
        for name in (option, *access.after_any_of, *access.after_failure_of):
            if name not in compiled.therapies:
                path = ("options", option)
                found.append(
                    document.problem(path, f"'{name}' is not an option.", "See 'atopy guideline list'.")
                )
    return [*found, *_never_met(document, overlay, compiled)]


def _never_met(document: Document, overlay: Overlay, compiled: Compiled) -> list[Problem]:
    """Steps that nobody can go: they wait for each other, or for what cannot be had here."""
    open_ = {o for o in compiled.therapies if o not in overlay.options and not _gone(compiled, overlay, o)}
    todo = {o: a for o, a in overlay.options.items() if a.available}
    while reached := [o for o, a in todo.items() if all(open_.intersection(s) for s in _steps(a))]:
        open_.update(reached)
        todo = {o: a for o, a in todo.items() if o not in open_}
    return [
        document.problem(
            ("options", option),
            f"'{option}' can never be reached: each step that it waits for waits for it, or cannot be had here.",
            "Name a step that can be gone, or write 'available: false'.",
        )
        for option, access in todo.items()
        if all(s in compiled.therapies for step in _steps(access) for s in step)
    ]


def _steps(access: Access) -> list[list[str]]:
    return [step for step in (access.after_any_of, access.after_failure_of) if step]


def _gone(compiled: Compiled, overlay: Overlay, option: str) -> bool:
    """Whether an option is not marketed in the overlay's country, or withdrawn there."""
    here = [x.status for x in compiled.therapies[option].licence if x.country == overlay.country]
    return bool(here) and all(status in ("withdrawn", "not_marketed") for status in here)


def apply_overlay(compiled: Compiled, overlay: Overlay) -> Compiled:
    """The guideline with the overlay's restrictions; nothing else changes."""
    facts = dict(compiled.facts)
    barred = {o: When(Constant(True)) for o, access in overlay.options.items() if not access.available}
    waiting = {
        o: When(disjunction(_unmet(a)))
        for o, a in overlay.options.items()
        if a.after_any_of or a.after_failure_of
    }
    asked = _asked(compiled, overlay)
    for name, variants in (("barred_here", barred), ("step_unmet", waiting), ("asked_by_access", asked)):
        fact = facts[name]
        facts[name] = msgspec.structs.replace(fact, variants={**fact.variants, **variants})
    return msgspec.structs.replace(compiled, facts=facts, access=overlay.options)


def _asked(compiled: Compiled, overlay: Overlay) -> dict[str, When]:
    """Each option that a step asks for, while a step that asks for it is open; what the guideline asks for stays."""
    waiting: dict[str, list[Node]] = {}
    for option, access in overlay.options.items():
        for step in dict.fromkeys((*access.after_any_of, *access.after_failure_of)):
            waiting.setdefault(step, []).append(Ref("step_unmet", (option,)))
    before = compiled.facts["asked_by_access"].variants
    return {
        step: When(disjunction([*([b.node] if isinstance(b := before.get(step), When) else []), *waits]))
        for step, waits in waiting.items()
    }


def _unmet(access: Access) -> list[Node]:
    """Each step that is asked for and was not gone. One that would harm this patient is never asked for."""
    steps: list[list[Node]] = []
    if access.after_any_of:
        gone = ("taking", "failed_option", "tried_option")
        harms = [Ref("contraindicated_absolute", (o,)) for o in access.after_any_of]
        steps.append([*(Ref(f, (o,)) for o in access.after_any_of for f in gone), conjunction([*harms])])
    if access.after_failure_of:
        skipped = ("failed_option", "contraindicated_absolute")
        steps.append([Ref(f, (o,)) for o in access.after_failure_of for f in skipped])
    return [Not(disjunction(step)) for step in steps]
