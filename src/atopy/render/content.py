"""The guideline itself, for reviewers and editors: lists, single items with predicates in English, facts, sources."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from atopy.criteria import Boolean, Category, Constant, Node, Number, english
from atopy.facts import Cases, Derivation, When
from atopy.guideline import (
    Allergen,
    Check,
    Citation,
    Compiled,
    Grade,
    Interaction,
    Regimen,
    Statement,
    Therapy,
    Topic,
    Words,
)
from atopy.guideline.amounts import Dilution, Fingertips, Potency, Weekly
from atopy.guideline.dated import in_words
from atopy.plan import Case, Guidance, references
from atopy.plan.references import source_lines
from atopy.record import Patient, Record, day_words
from atopy.render import of_amounts, of_therapy, sheet
from atopy.render.index import Entry, UnknownId, index
from atopy.render.page import Page, Part
from atopy.render.reason import spoken
from atopy.yaml_source import InputError

KINDS = (
    "options", "factors", "allergens", "mimics", "red-flags", "topics", "amounts", "disagreements", "instruments",
    "trials",
)  # fmt: skip
_PREDICATES = {
    "suits": "For whom", "when": "When", "present": "Present", "suspected": "Suspected", "excluded": "Excluded",
    "touches": "Matters when", "applies_to": "Applies to", "done": "Done when",
}  # fmt: skip


def holds(compiled: Compiled) -> tuple[tuple[int, str], ...]:
    """How many there are of each kind of thing in a guideline."""
    statements = sum(entry.kind == "statement" for entry in index(compiled).values())
    return (
        (len(compiled.therapies), "options"), (len(compiled.factors), "factors"),
        (len(compiled.allergens), "allergens"), (len(compiled.mimics), "other diagnoses"),
        (len(compiled.red_flags), "red flags"),
        (len(compiled.topics), "topics"), (len(compiled.amounts), "tables of amounts"),
        (len(compiled.disagreements), "disagreements"),
        (statements, "statements"), (len(compiled.domains["rule"]), "rules"), (len(compiled.facts), "facts"),
        (len(compiled.instruments.instruments), "instruments"), (len(compiled.references), "references"),
        (len(compiled.trials), "trials"),
    )  # fmt: skip


def counts(compiled: Compiled) -> str:
    """How much is in a guideline, and that nobody reviewed what nobody reviewed."""
    held = ", ".join(f"{number} {name}" for number, name in holds(compiled))
    reviewed = sum(state == "approved" for state in compiled.reviews.values())
    return f"{compiled.meta.id} {compiled.meta.version} is sound: {held}; {reviewed} reviewed by a clinician."


def listing(compiled: Compiled, kind: str | None, width: int, colour: bool) -> str:
    """Ids and names: of one kind, or of all."""
    page, case = Page(width, colour), blank(compiled)
    for name in KINDS if kind is None else (kind,):
        page.heading(name.replace("-", " ").capitalize())
        for id_, said in _names(case, name):
            page.put(said, mark=(f"{id_:<38}" if id_ else "", "cyan"), left=1)
    return page.text()


def _names(case: Case, kind: str) -> Iterator[tuple[str, str]]:
    compiled = case.compiled
    if kind == "options":
        for rung in compiled.meta.rungs:
            for id_, t in compiled.therapies.items():
                if t.rung == rung.id:
                    yield (
                        id_,
                        f"{case.words(t.name)[0]} ({case.words(rung.name)[0].lower()}, {rung.line} line)",
                    )
        return
    if kind == "instruments":
        yield from ((i.id, i.name) for i in compiled.instruments.instruments)
        return
    if kind == "trials":
        yield from _trials(compiled)
        return
    for id_, value in getattr(compiled, kind.replace("-", "_")).items():
        words = getattr(value, "name", None) or getattr(value, "title", None)
        yield id_, case.words(words)[0] if words else case.words_of(value.question, value.numbers)


def _trials(compiled: Compiled) -> Iterator[tuple[str, str]]:
    """Each trial with its name; what compares trials is loaded only for this."""
    from atopy.render.of_trials import named

    return named(compiled) if compiled.trials else iter(())


def item(compiled: Compiled, id_: str, width: int, colour: bool) -> str:
    """One item whole. Raises UnknownId, which says what was perhaps meant."""
    known = index(compiled)
    entry = known.get(id_) or known.get(f"disagreement-{id_}")
    if entry is None and id_ in compiled.trials:
        from atopy.render.of_trials import trial  # brings what compares trials

        return sheet.text(trial(compiled, id_), width, colour)
    if entry is None:
        raise UnknownId(id_, [*known, *compiled.trials])
    return _Item(compiled, Page(width, colour)).show(entry)


def fact_table(compiled: Compiled, word: str | None, width: int, colour: bool) -> str:
    """Every fact, or those with *word* in name or label."""
    page = Page(width, colour)
    chosen = [
        f
        for n, f in compiled.facts.items()
        if word is None or word.lower() in f"{n} {f.label.get('en', '')}".lower()
    ]
    if not chosen:
        raise InputError(f"No fact has '{word}' in its name or label.")
    for fact in chosen:
        kind = fact.signature.type
        shape = (
            kind.unit or "number"
            if isinstance(kind, Number)
            else "/".join(kind.values)
            if isinstance(kind, Category)
            else "yes/no"
            if isinstance(kind, Boolean)
            else "date"
        )
        name = (
            f"{fact.name}({', '.join(fact.signature.parameters)})" if fact.signature.parameters else fact.name
        )
        notes = [
            shape,
            f"counts {fact.valid_for}" if fact.valid_for else "",
            f"absent: {fact.absent}" if fact.absent != "unknown" else "",
        ]
        said = "; ".join(n for n in notes if n)
        page.put((name, "cyan"), f"  {fact.label.get('en', '')}", (f"  [{said}]", "dim"), hang=3)
    return page.text()


def bibliography(compiled: Compiled, key: str | None, width: int, colour: bool) -> str:
    """All sources, one line each, or one in full with everything that cites it."""
    page = Page(width, colour)
    named = list(compiled.sources) if key is None else _called(compiled, key)
    for number, name in enumerate(named, start=1):
        (line,) = source_lines(compiled, {name: number})
        info = compiled.sources[name]
        notes = [
            line.kind,
            "read" if line.read else "not read",
            line.status or "",
            f"same work as {info.alias_of}" if info.alias_of else "",
        ]
        page.put((name, "cyan"), f"  {line.text}", (f"  [{'; '.join(n for n in notes if n)}]", "dim"), hang=3)
        if key is not None:
            page.put(line.note or "", left=4)
            page.put(f"https://doi.org/{line.doi}" if line.doi else line.url or "", left=4)
            users = sorted({e.owner for e in index(compiled).values() if name in keys(e.value)})
            page.put(f"Cited in: {', '.join(users)}" if users else "Cited in no item.", left=4)
    return page.text()


def _called(compiled: Compiled, word: str) -> list[str]:
    """The source with this key, or those of which author, organisation or year is so called."""
    if word in compiled.sources:
        return [word]
    wanted = word.lower().split()
    found = [k for k in compiled.sources if all(w in references.label(compiled, k).lower() for w in wanted)]
    if not found:
        raise UnknownId(word, compiled.sources, "source of this guideline")
    return found


class _Item:
    def __init__(self, compiled: Compiled, page: Page) -> None:
        self.compiled = compiled
        self.page = page
        self.case = blank(compiled)

    def show(self, entry: Entry) -> str:
        value, page = entry.value, self.page
        words = getattr(value, "name", None) or getattr(value, "title", None)
        title = self.case.words(words)[0] if isinstance(words, Words) else entry.id
        of = f" of {self.case.explainer.title(entry.owner)}" if entry.owner != entry.id else ""
        page.put((title, "bold"), f"  ({entry.kind} {entry.id}{of})")
        file = self.compiled.files.get(entry.owner, "")
        review = (
            ""
            if entry.kind == "fact"
            else f"review: {self.case.review(entry.id)}: "
            + ("no clinician has reviewed it" if self.case.review(entry.id) == "submitted" else "")
        )
        again = self.since(entry)
        page.put((" · ".join(x for x in (file, review.rstrip(": "), again) if x), "dim"))
        if isinstance(value, Topic):
            page.put((self.origin(value), "dim"))
        page.gap()
        if entry.kind == "fact":
            self.fact(value)
        else:
            self.body(entry)
        return page.text()

    def since(self, entry: Entry) -> str:
        """Since when a piece is said, and by when it should be read again; nothing of a fact."""
        from atopy.guideline.currency import (
            currency_of,  # brings the reader of content, which a plan has no use for
        )

        day = self.compiled.review_day(entry.id)
        first = getattr(entry.value, "effective", None) or currency_of(self.compiled.meta).since
        return f"said since {day_words(first)}, to be read again by {day_words(day)}" if day else ""

    def origin(self, topic: Topic) -> str:
        """Who wrote a topic, how new it is, for whom, and what belongs to it."""
        meta = self.compiled.meta
        both = any(s.text.patient for s in topic.statements)
        links = ", ".join(self.case.explainer.title(link) for link in topic.links)
        return (
            f"by {', '.join(topic.authors or meta.authors)}"
            f" · literature to {day_words(topic.literature_current_through or meta.literature_current_through)}"
            f" · updated {day_words(topic.last_updated or meta.last_updated)}"
            f" · for {'clinicians and patients' if both else 'clinicians'}"
            + (f" · see also {links}" if links else "")
        )

    def fact(self, fact: Any) -> None:
        self.page.put(fact.label.get("en", ""))
        self.page.put(f"Asked as: {fact.question['en']}" if fact.question.get("en") else "")
        self.page.put(f"A value counts for {fact.valid_for}." if fact.valid_for else "")
        self.page.put(f"When nothing is recorded: {fact.absent}.")
        self.derivation(fact.derivation)
        self.page.put(fact.note or "", style="dim")

    def derivation(self, derivation: Derivation) -> None:
        if isinstance(derivation, When):
            self.page.put(("When: ", "bold"), self.said(derivation.node))
        elif isinstance(derivation, Cases):
            for number, row in enumerate(derivation.rows, start=1):
                unknown = "go on" if row.unknown == "next" else row.unknown.replace("_", " ")
                because = f"; because: {row.because}" if row.because else ""
                self.page.put(
                    self.said(row.when),
                    (f" → {row.then.replace('_', ' ')}", "bold"),
                    (f"  (unknown: {unknown}{because})", "dim"),
                    mark=f"{number}. ",
                )
            self.page.put("otherwise", (f" → {str(derivation.otherwise).replace('_', ' ')}", "bold"))
        else:
            self.page.put(("From: ", "bold"), _declared(derivation))

    def said(self, node: Node) -> str:
        return english(node, self.case.explainer.words)

    def body(self, entry: Entry, left: int = 1) -> None:
        """Texts, predicates, sources, then every part of it."""
        value = entry.value
        for text in spoken(self.case, value):
            self.page.put(text, left=left)
        self.patient(value, left)
        self.dates(value, left)
        self.given(value, left)
        for field, words in _PREDICATES.items():
            self.predicate(entry, field, words, left)
        if isinstance(value, Interaction):
            others = ", ".join(self.case.explainer.title(d) for d in value.with_)
            self.page.put(("With: ", "bold"), others, left=left)
        self.reaches(value, left)
        for field in (
            "severity",
            "action",
            "taken",
            "if_unknown",
            "country",
            "effective",
            "until",
            "direction",
            "strength",
            "scale",
            "certainty",
        ):
            said = getattr(value, field, None)
            if isinstance(said, str) and entry.kind != "disagreement":
                self.page.put(f"{field.replace('_', ' ')}: {said}", left=left, style="dim")
        self.cited(value, left)
        for part in _parts_of(self.compiled, entry):
            self.page.gap()
            self.page.put((f"{part.kind.capitalize()} {part.id}", "bold cyan"), left=left)
            self.body(part, left + 2)

    def patient(self, value: Any, left: int) -> None:
        for field in ("because", "text", "test", "rule"):
            words = getattr(value, field, None)
            numbers = getattr(value, "numbers", {})
            said = self.case.words(words, numbers)[1] if isinstance(words, Words) else None
            first = (
                " (clinician first: not shown to a patient)"
                if getattr(value, "clinician_first", False)
                else ""
            )
            self.page.put(("For the patient: ", "italic"), f"{said}{first}", left=left) if said else None

    def given(self, value: Any, left: int) -> None:
        """Of an option its licence, doses and end; of a regimen what is given; of a table of amounts its rows."""
        said: Iterable[tuple[str, str]] = ()
        if isinstance(value, Therapy):
            said = of_therapy.therapy(self.case, value)
        elif isinstance(value, Regimen):
            said = of_therapy.regimen(self.case, value)
        elif isinstance(value, Fingertips | Weekly | Potency | Dilution):
            said = of_amounts.amount(self.case, value)
        for label, text in said:
            self.page.put((f"{label}: ", "bold"), text, left=left)

    def dates(self, value: Any, left: int) -> None:
        """What the calendar makes of it."""
        if not isinstance(value, Check | Statement):
            return
        for timing in value.timing:
            self.page.put(("On the calendar: ", "bold"), in_words(timing), left=left)
        covers = getattr(value, "covers", None)
        self.page.put(f"Done when the record holds: {', '.join(covers)}" if covers else "", left=left)
        valid = getattr(value, "valid_for", None)
        self.page.put(f"A result before the first dose counts for {valid}." if valid else "", left=left)

    def predicate(self, entry: Entry, field: str, words: str, left: int) -> None:
        """A predicate as the compiled content holds it, in English."""
        if not isinstance(getattr(entry.value, field, None), str):
            return
        fact, member = {
            "suits": ("suits", entry.id), "present": (f"{_domain(entry)}_present", entry.id),
            "suspected": (f"{_domain(entry)}_suspected", entry.id),
            "excluded": (f"{_domain(entry)}_excluded", entry.id),
            "when": ("red_flag" if entry.kind == "red flag" else "rule", entry.id), "touches": ("rule", entry.id),
            "done": ("rule", f"{entry.id}-done"),
        }.get(field, ("", ""))  # fmt: skip
        compiled = self.compiled.facts[fact].variants.get(member) if fact in self.compiled.facts else None
        node = compiled.node if isinstance(compiled, When) else None
        if node is not None and node != Constant(True):
            self.page.put((f"{words}: ", "bold"), self.said(node), left=left)

    def reaches(self, value: Any, left: int) -> None:
        """Of an allergen: what belongs to it, what labels call it, how far a reaction goes, what is free of it."""
        if not isinstance(value, Allergen):
            return
        title = self.case.explainer.title
        self.page.put(("Substances: ", "bold"), ", ".join(title(s) for s in value.substances), left=left)
        for substance, names in value.on_labels.items():
            self.page.put(("On labels: ", "bold"), f"{title(substance)} = {', '.join(names)}", left=left)
        for reach in value.reaches:
            positive, meets = (", ".join(title(x) for x in xs) for xs in (reach.positive, reach.meets))
            how = reach.how.replace("_", " ")
            keys = ", ".join(c.source + ("" if c.verified else " (not verified)") for c in reach.sources)
            self.page.put(("Reach: ", "bold"), f"{positive} → {meets} ({how}; {keys})", left=left)
        free = ", ".join(title(x) for x in value.free)
        self.page.put(("Free of it: ", "bold"), free, left=left) if free else None

    def cited(self, value: Any, left: int) -> None:
        listed: list[Citation | Grade] = [*(getattr(value, "sources", None) or [])]
        for side in (getattr(value, "side_a", None), getattr(value, "side_b", None)):
            listed += side.sources if side is not None else []
        keys = {
            c.source: ("" if c.verified else " (not verified)") + (f", {c.place}" if c.place else "")
            for c in listed
        }
        if isinstance(getattr(value, "source", None), str):
            keys[value.source] = "" if value.verified else " (not verified)"
        said: list[Part] = []
        for key, note in keys.items():
            said += ["; " if said else "", (key, "cyan"), note]
        self.page.put(("Sources: ", "bold"), *said, left=left) if said else None


def _parts_of(compiled: Compiled, entry: Entry) -> list[Entry]:
    """The parts directly inside an item; inside a part they are told with it."""
    if entry.id != entry.owner:
        return []
    return [
        e
        for e in index(compiled).values()
        if e.owner == entry.owner and e.id != entry.id and e.kind != "fact"
    ]


def _domain(entry: Entry) -> str:
    return {"factor": "factor", "other diagnosis": "mimic"}.get(entry.kind, "")


def _declared(derivation: Any) -> str:
    """What is taken from the events, in a few words."""
    events = getattr(derivation, "events", None)
    what = (
        getattr(derivation, "measure", None)
        or getattr(derivation, "what", None)
        or type(derivation).__name__.lower()
    )
    codes = ", ".join(events.codes[:6]) if events is not None else ", ".join(getattr(derivation, "names", ()))
    return " ".join(
        x
        for x in (
            str(what).replace("_", " "),
            events.kind if events is not None else "",
            codes.replace("_", " "),
        )
        if x
    )


def keys(value: Any) -> set[str]:
    """The keys of the sources that something cites itself."""
    found = {c.source for c in getattr(value, "sources", None) or ()} | {
        g.source for g in getattr(value, "recommended", None) or ()
    }
    return found | ({value.source} if isinstance(getattr(value, "source", None), str) else set())


def blank(compiled: Compiled) -> Case:
    """A case without a patient: it knows the guideline's words."""
    return Case(Guidance(compiled), Record(Patient()), date(2000, 1, 1), None, traced=False)
