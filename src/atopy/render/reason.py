"""Why and why not: the proof behind a line of a plan, down to dates and the events of the record."""

from collections.abc import Iterator
from typing import Any

from atopy.criteria import Not, Ref, english, refs
from atopy.facts import Cases
from atopy.guideline import Words
from atopy.plan import Case, Cited, EventRef, Trace
from atopy.plan.prospects import openings
from atopy.plan.references import in_order, source_lines
from atopy.plan.suppose import LISTED
from atopy.render.course_reason import of_course
from atopy.render.dated_reason import dated_reason
from atopy.render.index import Entry, UnknownId, index
from atopy.render.page import Page, Part
from atopy.render.support import Support
from atopy.render.view import day_words, event_place, event_words
from atopy.truth import NAMES
from atopy.yaml_source import InputError

_MARKS = {
    "met": ("✓ ", "green"),
    "not met": ("✗ ", "red"),
    "cannot be decided": ("? ", "yellow"),
    None: ("· ", ""),
}
_STATES = {
    "found": "", "denied": "denied", "not recorded": "not recorded", "stale": "out of date", "quarantined": "set aside",
    "attested absent": "absent: the list was attested complete",
}  # fmt: skip
_OF_RECORD = ("course-", "quarantined-", "taken-event-", "note-")
_LIST = "missing-attested("
_PREFIXES = ("finding-", "missing-", "taken-", "score-")
# The statuses and states that a table gives to a thing of the guideline.
_TABLES = {
    "option": "option_status",
    "factor": "factor_status",
    "other diagnosis": "mimic_status",
    "red flag": "red_flag",
}
_KINDS = {"learn": " (not known yet)", "change": "", "fixed": " (nobody can change it)"}
_READABLE = 90  # nodes; of a longer proof only what decided is shown
_SAFETY = ("contraindicated_absolute", "contraindicated_relative", "safety_unknown")


def why(case: Case, id_: str, width: int = 100, colour: bool = False) -> str:
    """Why *id_* is as it is in this case: an option, factor, diagnosis, red flag, statement, contraindication or any
    other rule, a fact (``takes(ciclosporin)``), or ``headline``. Raises UnknownId, which says what was perhaps meant.
    """
    reason = _Reason(case, Page(width, colour))
    if id_.startswith("calendar-") and dated_reason(case, reason.page, id_):
        return reason.page.text()
    if not (reason.of_record(id_) or reason.of_topic(id_) or reason.of_list(id_)):
        entry, ref = _resolve(case, id_)
        reason.heading(entry, ref)
        reason.page.gap()
        if entry is not None and entry.kind == "option" and case.world.find(ref).row is None:
            for table in ("option_status", "standing"):  # no row decided, so the proof has no leaf to show
                reason.decided_by(table, entry.id)
        else:
            reason.proof(ref)
        if entry is not None:
            reason.sources(entry)
    return reason.page.text()


def why_not(case: Case, id_: str, width: int = 100, colour: bool = False) -> str:
    """Why an option has the status it has and no better: which row of which table decided, what made it true, what is
    missing, and what the next row would have said. For anything else, the proof as ``why`` gives it.
    """
    entry, _ = _resolve(case, id_)
    if entry is None or entry.kind != "option":
        return why(case, id_, width, colour)
    reason = _Reason(case, Page(width, colour))
    reason.heading(entry, Ref("option_status", (entry.id,)))
    for table in ("option_status", "standing"):
        if not reason.decided_by(table, entry.id):
            break
    reason.safety(entry)
    reason.opening(entry)
    reason.evidence(entry)
    reason.sources(entry)
    return reason.page.text()


def _resolve(case: Case, id_: str) -> tuple[Entry | None, Ref]:
    """What *id_* names, and the term whose value is asked for."""
    compiled = case.compiled
    known = index(compiled)
    asked = id_.strip()
    if asked == "headline":
        return None, Ref("headline")
    for name in (asked, f"disagreement-{asked}"):
        entry = known.get(name)
        if entry is not None and entry.kind in _TABLES:
            return entry, Ref(_TABLES[entry.kind], (entry.id,))
        if entry is not None and entry.kind != "fact" and name in compiled.domains["rule"]:
            return entry, Ref("rule", (name,))
    ref = _fact_ref(case, asked, known)
    if ref is not None:
        return Entry(ref.name, "fact", compiled.facts[ref.name], ref.name), ref
    amount = case.guidance.amounts.term_of(asked)
    if amount is not None:
        return Entry(amount.name, "fact", compiled.facts[amount.name], amount.name), amount
    for prefix in _PREFIXES:
        if asked.startswith(prefix):
            rest = asked.removeprefix(prefix)
            entry = known.get(rest)
            if prefix == "taken-" and entry is not None and entry.kind == "option":
                return entry, Ref("taken_action", (rest,))
            return _resolve(case, rest)
    if asked in compiled.domains["rule"]:  # of another country, planned, or written for the other drug
        owner = max((k for k in known if asked.startswith(f"{k}-")), key=len, default=None)
        return known[owner] if owner else None, Ref("rule", (asked,))
    raise UnknownId(asked, [*known, "headline"])


def _fact_ref(case: Case, asked: str, known: dict[str, Entry]) -> Ref | None:
    """``takes(ciclosporin)`` or ``easi`` as a term; None when it is not a fact. Raises UnknownId for a bad argument."""
    name, _, rest = asked.partition("(")
    fact = case.compiled.facts.get(name)
    if fact is None or fact.signature.event:
        return None
    args = tuple(a.strip() for a in rest.rstrip(")").split(",") if a.strip())
    wanted = fact.signature.parameters
    if len(args) != len(wanted):
        example = f"{name}({', '.join(case.compiled.domains[d][0] for d in wanted)})" if wanted else name
        raise InputError(f"'{asked}' needs {len(wanted) or 'no'} argument. Write it as in {example}.")
    for arg, domain in zip(args, wanted, strict=True):
        if arg not in case.compiled.domains[domain]:
            raise UnknownId(arg, case.compiled.domains[domain], f"known {domain.replace('_', ' ')}", LISTED)
    return Ref(name, args)


class _Reason:
    def __init__(self, case: Case, page: Page) -> None:
        self.case = case
        self.page = page
        self.support = Support(case)
        self.told: dict[str, int] = {}

    # -- what it is

    def of_list(self, id_: str) -> bool:
        """A list of the record that nobody called complete: what it leaves open is unknown, not absent."""
        name = id_.removeprefix(_LIST).rstrip(")")
        if not id_.startswith(_LIST) or name not in self.case.phrases.lists:
            return False
        self.page.put(("A list that nobody attested as complete, or too long ago", "bold"))
        self.page.put(self.case.words(self.case.phrases.lists[name])[0], left=2)
        self.page.put("Until somebody does, what is not in it is unknown, not absent.", left=2)
        return True

    def of_record(self, id_: str) -> bool:
        """A line about one event of the record: the event is all there is to tell."""
        line = of_course(self.case, self.page, id_)
        if line is not None and not id_.startswith("course-"):
            return True
        event_id = next((id_.removeprefix(p) for p in _OF_RECORD if id_.startswith(p)), None)
        event = next((e for e in self.case.record.events if e.id == event_id), None)
        if event is None:
            return False
        self.page.put(("What the record says", "bold"))
        self.event(self.case.event(event))
        self.page.put(f"set aside: {event.quarantined}" if event.quarantined else "", left=3)
        return True

    def of_topic(self, id_: str) -> bool:
        """A topic has statements, and each of them its own reason."""
        topic = self.case.compiled.topics.get(id_)
        if topic is None or id_ in self.case.compiled.facts:
            return False
        self.page.put((self.case.words(topic.title)[0], "bold"), f"  (topic {id_})")
        for s in topic.statements:
            mark = _MARKS[NAMES[self.case.rule(s.id)]]
            self.page.put(self.case.words(s.text, s.numbers)[0], (f"  {s.id}", "cyan"), mark=mark, left=3)
        return True

    def heading(self, entry: Entry | None, ref: Ref) -> None:
        page, case = self.page, self.case
        found = case.world.find(ref)
        if entry is None:
            words = case.phrase(case.phrases.headlines, str(found.value))[0]
            page.put((f"Headline: {words}", "bold"))
        elif entry.kind in _TABLES:
            name = case.words(entry.value.name)[0]
            table = case.phrases.actions if ref.name == "taken_action" else case.phrases.statuses
            state = NAMES[found.value] if ref.name == "red_flag" else case.phrase(table, str(found.value))[0]  # type: ignore[index]
            page.put((f"{name}: {state}", "bold"), f"  ({entry.kind} {entry.id})")
        elif entry.kind == "fact":
            self.fact(entry, ref)
        else:
            self.rule(entry)
        reason = (
            case.phrase(case.phrases.reasons, found.detail)[0]
            if entry is None or entry.kind in _TABLES
            else None
        )
        said = reason and reason != str(found.value).replace("_", " ")  # a status is no reason for itself
        page.put(f"because: {reason}" if said else "", style="italic")
        page.put((f"as of {day_words(case.as_of.isoformat())}", "dim"))

    def fact(self, entry: Entry, ref: Ref) -> None:
        label, unit = self.case.explainer.words(ref)
        self.page.put((label, "bold"), f" ({unit})" if unit else "", f"  (fact {ref})")
        if entry.value.valid_for:
            self.page.put(f"A value counts for {entry.value.valid_for}.", style="dim")

    def rule(self, entry: Entry) -> None:
        self.page.put(
            (f"{entry.kind.capitalize()} {entry.id}", "bold"), f" of {self.case.explainer.title(entry.owner)}"
        )
        for text in spoken(self.case, entry.value):
            self.page.put(text, left=3)

    # -- the proof

    def proof(self, ref: Ref) -> None:
        """The whole proof, or, where that would fill a book, only the part of it that decided."""
        whole = self.case.explainer.term(ref, pruned=False)
        size = _size(whole, _READABLE)
        if size <= _READABLE:
            self.tree(whole)
            return
        self.tree(self.support.term(ref))
        self.page.put("Shown is what decided; ask about a line by its id to see all behind it.", style="dim")

    def tree(self, trace: Trace) -> None:
        """A proof as a tree."""
        self.branch(trace, "", "", first=True)

    def branch(self, trace: Trace, before: str, below: str, first: bool = False) -> None:
        """One node and all below it; a term told before is not told again."""
        known = trace.id is not None and trace.id in self.told and bool(trace.parts)
        mark, style = _MARKS[trace.truth]
        value = f" = {trace.value}{f' {trace.unit}' if trace.unit else ''}" if trace.value is not None else ""
        state = _STATES.get(trace.state or "", trace.state or "")
        parts: list[Part] = [
            (mark, style),
            trace.what,
            (value, "bold"),
            (f" [{state}]" if state else "", "yellow"),
        ]
        if known:
            parts.append((" (told above)", "dim"))
        if trace.id and "(" not in trace.id and not first and trace.id != trace.what:
            parts.append((f"  {trace.id}", "dim"))
        rail = below + ("│ " if trace.parts and not known else "  ")
        self.page.put(*parts, mark=(before, "dim"), rail=rail)
        for event in trace.events:
            self.event(event, rail)
        if known:
            return
        if trace.id is not None:
            self.told[trace.id] = 1
        for number, part in enumerate(trace.parts):
            last = number == len(trace.parts) - 1
            self.branch(part, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "))

    def event(self, event: EventRef, rail: str = "") -> None:
        place = event_place(event)
        said: list[Part] = [(event_words(event), "cyan"), (f"  {place}" if place else "", "dim")]
        self.page.put(*said, mark=(f"{rail}  ", "dim"), rail=rail)

    # -- why not

    def decided_by(self, table: str, option: str) -> bool:
        """The row of a table that gave the status, and what the next one would have said. False: nothing further."""
        case, page = self.case, self.page
        ref = Ref(table, (option,))
        found = case.world.find(ref)
        derivation = case.world.rules.derivation(case.compiled.facts[table], ref.args)
        if not isinstance(derivation, Cases):
            return False
        page.gap()
        where = case.compiled.files.get(table, "")
        if found.row is None:
            page.put(
                ("No row of ", ""),
                (table, "bold"),
                f" ({where}) applies: {_spaced(found.value)}, the outcome that is left.",
            )
            self.left(derivation)
            return True
        row = derivation.rows[found.row]
        how = "holds" if found.state != "undecided" else "cannot be decided"
        page.put(
            f"Row {found.row + 1} of {len(derivation.rows)} of ", (table, "bold"), f" ({where}) {how}: ",
            (english(row.when, case.explainer.words), "italic"), f" → {_spaced(found.value)}",
        )  # fmt: skip
        further = any(r.name == "standing" for r in refs(row.when))
        if not further:
            self.tree(self.support.predicate(row.when))
        if not further:
            self.otherwise(derivation, found.row)
        return further

    def left(self, table: Cases) -> None:
        """Every row that might have decided and did not; of what a row demands and finds, the proof."""
        demanded = []
        for number, row in enumerate(table.rows, start=1):
            mark, style = _MARKS[NAMES[self.case.world.decide(row.when)]]
            self.page.put(english(row.when, self.case.explainer.words), mark=(f"{number:>3} {mark}", style))
            if isinstance(row.when, Not) and isinstance(row.when.part, Ref):
                demanded.append(row.when.part)
        for ref in demanded:
            self.tree(self.support.predicate(ref))

    def otherwise(self, table: Cases, decided: int) -> None:
        """What the next row would have said."""
        case = self.case
        for number, row in enumerate(table.rows[decided + 1 :], start=decided + 2):
            truth = case.world.decide(row.when)
            if truth is True or (truth is None and row.unknown != "next"):
                said = english(row.when, case.explainer.words)
                outcome = _spaced(row.then if truth else row.unknown)
                self.page.put(
                    (f"Were it otherwise, row {number} would decide: ", "dim"),
                    (said, "italic"),
                    f" → {outcome}",
                )
                return

    def safety(self, entry: Entry) -> None:
        """Every contraindication that is met or not decided, and what each rests on."""
        bars = [*entry.value.contraindicated, *entry.value.interactions]
        met = [c for c in bars if self.case.rule(c.id) is True]
        open_ = [c for c in bars if c.severity != "caution" and self.case.rule(c.id) is None]
        for title, listed in (("What speaks against it", met), ("What is not known", open_)):
            if listed:
                self.page.gap()
                self.page.put((title, "bold"))
            for c in listed:
                said = self.case.words(c.because, c.numbers)[0]
                kind = (
                    c.severity
                    if title.startswith("What speaks")
                    else f"if unknown: {getattr(c, 'if_unknown', 'ask')}"
                )
                self.page.put(said, (f" ({kind})", "dim"), (f"  {c.id}", "cyan"), left=3, mark="· ")
                for event in _events(self.case.explainer.term(Ref("rule", (c.id,)))):
                    self.page.put(
                        event_words(event), (f"  {event_place(event)}", "dim"), left=7, style="cyan"
                    )

    def opening(self, entry: Entry) -> None:
        """The smallest sets of facts that would open it, or lift what closes it now."""
        sets = openings(self.case, entry.id)
        if not sets:
            return
        self.page.gap()
        self.page.put(
            ("What would open it", "bold"), "" if sets[0].opens else " (or at least lift what closes it now)"
        )
        for found in sets:
            needed = " and ".join(n.words.clinician + _KINDS[n.kind] for n in found.facts)
            state = self.case.phrase(self.case.phrases.statuses, found.status)[0]
            reason = self.case.phrase(self.case.phrases.reasons, found.reason)[0]
            then = state if found.opens else ": ".join(x for x in (state, reason) if x)
            self.page.put(f"{needed} → {then}", left=3, mark="· ")

    def evidence(self, entry: Entry) -> None:
        """What is known of an option, told whether it is open or not."""
        said = [s for s in entry.value.statements if self.case.rule(s.id) is not False]
        if not said:
            return
        self.page.gap()
        self.page.put(("What is known of it", "bold"))
        numbers = in_order(self.case.cite(list(_citations(entry.value))))
        for s in said:
            text = self.case.words(s.text, s.numbers)[0]
            unread = "" if any(c.verified for c in s.sources) else " (not verified)"
            refs = "".join(
                f" [{n}]" for n in dict.fromkeys(numbers[c.source] for c in self.case.cite(s.sources))
            )
            self.page.put(text, refs, (unread, "dim"), (f"  {s.id}", "cyan"), left=3, mark="· ")

    # -- sources

    def sources(self, entry: Entry) -> None:
        """Each source in full, with its place and what it grades."""
        listed = list(_citations(entry.value))
        if not listed:
            return
        cited = self.case.cite(listed)
        numbers = in_order(cited)
        lines = {s.number: s for s in source_lines(self.case.compiled, numbers)}
        self.page.gap()
        self.page.put(("Sources", "bold"), (f"  review: {self.case.review(entry.id)}", "dim"))
        said: dict[int, dict[str, None]] = {}
        for c in cited:
            said.setdefault(numbers[c.source], {})[_note(c)] = None
        for number, notes in said.items():
            note = "; also ".join(n for n in notes if n)
            self.page.put(lines[number].text, (f" ({note})" if note else "", "dim"), mark=f"[{number}] ")


def _note(c: Cited) -> str:
    """What one citation says of itself: strength, certainty, scale, place, and whether anybody read it there."""
    grade = " ".join(x for x in (c.strength, c.direction) if x and x != "none")
    parts = (
        grade,
        f"{c.certainty} certainty" if c.certainty else "",
        c.scale or "",
        c.place or "",
        "" if c.verified else "not verified",
    )
    return ", ".join(p for p in parts if p)


def spoken(case: Case, value: Any) -> Iterator[str]:
    """What a rule says, in the clinician's words."""
    numbers = getattr(value, "numbers", {})
    for field in ("because", "text", "test", "question", "rule"):
        words = getattr(value, field, None)
        if isinstance(words, dict):
            yield case.words_of(words, numbers)
        elif isinstance(words, Words):
            yield case.words(words, numbers)[0]
    for side in (getattr(value, "side_a", None), getattr(value, "side_b", None)):
        if side is not None:
            yield f"· {case.words_of(side.position, side.numbers | numbers)}"
    if getattr(value, "severity", None):
        unknown = getattr(value, "if_unknown", None)
        yield f"{value.severity}; if unknown: {unknown}" if unknown else f"{value.severity}; {value.action}"
    says = getattr(value, "says", None)
    if isinstance(says, dict) and says:
        yield case.words_of(says, numbers)


def _citations(value: Any) -> Iterator[Any]:
    for field in ("recommended", "sources"):
        yield from getattr(value, field, None) or ()
    for statement in getattr(value, "statements", None) or ():
        yield from statement.sources
    for side in (getattr(value, "side_a", None), getattr(value, "side_b", None)):
        if side is not None:
            yield from side.sources
    if getattr(value, "source", None) and hasattr(value, "direction"):
        yield value


def _events(trace: Trace) -> list[Any]:
    found = {e.id: e for part in _all(trace) for e in part.events}
    return list(found.values())[:4]


def _all(trace: Trace) -> Iterator[Trace]:
    yield trace
    for part in trace.parts:
        yield from _all(part)


def _spaced(value: object) -> str:
    return str(value).replace("_", " ")


def _size(trace: Trace, most: int) -> int:
    """How many nodes a proof has, counted as far as it matters."""
    count = 0
    for _ in _all(trace):
        count += 1
        if count > most:
            break
    return count


__all__ = ["UnknownId", "spoken", "why", "why_not"]
