"""From content as written to the guideline ready to use, or every problem in it."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from atopy.criteria import Category, Constant, Day, Node, Signature
from atopy.facts import Cases, CompiledFact
from atopy.facts.compile import FactCompiler
from atopy.facts.compiled import Demographic
from atopy.facts.declare import Fact
from atopy.facts.fields import FIELDS
from atopy.facts.lexicon import Domains, domains, signature_of
from atopy.guideline import amounts, courses, generate
from atopy.guideline.allergens import with_allergens
from atopy.guideline.asking import together
from atopy.guideline.bibliography import rendered
from atopy.guideline.compiled import Compiled
from atopy.guideline.currency import review_days
from atopy.guideline.dated import is_dated, overdue
from atopy.guideline.files import content_files
from atopy.guideline.interactions import meetings
from atopy.guideline.load import Content, Item, load
from atopy.guideline.properties import encoded
from atopy.guideline.reviews import review_states, reviewed
from atopy.guideline.schema import Country, Statement, own_id
from atopy.nearest import did_you_mean
from atopy.record import Vocabulary, vocabulary
from atopy.yaml_source import Problem, SourceError

COUNTRIES = get_args(Country)
BUILT_IN: dict[str, tuple[Signature, Demographic, dict[str, str]]] = {
    "as_of": (Signature(Day()), Demographic("as_of"), {"en": "the date of this plan"}),
    "country": (Signature(Category(COUNTRIES)), Demographic("country"), {"en": "the country"}),
}


def compile_folder(folder: Path) -> Compiled:
    """The guideline in *folder*. Raises SourceError with every problem found, lints included."""
    from atopy.guideline.lint import lint

    content = load(folder)
    compiled, problems = compile_content_of(content, digest(folder))
    found = [*content.problems, *problems]
    if compiled is not None:
        found += lint(content, compiled)
    if found or compiled is None:
        raise SourceError(sorted(found, key=lambda p: (p.file, p.line or 0, p.message)))
    return compiled


def compile_content(folder: Path, out_file: Path) -> None:
    """Compile *folder* and write the result, as the build does."""
    out_file.parent.mkdir(parents=True, exist_ok=True)
    out_file.write_bytes(msgspec.msgpack.encode(compile_folder(folder)))


def digest(folder: Path) -> str:
    """A hash of every content file's path and bytes: it names the content in each plan."""
    total = hashlib.sha256()
    for path in content_files(folder):
        total.update(str(path.relative_to(folder)).encode() + b"\0")
        total.update(path.read_bytes() + b"\0")
    return total.hexdigest()


def compile_content_of(content: Content, hash_: str) -> tuple[Compiled | None, list[Problem]]:
    """Parse and type-check everything. None when the vocabulary itself cannot be read."""
    try:
        words = vocabulary([item.value for item in content.terms.values()])
    except ValueError as error:
        return None, [Problem("vocabulary/", None, "", f"{error}.", "Keep each id, name and code once.")]
    words, problems = with_allergens(words, content)
    builder = _Builder(content, words)
    return builder.build(hash_), [*problems, *builder.problems]


class _Builder:
    def __init__(self, content: Content, words: Vocabulary) -> None:
        self.content = content
        self.words = words
        self.problems: list[Problem] = []
        doses = {i.value.unit: n for n, i in content.facts.items() if i.value.dose is not None}
        self.made = generate.Generated(content.meta.value, doses)
        self.made.signatures |= courses.signatures()
        self.domains: Domains = domains(words) | {
            "option": tuple(content.therapies),
            "factor": tuple(content.factors),
            "mimic": tuple(content.mimics),
            "red_flag": tuple(content.red_flags),
            "gate": (*content.factors, *content.mimics, "change_of_course", "refractory"),
            "check": tuple(c.id for t in content.therapies.values() for c in t.value.monitor if is_dated(c)),
        }
        declared = {name: signature_of(item.value) for name, item in content.facts.items()}
        built_in = {name: signature for name, (signature, _, _) in BUILT_IN.items()}
        self.amounts = amounts.signatures([item.value for item in content.amounts.values()])
        known = built_in | declared | self.made.signatures | self.amounts
        self.compiler = FactCompiler(known, self.domains, words)

    def build(self, hash_: str) -> Compiled:
        c = self.content
        self.rules()
        self.domains["rule"] = tuple(self.made.variants.get("rule", {}))
        facts = self.built_in() | self.declared() | self.made.facts() | self.supplied()
        files = {self.name(i): i.document.file for group in self.groups() for i in group.values()}
        said, problems = reviewed(c)
        self.problems += problems
        return Compiled(
            c.meta.value, c.phrases.value, hash_, self.words, facts, self.domains, _values(c.therapies),
            _values(c.factors), _values(c.allergens), _values(c.mimics), _values(c.red_flags), _values(c.topics),
            _values(c.disagreements), c.instruments, c.sources,
            {k: _raw(v) for k, v in c.references.items()},
            files, review_states(said), _values(c.amounts), _values(c.judgements),
            rendered(c.references.values()), review_days(c, said),
            properties={name: encoded(item.value) for name, item in c.properties.items()},
            evidence=_raw(c.evidence.value if c.evidence else None),
            trials={key: _raw(item.value) for key, item in c.trials.items()},
            asking=msgspec.Raw(msgspec.msgpack.encode(together([i.value for i in c.asking.values()]))),
        )  # fmt: skip

    @staticmethod
    def name(item: Item) -> str:
        """What the item is called wherever all ids stand together."""
        return item.id if isinstance(item.value, Fact) else own_id(item.value)

    def groups(self) -> Iterator[dict[str, Item]]:
        c = self.content
        yield from (
            c.facts,
            c.therapies,
            c.factors,
            c.allergens,
            c.mimics,
            c.red_flags,
            c.topics,
            c.disagreements,
            c.amounts,
            c.judgements,
            c.trials,
        )

    def supplied(self) -> dict[str, CompiledFact]:
        """The facts that the tables of amounts make."""
        made = [f for i in self.content.amounts.values() for f in amounts.facts(i.value, self.predicate(i))]
        return {fact.name: fact for fact in made}

    def declared(self) -> dict[str, CompiledFact]:
        found: dict[str, CompiledFact] = {}
        for name, item in self.content.facts.items():
            fact = self.compiler.compile(name, item.value, self.report(item), item.document.file)
            found[name] = fact or self.unusable(name, item)
            taken = name in self.made.signatures or name in FIELDS or name in self.amounts
            if taken or self.bends_built_in(name, item):
                self.report(item)("", "this name belongs to the engine; give the fact another.")
        return found

    @staticmethod
    def bends_built_in(name: str, item: Item) -> bool:
        """A built-in fact may be declared again for its words, not for another meaning."""
        return name in BUILT_IN and item.value.demographic != name

    @staticmethod
    def unusable(name: str, item: Item) -> CompiledFact:
        """A fact that did not compile stands as always unknown, so that the lints can go on."""
        return CompiledFact(name, signature_of(item.value), Cases((), None), item.value.label)

    @staticmethod
    def built_in() -> dict[str, CompiledFact]:
        return {
            n: CompiledFact(n, signature, derivation, label)
            for n, (signature, derivation, label) in BUILT_IN.items()
        }

    def report(self, item: Item) -> Callable[[str, str], None]:
        return lambda part, message: self.problems.append(item.problem(part, f"{item.id}: {message}"))

    def predicate(self, item: Item, event: bool = False) -> generate.Predicate:

        def parse(part: str, text: str) -> Node | None:
            def report(_: str, message: str) -> None:
                self.problems.append(item.problem_at(text, f"{item.id}: {message}"))

            return self.compiler.predicate(text, None, report, part, event)

        return parse

    def rules(self) -> None:
        """Every predicate of every file becomes a rule; therapies get their generated facts."""
        met = meetings([i.value for i in self.content.therapies.values()], self.words.members)
        for item in self.content.therapies.values():
            self.known_treatments(item)
            generate.therapy_rules(self.made, item.value, self.predicate(item), met[item.id])
            generate.outside_licence_needs_not_licensed(self.made, item.id)
            for check in item.value.monitor:
                if is_dated(check):
                    self.made.set("days_overdue", check.id, overdue(check, item.value, self.words))
        generate.group_rules(self.made, [i.value for i in self.content.therapies.values()])
        generate.asked_rules(self.made, [i.value for i in self.content.therapies.values()])
        self.states(self.content.factors, "factor")
        self.states(self.content.mimics, "mimic")
        for item in self.content.mimics.values():
            settled = item.value.settled
            if settled is not None:
                self.made.set(
                    "mimic_settled", item.id, self.predicate(item)("settled", settled) or Constant(False)
                )
        for item in self.content.allergens.values():
            generate.statement_rules(self.made, item.value.advice, self.predicate(item))
        for item in self.content.red_flags.values():
            parsed = self.predicate(item)("when", item.value.when)
            self.made.set("red_flag", item.id, parsed or Constant(False))
            generate.statement_rules(self.made, item.value.act, self.predicate(item))
        for item in self.content.topics.values():
            generate.statement_rules(self.made, item.value.statements, self.predicate(item))
        self.courses()
        self.populations()
        for item in self.content.disagreements.values():
            self.made.rule(f"disagreement-{item.id}", self.predicate(item)("touches", item.value.touches))

    def populations(self) -> None:
        """For whom the trials that are compared with each other speak."""
        if self.content.evidence is None:
            return
        parse = self.predicate(self.content.evidence)
        for population in self.content.evidence.value.populations:
            if population.compared:
                self.made.rule(f"population-{population.id}", parse("when", population.when))

    def states(self, items: dict[str, Item], kind: str) -> None:
        for item in items.values():
            parse = self.predicate(item)
            for state in ("present", "suspected", "excluded"):
                node = parse(state, getattr(item.value, state))
                self.made.set(f"{kind}_{state}", item.id, node or Constant(False))
            generate.statement_rules(self.made, statements_of(item.value), parse)

    def courses(self) -> None:
        """Each criterion becomes a fact of one course; together they say whether a trial was adequate."""
        judged: list[courses.Judged] = []
        for item in self.content.judgements.values():
            self.known_treatments(item)
            parse = self.predicate(item, event=True)
            terms = [t for t in item.value.treats_with if t in self.domains["drug"]]
            of = parse("treats_with", " OR ".join(f"belongs({t})" for t in terms) or "FALSE")
            criteria = [(c, parse(c.id, c.when)) for c in item.value.criteria]
            parsed = [courses.CourseCriterion(c, node) for c, node in criteria if node is not None]
            judged.append(courses.Judged(of or Constant(False), tuple(parsed)))
        courses.course_rules(self.made, judged)

    def known_treatments(self, item: Item) -> None:
        """Report every treatment of an option that the vocabulary does not hold."""
        drugs = self.domains["drug"]
        for i, term in enumerate(item.value.treats_with):
            if term not in drugs:
                message = f"'{term}' is not a drug or therapy of the vocabulary.{did_you_mean(term, drugs)}"
                self.report(item)(f"treats_with[{i}]", message)
        for i, interaction in enumerate(getattr(item.value, "interactions", ())):
            for j, term in enumerate(interaction.with_):
                if term not in drugs:
                    message = (
                        f"'{term}' is not a drug or therapy of the vocabulary.{did_you_mean(term, drugs)}"
                    )
                    self.report(item)(f"interactions[{i}].with[{j}]", message)


def statements_of(value: object) -> list[Statement]:
    """Every statement that a content object holds, in reading order."""
    found: list[Statement] = []
    for field in getattr(value, "__struct_fields__", ()):
        part = getattr(value, field)
        for one in part if isinstance(part, list) else ():
            if isinstance(one, Statement):
                found.append(one)
            else:
                found += statements_of(one)
    return found


def _raw(value: object) -> msgspec.Raw:
    """Kept as it is stored, for whoever asks for it."""
    return msgspec.Raw(msgspec.msgpack.encode(value))


def _values(items: dict[str, Item]) -> dict[str, Any]:
    return {key: item.value for key, item in items.items()}


__all__ = ["compile_content", "compile_content_of", "compile_folder", "digest", "statements_of"]
