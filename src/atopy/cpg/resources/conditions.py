"""When each rule applies, as one library of CQL: a named boolean for every action of every rule.

A PlanDefinition of CPG-on-FHIR names one library, and what a rule needs stands in several; so this one includes them.
A rule that is unknown (null) is not met: an action is taken on what is known alone.
"""

from collections.abc import Iterable

from atopy.cpg.cql_nodes import TypeOf, Write
from atopy.cpg.cql_nodes import Writer as CqlWriter
from atopy.cpg.cql_text import name as name_of
from atopy.cpg.cql_text import string
from atopy.cpg.resources.book import Book
from atopy.cpg.resources.canonical import Resource, fhir_name, url_of
from atopy.criteria import And, Is, Node, Not, OneOf, Or, Ref, english


def rule(id_: str) -> Ref:
    """The predicate of a statement, contraindication, check ... with its country and dates."""
    return Ref("rule", (id_,))


def one_of(fact: str, member: str, values: Iterable[str]) -> OneOf:
    """Whether a table's outcome for an option, factor or mimic is one of several."""
    return OneOf(Ref(fact, (member,)), tuple(values))


def not_so(node: Node) -> Not:
    """Unless it is known to be so."""
    return Not(Is(node, True))


class _Sharing(CqlWriter):
    """Writes predicates, and parts that are defined already by their names."""

    def __init__(self, write: Write, type_of: TypeOf) -> None:
        super().__init__(write, type_of)
        self.shared: dict[Node, str] = {}

    def __call__(self, node: Node) -> str:
        name = self.shared.get(node)
        return name_of(name) if name is not None else super().__call__(node)


class Conditions:
    """Collects the conditions while rules are written, and writes the library that defines them."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.nodes: dict[str, Node] = {}  # what each says, by name
        self.defined: dict[str, str] = {}  # the same in CQL
        self._used: dict[str, None] = {}  # libraries
        facts = book.compiled.facts
        self._written = _Sharing(self._term, lambda ref: facts[ref.name].signature.type)

    def share(self, name: str, node: Node) -> None:
        """Define a part that many conditions have once; from now on they name it."""
        self.defined[name] = self._written(node)
        self._written.shared[node] = name

    def condition(self, name: str, node: Node) -> Resource:
        """``PlanDefinition.action.condition``: *node* under its name, in plain English too."""
        cql = self._written(node)
        if self.defined.setdefault(name, cql) != cql:
            raise ValueError(f"the condition '{name}' is defined twice, in two ways")
        self.nodes[name] = node
        return {
            "kind": "applicability",
            "expression": {
                "description": self.english(node),
                "language": "text/cql-identifier",
                "expression": name,
                "reference": url_of(self.book.base, "Library", self.book.recommendations),
            },
        }

    def english(self, node: Node) -> str:
        """The condition in plain English: of a rule, what it is made of."""
        return english(self._opened(node), self.book.guidance.wording.words)

    def _opened(self, node: Node) -> Node:
        """*node* with each rule in it replaced by its predicate."""
        if isinstance(node, Ref) and node.name == "rule":
            derivation = self.book.compiled.facts["rule"].variants.get(node.args[0])
            return getattr(derivation, "node", node)
        if isinstance(node, And | Or):
            return type(node)(tuple(self._opened(p) for p in node.parts))
        if isinstance(node, Not):
            return Not(self._opened(node.part))
        return Is(self._opened(node.part), node.truth) if isinstance(node, Is) else node

    # -- CQL

    def _term(self, ref: Ref) -> str:
        """A fact by its definition, or by the parameter that stands for it."""
        found = self.book.logic.definitions.get(ref.key) or self.book.logic.parameters[ref.key]
        self._used[found.library] = None
        return f"{self._alias(found.library)}.{name_of(found.name)}"

    def _alias(self, library: str) -> str:
        """A library as it is called here: without what all of them begin with."""
        return library.removeprefix(fhir_name(self.book.compiled.meta.id)) or library

    def text(self) -> str:
        """The library."""
        book = self.book
        heads = [
            f"library {book.recommendations} version {string(book.version)}",
            "using FHIR version '4.0.1'",
        ]
        heads += [
            f"include {library.name} version {string(library.version)} called {self._alias(library.name)}"
            for library in book.logic.libraries
            if library.name in self._used
        ]
        lines = [f"define {name_of(name)}:\n  {cql}" for name, cql in self.defined.items()]
        return "\n\n".join(["\n".join(heads), "context Patient", *lines]) + "\n"


__all__ = ["Conditions", "not_so", "one_of", "rule"]
