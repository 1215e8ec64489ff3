"""Logic coverage: which clauses of gates, red flags and absolute contraindications were seen true, false and unknown.

``python -m tests.scenarios.coverage`` prints it. Scenarios come first; a record is generated for what none reaches.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import msgspec
from tests.scenarios.generate import AS_OF, Draft, Generator, nodes_of
from tests.scenarios.possible import ALL, Possible
from tests.scenarios.scenario import FOLDER, case_of, guidance, read_record, scenarios

from atopy.criteria import Node, Ref, clauses
from atopy.criteria.nodes import Compare, Constant, Missing, OneOf
from atopy.facts import Rules, World, blank_of
from atopy.guideline import Compiled
from atopy.truth import Truth
from atopy.yaml_source import SourceError, convert, load_yaml_file

WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}
_STATES = ("present", "suspected", "excluded")


class Excuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of clause that cannot take a value, and why. ``*`` stands for anything."""

    clause: str
    value: str
    reason: str


class Clause(msgspec.Struct, frozen=True):
    """A smallest part of a predicate, with one of the predicates that it stands in."""

    node: Node
    text: str
    owner: str
    group: str
    possible: frozenset[Truth]


class Coverage(msgspec.Struct):
    """What was seen, by whom, and what is left."""

    clauses: list[Clause]
    seen: dict[tuple[str, Truth], str]  # clause and truth -> the first record that showed it
    rules: list[str]
    fired: dict[str, str]  # rule -> the first record for which it is true
    excuses: list[Excuse]

    def wanted(self) -> Iterator[tuple[Clause, Truth]]:
        """Clauses and the truths that their form allows."""
        return ((c, t) for c in self.clauses for t in WORDS if t in c.possible)

    def missing(self) -> list[tuple[Clause, Truth]]:
        """Clauses and truths that nothing showed and nothing excuses."""
        return [(c, t) for c, t in self.wanted() if (c.text, t) not in self.seen and not self.excused(c, t)]

    def excused(self, clause: Clause, truth: Truth) -> bool:
        """Whether the ledger says why a clause cannot have a truth."""
        return any(_excuses(e, clause.text, truth) for e in self.excuses)

    def stale(self) -> list[Excuse]:
        """Excuses that excuse nothing, or something that was seen."""
        return [e for e in self.excuses if not self._needed(e)]

    def _needed(self, excuse: Excuse) -> bool:
        if excuse.value == "never":
            hit = [r for r in self.rules if fnmatchcase(r, excuse.clause)]
            return bool(hit) and not any(r in self.fired for r in hit)
        hits = [(c.text, t) for c, t in self.wanted() if _excuses(excuse, c.text, t)]
        return bool(hits) and not any(hit in self.seen for hit in hits)

    def impossible(self) -> list[tuple[Clause, Truth]]:
        """What was seen although the form of its clause seems to forbid it: never anything, or the proof is wrong."""
        return [
            (c, t) for c in self.clauses for t in WORDS if t not in c.possible and (c.text, t) in self.seen
        ]

    def unreached(self) -> list[str]:
        """Rules that are true for no record, and are not excused."""
        excused = [e.clause for e in self.excuses if e.value == "never"]
        return [r for r in self.rules if r not in self.fired and not any(fnmatchcase(r, p) for p in excused)]


def _excuses(excuse: Excuse, text: str, truth: Truth) -> bool:
    return excuse.value == WORDS[truth] and fnmatchcase(text, excuse.clause)


def spoken(node: Node) -> str:
    """A leaf as it would be written."""
    if isinstance(node, Compare):
        right = node.right.key if isinstance(node.right, Ref) else str(node.right.value)
        return f"{node.left.key} {node.op} {right}"
    if isinstance(node, OneOf):
        return f"{node.ref.key} IN {', '.join(node.values)}"
    if isinstance(node, Missing):
        return f"{node.ref.key} IS NULL"
    if isinstance(node, Constant):
        return str(node.truth).upper()
    assert isinstance(node, Ref)
    return node.key


def predicates(compiled: Compiled, rules: Rules) -> Iterator[tuple[str, str, Node]]:
    """Every predicate that is covered: its group, its owner, and itself."""
    for group, ref in _covered(compiled):
        for node in nodes_of(rules.derivation(compiled.facts[ref.name], ref.args)):
            yield group, str(ref), node


def _covered(compiled: Compiled) -> Iterator[tuple[str, Ref]]:
    for name, fact in compiled.facts.items():
        if fact.file == "decisions/gates.yaml":
            parameters = fact.signature.parameters
            members = compiled.domains[parameters[0]] if parameters else ()
            yield from (("gate", Ref(name, (m,))) for m in members)
            yield from () if parameters else (("gate", Ref(name)),)
    for state in _STATES:
        yield from (("gate", Ref(f"factor_{state}", (f,))) for f in compiled.factors)
        yield from (("gate", Ref(f"mimic_{state}", (m,))) for m in compiled.mimics)
    yield from (("red flag", Ref("red_flag", (flag,))) for flag in compiled.red_flags)
    for therapy in compiled.therapies.values():
        bars = [*therapy.contraindicated, *therapy.interactions]
        absolute = [c.id for c in bars if c.severity == "absolute"]
        yield from (("contraindication", Ref("rule", (id_,))) for id_ in absolute)


def all_clauses(compiled: Compiled, rules: Rules) -> list[Clause]:
    """Every clause once."""
    found: dict[str, Clause] = {}
    possible = Possible(rules, blank_of(rules, AS_OF))
    for group, owner, node in predicates(compiled, rules):
        for leaf in clauses(node):
            text = spoken(leaf)
            found.setdefault(text, Clause(leaf, text, owner, group, possible.truths(leaf)))
    return list(found.values())


def all_rules(compiled: Compiled) -> list[str]:
    """Every rule that could apply to somebody: a check that the record can never show as done is none."""
    variants = compiled.facts["rule"].variants
    return [
        id_ for id_, d in variants.items() if not (id_.endswith("-done") and nodes_of(d) == [Constant(False)])
    ]


def excuses() -> list[Excuse]:
    """The ledger. Raises SourceError when it cannot be read."""
    document = load_yaml_file(FOLDER / "coverage_ledger.yaml", "coverage_ledger.yaml")
    value, problems = convert(document, document.data, list[Excuse])
    if value is None or problems:
        raise SourceError(problems)
    return value


@cache
def coverage() -> Coverage:
    """Run every scenario, then generate records for what they leave open."""
    compiled = guidance().compiled
    rules = guidance().rules
    result = Coverage(all_clauses(compiled, rules), {}, all_rules(compiled), {}, excuses())
    for key, scenario in scenarios().items():
        _look(result, case_of(scenario).world, key)
    generator = Generator(compiled)
    for clause, truth in result.missing():
        if (clause.text, truth) not in result.seen:
            _generate(result, generator, clause.node, truth, f"generated for {clause.text} {WORDS[truth]}")
    for rule in result.unreached():
        if rule not in result.fired:
            _generate(result, generator, Ref("rule", (rule,)), True, f"generated for {rule}")
    return result


def _look(result: Coverage, world: World, name: str) -> None:
    """Note what a record shows."""
    for clause in result.clauses:
        key = (clause.text, world.decide(clause.node))
        if key not in result.seen:
            result.seen[key] = name
    for rule in result.rules:
        if rule not in result.fired and world.value(Ref("rule", (rule,))) is True:
            result.fired[rule] = name


def _generate(result: Coverage, generator: Generator, node: Node, want: Truth, name: str) -> bool:
    """Look for a record for which *node* is *want*, through the real reader; note all that it shows."""
    tried: list[Draft] = []
    for draft in generator.drafts(node, want):
        if draft in tried:
            continue
        tried.append(draft)
        try:
            world = World(guidance().rules, read_record(draft.record()), AS_OF)
        except SourceError:
            continue  # the proposal is no record; the next may be
        if world.decide(node) is want:
            _look(result, world, name)
            return True
    return False


def report(result: Coverage) -> str:
    """The coverage in words."""
    lines = []
    for group in ("gate", "red flag", "contraindication"):
        own = [c for c in result.clauses if c.group == group]
        told = [f"{_share(result, own, t)} {WORDS[t]}" for t in WORDS]
        lines.append(f"{group:16} {len(own):4} clauses: {', '.join(told)}")
    by_scenario = sum(not n.startswith("generated") for n in result.seen.values())
    forbidden = sum(len(ALL - c.possible) for c in result.clauses)
    excused = sum(result.excused(c, t) for c, t in result.wanted())
    lines.append(
        f"{len(result.seen)} values seen, {by_scenario} of them in {len(scenarios())} scenarios, "
        "the rest in generated records; "
        f"{forbidden} cannot be by the form of the predicate, {excused} for the reasons in coverage_ledger.yaml."
    )
    lines.append(f"{len(result.fired)} of {len(result.rules)} rules apply to some record.")
    for clause, truth in result.missing():
        lines.append(f"NOT SEEN {WORDS[truth]:8} {clause.text}   ({clause.group} {clause.owner})")
    lines += [f"STALE excuse: {e.clause} {e.value}" for e in result.stale()]
    lines += [f"SEEN THOUGH IMPOSSIBLE {WORDS[t]} {c.text}" for c, t in result.impossible()]
    lines += [f"NO RECORD for rule {r}" for r in result.unreached()]
    return "\n".join(lines)


def _share(result: Coverage, own: list[Clause], truth: Truth) -> str:
    possible = [c for c in own if truth in c.possible and not result.excused(c, truth)]
    seen = sum((c.text, truth) in result.seen for c in possible)
    return f"{100 * seen // max(1, len(possible))} % of {len(possible)}"


if __name__ == "__main__":
    print(report(coverage()))
