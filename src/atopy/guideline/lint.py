"""What an editor can get wrong in content that reads and type-checks: one small check for each mistake."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec

from atopy.criteria import Constant, Ref
from atopy.facts import Derivation, Rules, When, World
from atopy.facts.compile import speaks_of
from atopy.facts.spans import check_span
from atopy.facts.timing import Phase
from atopy.guideline import lint_access, lint_asking, lint_bands, lint_doses, lint_properties, lint_trials
from atopy.guideline.amounts import COMPUTED, misfits, options_told
from atopy.guideline.asking import PLACES, Verdict
from atopy.guideline.compiled import Compiled
from atopy.guideline.currency import mistakes as mistakes_of_currency
from atopy.guideline.lint_courses import judged_once, spans_and_targets_exist
from atopy.guideline.lint_dated import mistakes
from atopy.guideline.load import Content, Item
from atopy.guideline.schema import (
    Check,
    Citation,
    Grade,
    Interval,
    Licence,
    Quantity,
    Statement,
    Timing,
    Words,
    own_id,
)
from atopy.guideline.walk import Path, items, parts
from atopy.nearest import did_you_mean
from atopy.record import Patient, Record
from atopy.yaml_source import Problem, spell

Lint = Callable[[Content, Compiled], Iterator[Problem]]
LINTS: list[Lint] = [
    *lint_doses.LINTS,
    *lint_access.LINTS,
    *lint_bands.LINTS,
    *lint_asking.LINTS,
    *lint_trials.LINTS,
    *lint_properties.LINTS,
]
_FILLED: dict[type[msgspec.Struct], tuple[str, ...]] = {**COMPUTED, Verdict: PLACES}

# What every plan asks of the content, with the domain of its argument.
ASKED = {
    "headline": None,
    "disease_state": None,
    "age_years": None,
    "age_months": None,
    "takes": "drug",
    "failed": "drug",
    "tried": "drug",
    "overridden": "gate",
    "factor_status": "factor",
    "factor_holds": "factor",
    "mimic_status": "mimic",
    "mimic_holds": "mimic",
    "standing": "option",
    "option_status": "option",
    "taken_action": "option",
}


def lint(content: Content, compiled: Compiled) -> list[Problem]:
    """Every mistake that the lints know of."""
    return [problem for check in LINTS for problem in check(content, compiled)]


def _lint(check: Lint) -> Lint:
    LINTS.append(check)
    return check


@_lint
def ids_are_unique(content: Content, _: Compiled) -> Iterator[Problem]:
    """An id names one thing in the whole content."""
    seen: dict[str, str] = {}
    for item in items(content):
        for path, id_ in _ids(item.value):
            if id_ in seen:
                message = f"the id '{id_}' is also used in {seen[id_]}; every id names one thing."
                yield item.problem_in((*path, "id"), message)
            seen.setdefault(id_, item.document.file)


def _ids(value: Any) -> Iterator[tuple[Path, str]]:
    """The id of an item, and of everything in it that has one."""
    for path, one in parts(value, msgspec.Struct):
        if hasattr(one, "id"):
            yield path, own_id(one)


@_lint
def sources_exist(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Every statement names a source that the bibliography holds, and nothing recalled claims to be read."""
    for item in items(content):
        for path, cited in parts(item.value, msgspec.Struct):
            if not isinstance(cited, Citation | Grade | Licence):
                continue
            info = compiled.sources.get(cited.source)
            if info is None:
                near = did_you_mean(cited.source, compiled.sources)
                message = f"the source '{cited.source}' is in neither sources.yaml nor references.json.{near}"
                yield item.problem_in((*path, "source"), message)
            elif cited.verified and info.kind in ("memory", "derived"):
                message = f"'{cited.source}' is not a page: a statement from it cannot be verified."
                yield item.problem_in((*path, "verified"), message)
    for name, fact in content.facts.items():
        if fact.value.source is not None and fact.value.source not in compiled.sources:
            yield fact.problem("source", f"{name}: the source '{fact.value.source}' is not in sources.yaml.")


@_lint
def statements_have_sources(content: Content, _: Compiled) -> Iterator[Problem]:
    """No statement, dose, check, limit or contraindication stands on nothing."""
    for item in items(content):
        for path, one in parts(item.value, msgspec.Struct):
            if getattr(one, "sources", None) == []:
                named = f"'{one.id}'" if hasattr(one, "id") else spell(path)
                yield item.problem_in(path, f"the {type(one).__name__.lower()} {named} names no source.")


_NUMBER = re.compile(r"(?<![A-Za-z0-9-])\d+(?:[.,]\d+)?(?![A-Za-z0-9])")
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


@_lint
def numbers_are_parameters(content: Content, _: Compiled) -> Iterator[Problem]:
    """No digit stands in a text; every {name} has a number; both readers get the same figures."""
    for item in [*items(content), *([content.evidence] if content.evidence else [])]:
        of_statement: dict[str, Quantity] = {}
        for path, holder in parts(item.value, msgspec.Struct):
            of_statement = holder.numbers if isinstance(holder, Statement) else of_statement
            own = of_statement if isinstance(holder, Timing) else getattr(holder, "numbers", None)
            numbers = dict.fromkeys(_FILLED.get(type(holder), ())) | (own or {})
            for name in holder.__struct_fields__:
                words = getattr(holder, name)
                several = words.items() if isinstance(words, dict) else ()
                for step, one in ((name, words), *((f"{name}.{key}", value) for key, value in several)):
                    if isinstance(one, Words):
                        yield from _check_words(item, (*path, *step.split(".")), one, numbers)


def _check_words(item: Item, path: Path, words: Words, numbers: dict[str, Any]) -> Iterator[Problem]:
    for audience in ("clinician", "patient"):
        for language, text in (getattr(words, audience) or {}).items():
            where = (*path, audience, language)
            bare = _NUMBER.findall(_PLACE.sub("", text))
            if bare:
                message = f"'{bare[0]}' stands bare in a text; make it a number of the item: {text[:60]}"
                yield item.problem_in(where, message)
            for name in _PLACE.findall(text):
                if name not in numbers:
                    yield item.problem_in(where, f"{{{name}}} has no number beside the text: {text[:60]}")
    for name in sorted(_places(words.patient) - _places(words.clinician)):
        message = f"the patient meets the number {{{name}}}, the clinician does not."
        yield item.problem_in((*path, "patient"), message)


def _places(text: dict[str, str] | None) -> set[str]:
    """The numbers that a text speaks of, in any language."""
    return {name for words in (text or {}).values() for name in _PLACE.findall(words)}


@_lint
def rungs_and_links_exist(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A rung is one of the guideline's; a link leads somewhere."""
    rungs = [r.id for r in compiled.meta.rungs]
    known = [i.id for i in items(content)] + [i.id for i in content.instruments.instruments]
    for item in items(content):
        rung = getattr(item.value, "rung", None)
        if rung is not None and rung not in rungs:
            yield item.problem(
                "rung", f"'{rung}' is not a rung of guideline.yaml.{did_you_mean(rung, rungs)}"
            )
        told_in = getattr(item.value, "told_in", None)
        if told_in is not None and told_in not in content.factors:
            message = f"'{told_in}' is not a factor.{did_you_mean(told_in, content.factors)}"
            yield item.problem("told_in", message)
        for field in ("links", "about"):
            for i, link in enumerate(getattr(item.value, field, ())):
                if link not in known:
                    message = f"'{link}' is not a topic, factor, mimic or therapy.{did_you_mean(link, known)}"
                    yield item.problem_in((field, i), message)


@_lint
def dates_are_dates(content: Content, _: Compiled) -> Iterator[Problem]:
    """Every date can be read."""
    for item in items(content):
        for path, holder in parts(item.value, msgspec.Struct):
            for name in ("effective", "until", "review_by"):
                text = getattr(holder, name, None)
                if isinstance(text, str) and not _is_date(text):
                    message = f"'{text}' is not a date; write for example 2026-11-20."
                    yield item.problem_in((*path, name), message)


@_lint
def currency_can_be_counted(content: Content, _: Compiled) -> Iterator[Problem]:
    """The day from which statements count as said is a date, and how long they may stand can be read."""
    yield from mistakes_of_currency(content)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@_lint
def timings_can_be_computed(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """Spans can be read, phases follow one another, and what counts as done is a word of the vocabulary."""
    for item in items(content):
        for path, one in parts(item.value, msgspec.Struct):
            if isinstance(one, Check | Interval | Timing | Phase):
                for part, message in mistakes(one, compiled.vocabulary):
                    yield item.problem_in((*path, *part), message)
    for name in ("judged_within", "judged_until"):
        wrong = check_span(getattr(content.meta.value, name) or "1 day")
        if wrong:
            yield content.meta.problem(name, wrong)


@_lint
def the_engine_finds_its_facts(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """The tables that make a plan are content; the engine only knows their names."""
    for name, domain in ASKED.items():
        fact = compiled.facts.get(name)
        if fact is None or fact.signature.parameters != ((domain,) if domain else ()):
            takes = f" of {domain}" if domain else ""
            message = f"the fact '{name}'{takes} is missing: every plan asks for it."
            yield Problem("decisions/", None, "", message, "Declare it in facts/ or decisions/.")


@_lint
def interactions_meet_another(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A therapy does not interact with itself, and what is planned can be looked up."""
    members = compiled.vocabulary.members
    planned = compiled.facts.get("to_start")
    for item in content.therapies.values():
        own = set(item.value.treats_with)
        for i, interaction in enumerate(item.value.interactions):
            path: Path = ("interactions", i)
            for word in interaction.with_:
                if own.intersection((word, *members.get(word, ()))) and not own.intersection(members):
                    message = (
                        f"the interaction '{interaction.id}' meets '{word}', which is this therapy itself."
                    )
                    yield item.problem_in((*path, "with"), message)
            if planned is None or planned.signature.parameters != ("drug",):
                message = "an interaction needs the fact 'to_start' of drug, for what is planned."
                yield item.problem_in(path, message)
        for i, other in enumerate(item.value.combines_with):
            partner = content.therapies.get(other)
            if partner is None or partner.value.group != item.value.group:
                yield item.problem_in(("combines_with", i), f"'{other}' is no option of the same group.")


@_lint
def parts_are_other_options(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """An option that is made of others names options, and not itself."""
    for item in content.therapies.values():
        others = [t for t in content.therapies if t != item.value.id]
        for i, part in enumerate(item.value.parts):
            if part not in others:
                message = f"'{part}' is no other option.{did_you_mean(part, others)}"
                yield item.problem_in(("parts", i), message)


@_lint
def facts_do_not_circle(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A fact never rests on itself."""
    for circle in circles(compiled):
        item = content.facts.get(circle[0], content.meta)
        yield item.problem("", f"these facts rest on each other: {' -> '.join(circle)}.")


def circles(compiled: Compiled) -> list[tuple[str, ...]]:
    """Every circle among the facts. What is derived for one member counts as the fact's; each rule is its own."""
    needs = _needs(compiled)
    done: set[str] = set()
    found: list[tuple[str, ...]] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            found.append((*path[path.index(name) :], name))
        elif name not in done:
            for other in sorted(needs.get(name, ())):
                visit(other, (*path, name))
            done.add(name)

    for name in sorted(needs):
        visit(name, ())
    return found


def _needs(compiled: Compiled) -> dict[str, set[str]]:
    """What each fact rests on, by name; of the rules, by id."""
    needs: dict[str, set[str]] = {}
    for name, fact in compiled.facts.items():
        if name == "rule":
            needs |= {f"rule({id_})": _names(d) for id_, d in fact.variants.items()}
        else:
            needs[name] = {n for d in (fact.derivation, *fact.variants.values()) for n in _names(d)}
    return needs


def _names(derivation: Derivation) -> set[str]:
    return {str(ref) if ref.name == "rule" else ref.name for ref in speaks_of(derivation)}


@_lint
def nothing_fires_on_an_empty_record(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """To a patient of whom nothing is known, no option is open, no factor suspected, nothing urgent."""
    if circles(compiled):
        return  # named above; a circle has no value to look at
    world = World(Rules(compiled.facts, compiled.vocabulary), Record(Patient()), date(2026, 11, 20))
    for fact, group in _must_stay_silent(content):
        for id_, item in group.items():
            if world.value(Ref(fact, (id_,))) is True:
                message = f"{fact}({id_}) is true for an empty record; it must rest on something known."
                yield item.problem(_PART.get(fact, fact.split("_")[-1]), message)


_PART = {"red_flag": "when", "suits": "suits", "taking": "treats_with"}


def _must_stay_silent(content: Content) -> list[tuple[str, dict[str, Item]]]:
    pairs = [("suits", content.therapies), ("taking", content.therapies), ("red_flag", content.red_flags)]
    for kind, group in (("factor", content.factors), ("mimic", content.mimics)):
        pairs += [(f"{kind}_{state}", group) for state in ("present", "suspected", "excluded")]
    return pairs


@_lint
def predicates_can_be_met(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A rule that is false whatever the patient is a mistake (FALSE is allowed where a state has no test yet)."""
    rules = compiled.facts["rule"].variants
    for item in items(content):
        for path, s in parts(item.value, Statement):
            rule = rules.get(s.id)
            if isinstance(rule, When) and rule.node == Constant(False):
                message = f"the statement '{s.id}' can never be shown: its predicate is FALSE."
                yield item.problem_in((*path, "when"), message)


@_lint
def instruments_are_sound(content: Content, _: Compiled) -> Iterator[Problem]:
    """Weights sum to one, bands cover the range, and the like."""
    from atopy.instruments import check_library

    for message in check_library(content.instruments):
        yield Problem("instruments/", None, "", message)


@_lint
def amounts_fit(content: Content, compiled: Compiled) -> Iterator[Problem]:
    """A table of amounts speaks of facts, options, sites and parts that there are."""
    for item in content.amounts.values():
        for path, message in misfits(item.value, compiled.facts, compiled.domains):
            yield item.problem_in(path, message)


@_lint
def amounts_told_once(content: Content, _: Compiled) -> Iterator[Problem]:
    """Two tables that say how much of one option would tell it twice, and differently."""
    told: dict[str, str] = {}
    for id_, item in content.amounts.items():
        for path, option in options_told(item.value):
            if option in told:
                message = f"how much of '{option}' is already told by '{told[option]}'."
                yield item.problem_in(path, message)
            told.setdefault(option, id_)


LINTS += [judged_once, spans_and_targets_exist]
