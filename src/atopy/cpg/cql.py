"""A guideline in CQL: five libraries, each including the one before, the value sets and the parameters they speak of.

``...Terms`` finds what the concepts of a record mean, ``...Record`` reads FHIR R4 into dated events, ``...Facts``
measures them, ``...Rules`` holds the predicates, ``...Decisions`` statuses and decision tables. They form a chain on
purpose: an engine keeps what it has worked out for a library once for each library that includes it. What a library
needs of one further down, those between pass on.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files

import msgspec

from atopy.cpg.cql_facts import FactWriter, nodes_of, why_not, written_table
from atopy.cpg.cql_nodes import AT_LEAST, Write, Writer
from atopy.cpg.cql_terms import ValueSetCodes, terms_library
from atopy.cpg.cql_text import EVENT, decimal, name, pascal, string, type_name
from atopy.criteria import Category, Ref, Type, refs
from atopy.facts import Cases, CompiledFact, Demographic, Derivation, Greatest, Observe, Product, Rules, When
from atopy.facts.fields import FIELDS
from atopy.facts.lexicon import domains
from atopy.guideline import Compiled

FHIR_VERSION = "4.0.1"
DEFAULT_CANONICAL = "https://atopy.example/fhir"
_FACTS, _RULES, _DECISIONS = range(3)
_PARTS = ("Facts", "Rules", "Decisions")
_DEMOGRAPHIC = {
    "sex": "Sex", "country": "Here", "deceased": "Is dead", "birth_date": "Born", "years": "Age in years",
    "months": "Age in months", "as_of": "AsOf",
}  # fmt: skip


class CqlLibrary(msgspec.Struct, frozen=True):
    """One library: its name in CQL and FHIR, its whole text, and the names of those it includes."""

    name: str
    version: str
    text: str
    includes: tuple[str, ...]


class Definition(msgspec.Struct, frozen=True):
    """Where the value of a term is defined: *name* is the identifier in the library, without quotes."""

    key: str
    library: str
    name: str
    type: str


class Parameter(msgspec.Struct, frozen=True):
    """A term that CQL does not derive: whoever runs it gives the value, null for unknown; and why that is so."""

    key: str
    library: str
    name: str
    type: str
    reason: str


class CqlExport(msgspec.Struct, frozen=True):
    """A guideline in CQL. Libraries stand in the order of inclusion; value sets are by URL, the rest by term."""

    libraries: tuple[CqlLibrary, ...]
    definitions: dict[str, Definition]
    parameters: dict[str, Parameter]
    value_sets: dict[str, ValueSetCodes]


def cql_export(guideline: Compiled, canonical: str = DEFAULT_CANONICAL) -> CqlExport:
    """Every rule, generated fact and decision table of *guideline* in CQL, with the facts that they rest on."""
    return _Export(guideline, canonical).made()


class _Export:
    def __init__(self, guideline: Compiled, canonical: str) -> None:
        self.guideline = guideline
        self.canonical = canonical.rstrip("/")
        self.rules = Rules(guideline.facts, guideline.vocabulary)
        self.stem = pascal(guideline.meta.id)
        self.version = guideline.meta.version
        self.terms: dict[str, tuple[Ref, CompiledFact, Derivation]] = {}  # each after all that it rests on
        self.reasons: dict[str, str] = {}
        self.rests_on: dict[str, list[Ref]] = {}
        self.level: dict[str, int] = {}  # of each term the library that it stands in
        self.generated = _generated(guideline)
        for ref in roots(guideline):
            self._visit(ref)

    def home(self, key: str) -> str:
        """The part in which a term is defined."""
        return _PARTS[self.level[key]]

    def _level(self, ref: Ref, resting: list[Ref]) -> int:
        """What speaks only of the record stands among the facts; tables that judge rules, above the rules."""
        below = max((self.level[other.key] for other in resting), default=_FACTS)
        if ref.name in self.generated:
            return max(_RULES, below)
        return _DECISIONS if below >= _RULES else _FACTS

    def _visit(self, ref: Ref) -> None:
        if ref.key in self.terms:
            return
        fact = self.guideline.facts[ref.name]
        derivation = self.rules.derivation(fact, ref.args)
        reason = why_not(self.rules, fact, derivation)
        if reason is None:
            resting = self.rests_on[ref.key] = list(self._rests_on(derivation))
            for other in resting:
                self._visit(other)
            self.level[ref.key] = self._level(ref, resting)
        else:
            self.reasons[ref.key] = reason
            self.level[ref.key] = _FACTS
        self.terms[ref.key] = ref, fact, derivation

    def _rests_on(self, derivation: Derivation) -> Iterator[Ref]:
        for node in nodes_of(derivation):
            yield from self._of_patient(refs(node))
        if isinstance(derivation, Greatest):
            yield from (Ref(n) for n in derivation.names)
        elif isinstance(derivation, Product):
            yield from (Ref(n) for n in (*derivation.names, *derivation.over))

    def _of_patient(self, listed: Iterable[Ref]) -> Iterator[Ref]:
        """Terms of the patient, those behind a fact of one event too."""
        for ref in listed:
            if not ref.event:
                yield ref
            elif ref.name not in FIELDS:
                for node in nodes_of(self.guideline.facts[ref.name].derivation):
                    yield from self._of_patient(refs(node))

    def type_of(self, ref: Ref) -> Type:
        """The type of a term."""
        field = FIELDS.get(ref.name) if ref.event else None
        return field[0].type if field is not None else self.guideline.facts[ref.name].signature.type

    # -- texts

    def made(self) -> CqlExport:
        terms = terms_library(self.guideline.vocabulary, self.guideline.instruments, self.canonical)
        record = (
            files("atopy.cpg").joinpath("record.cql").read_text(encoding="utf-8").replace("$EVENT", EVENT)
        )
        libraries = (
            self._library("Terms", None, terms.text),
            self._library("Record", "Terms", record),
            self._library("Facts", "Record", self._facts()),
            self._library("Rules", "Facts", self._rules()),
            self._library("Decisions", "Rules", self._decisions()),
        )
        definitions, parameters = {}, {}
        for key, (_, fact, _) in self.terms.items():
            kind = type_name(fact.signature.type)
            if key in self.reasons:
                parameters[key] = Parameter(key, f"{self.stem}Facts", key, kind, self.reasons[key])
            else:
                definitions[key] = Definition(key, f"{self.stem}{self.home(key)}", key, kind)
        return CqlExport(libraries, definitions, parameters, terms.value_sets)

    def _library(self, part: str, includes: str | None, body: str) -> CqlLibrary:
        head = [
            f"library {self.stem}{part} version {string(self.version)}",
            "",
            f"using FHIR version '{FHIR_VERSION}'",
        ]
        included = f"{self.stem}{includes}" if includes else None
        if included:
            head += ["", f"include {included} version {string(self.version)} called {includes}"]
        text = "\n".join(head) + f"\n\n{body.strip()}\n"
        return CqlLibrary(f"{self.stem}{part}", self.version, text, (included,) if included else ())

    def _facts(self) -> str:
        def write(ref: Ref) -> str:
            return name(ref.key)

        writer = FactWriter(self.rules, write, self.type_of)
        parameters = [
            f"// {self.reasons[key]}\nparameter {name(key)} {type_name(fact.signature.type)}"
            for key, (_, fact, _) in self.terms.items()
            if key in self.reasons
        ]
        bodies = [
            self._definition(key, fact, derivation, writer.predicate, writer)
            for key, (_, fact, derivation) in self.terms.items()
            if key not in self.reasons and self.level[key] == _FACTS
        ]
        functions = list(writer.functions.values())
        if writer.predicate.counts_parts:
            functions.insert(0, AT_LEAST)
        return "\n\n".join([*parameters, "context Patient", *functions, *bodies])

    def _rules(self) -> str:
        """The predicates; and what the decisions need of the facts, passed on."""

        def write(ref: Ref) -> str:
            return name(ref.key) if self.level[ref.key] == _RULES else f"Facts.{name(ref.key)}"

        decided = [key for key, level in self.level.items() if level == _DECISIONS]
        needed = {ref.key for key in decided for ref in self.rests_on[key] if self.level[ref.key] == _FACTS}
        passed_on = [f"define {name(key)}: Facts.{name(key)}" for key in self.terms if key in needed]
        return self._above(_RULES, write, passed_on)

    def _decisions(self) -> str:
        def write(ref: Ref) -> str:
            return name(ref.key) if self.level[ref.key] == _DECISIONS else f"Rules.{name(ref.key)}"

        return self._above(_DECISIONS, write, [])

    def _above(self, level: int, write: Write, passed_on: list[str]) -> str:
        predicate = Writer(write, self.type_of)
        bodies = [
            self._definition(key, fact, derivation, predicate, None)
            for key, (_, fact, derivation) in self.terms.items()
            if self.level[key] == level
        ]
        functions = [AT_LEAST] if predicate.counts_parts else []
        return "\n\n".join(["context Patient", *functions, *passed_on, *bodies])

    def _definition(
        self,
        key: str,
        fact: CompiledFact,
        derivation: Derivation,
        predicate: Writer,
        facts: FactWriter | None,
    ) -> str:
        return f"define {name(key)}:\n  {self._body(fact, derivation, predicate, facts)}"

    def _body(
        self, fact: CompiledFact, derivation: Derivation, predicate: Writer, facts: FactWriter | None
    ) -> str:
        if isinstance(derivation, When):
            return predicate(derivation.node)
        if isinstance(derivation, Cases):
            return written_table(derivation, fact.signature.type, predicate)
        if isinstance(derivation, Greatest):
            return _greatest(derivation, fact, predicate)
        if isinstance(derivation, Product):
            return _product(derivation, predicate)
        assert facts is not None, "what is measured or of the patient stands among the facts"
        if isinstance(derivation, Demographic):
            return f"Record.{name(_DEMOGRAPHIC[derivation.what])}"
        assert isinstance(derivation, Observe)
        return facts.observe(fact, derivation)


def roots(guideline: Compiled) -> Iterator[Ref]:
    """Every fact of the patient; of those with a parameter, for each member that is no mere word of the vocabulary."""
    words = domains(guideline.vocabulary)
    for fact_name, fact in guideline.facts.items():
        if fact.signature.event:
            continue
        if not fact.signature.parameters:
            yield Ref(fact_name)
            continue
        domain = fact.signature.parameters[0]
        members = fact.variants if domain in words or domain == "rule" else guideline.domains.get(domain, ())
        for member in members:
            yield Ref(fact_name, (member,))


def _generated(guideline: Compiled) -> frozenset[str]:
    """Facts that are made for each member from the content's other files."""
    return frozenset(n for n, fact in guideline.facts.items() if fact.variants)


def _greatest(derivation: Greatest, fact: CompiledFact, predicate: Writer) -> str:
    """The greatest of those that are known."""
    assert isinstance(fact.signature.type, Category)
    written = [predicate.write(Ref(n)) for n in derivation.names]
    arms = [
        f"\n    when {' or '.join(f'{term} = {string(member)}' for term in written)} then {string(member)}"
        for member in reversed(fact.signature.type.values)
    ]
    return f"case{''.join(arms)}\n    else null\n  end"


def _product(derivation: Product, predicate: Writer) -> str:
    over = " * ".join([decimal(derivation.per), *(predicate.write(Ref(n)) for n in derivation.over)])
    above = " * ".join([decimal(derivation.times), *(predicate.write(Ref(n)) for n in derivation.names)])
    return f"({above}) / ({over})"
