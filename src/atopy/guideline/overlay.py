"""A local overlay: formulary and step-therapy rules of one place. Access is not evidence, and is labelled so.

An overlay can bar an option or make it wait for others; it cannot recommend one, lift a contraindication or
change a text of the guideline.
"""

import hashlib
from pathlib import Path

import msgspec

from atopy.criteria import Constant, Node, Not, Ref, disjunction
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
    return found


def apply_overlay(compiled: Compiled, overlay: Overlay) -> Compiled:
    """The guideline with the overlay's restrictions; nothing else changes."""
    facts = dict(compiled.facts)
    barred = {o: When(Constant(True)) for o, access in overlay.options.items() if not access.available}
    waiting = {
        o: When(disjunction(_unmet(a)))
        for o, a in overlay.options.items()
        if a.after_any_of or a.after_failure_of
    }
    for name, variants in (("barred_here", barred), ("step_unmet", waiting)):
        fact = facts[name]
        facts[name] = msgspec.structs.replace(fact, variants={**fact.variants, **variants})
    return msgspec.structs.replace(compiled, facts=facts, access=overlay.options)


def _unmet(access: Access) -> list[Node]:
    """Each step that is asked for and was not gone. One that would harm this patient is never asked for."""
    steps = (
        (access.after_any_of, ("taking", "failed_option", "tried_option")),
        (access.after_failure_of, ("failed_option", "contraindicated_absolute")),
    )
    return [
        Not(disjunction([Ref(f, (o,)) for o in options for f in facts]))
        for options, facts in steps
        if options
    ]
