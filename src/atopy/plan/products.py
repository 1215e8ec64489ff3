"""The products in use held against what the patient reacts to: which holds it, which may, of which it is not known.

The tables are the content's (``allergens/``); here words are put together for what was found on a label. One that
nobody wrote down is said so, never taken as free; so is a name on it that nobody knows.
"""

from collections.abc import Iterable, Iterator

from atopy.criteria import Ref
from atopy.facts import Hit
from atopy.guideline import Allergen
from atopy.plan.case import LANGUAGE, Case
from atopy.plan.model import Cited, Line, SectionId, Trace
from atopy.record import Event, event_day

_SECTION: SectionId = "correct_first"
_SKIN_PRODUCT = "skin_product"
_MOST_NAMES = 6
_ORDER = ("contains", "possible", "not_recorded", "not_recognised", "free")


def products(case: Case) -> tuple[Line, ...]:
    """A line for each product in use and for each allergen to look for; none where no reaction is known."""
    if not case.world.reactions:
        return ()
    return _Label(case).lines()


class _Label:
    """One patient's labels."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.reactions = case.world.reactions
        self.terms = case.compiled.vocabulary.terms
        self.kin = case.compiled.vocabulary.kin
        self.groups = sorted(case.compiled.allergens.values(), key=lambda a: (a.order, a.id))

    def lines(self) -> tuple[Line, ...]:
        found = [line for event in self.in_use() for line in self.product(event)]
        found.sort(key=lambda line: _ORDER.index(line.status or ""))
        return (*found, *(line for group in self.groups for line in self.group(group)))

    def in_use(self) -> Iterator[Event]:
        """Every product on the skin now: treatments that the content counts as such, exposures with a label."""
        for event in self.case.record.events:
            if event.quarantined or not self.case.known(event):
                continue
            if event.kind == "treatment":
                scope = self.case.world.scope(event)
                if scope.value(Ref(_SKIN_PRODUCT, event=True)) is True:
                    yield event
            elif event.kind == "exposure" and event.flag and (event.ingredients or event.product):
                yield event

    # -- one product

    def product(self, event: Event) -> Iterator[Line]:
        hits = self.reactions.hits(event)
        if hits:
            yield from (self.hit(event, hit) for hit in hits)
        unknown = self.reactions.unknown(event)
        if unknown:
            yield self.said(event, "not_recognised", "not_recognised", names="; ".join(unknown))
        if not self.reactions.concern:
            return
        if not self.reactions.is_listed(event):
            if not any(hit.certain for hit in hits):
                yield self.said(event, "not_recorded", "not_recorded")
        elif not hits and not unknown:
            yield self.said(event, "free", "free")

    def hit(self, event: Event, hit: Hit) -> Line:
        how = hit.crossing.how if hit.crossing else "contains"
        itself = hit.ingredient in self.kin.get(event.code, ()) or event.product == hit.written
        code = f"{how}_itself" if itself else how
        clinician, patient = self.title(hit.ingredient), self.plain(hit.ingredient)
        written = f"{hit.written} = {clinician}" if hit.written else clinician
        sources: tuple[Cited, ...] = ()
        if hit.crossing:
            reach = self.case.compiled.allergens[hit.crossing.group].reaches[hit.crossing.place]
            sources = self.case.cite(reach.sources)
        # A shampoo is not replaced by an ointment: for what is no treatment the advice is to read another label.
        free, free_plain, free_sources = (
            self.instead(event, hit) if event.kind == "treatment" else ("", "", ())
        )
        return self.said(
            event, "contains" if hit.certain else "possible", code, ingredient=written, ingredient_plain=patient,
            reacted=self.title(hit.reaction.code), reacted_plain=self.plain(hit.reaction.code),
            reaction=self.reaction(hit.reaction), instead=free, instead_plain=free_plain,
            sources=(*sources, *free_sources), action="stop" if hit.certain else "assess",
            reactions=(hit.reaction,), key=hit.ingredient,
        )  # fmt: skip

    def said(
        self, event: Event, status: str, code: str, *, sources: tuple[Cited, ...] = (), action: str = "assess",
        reactions: tuple[Event, ...] = (), key: str = "", **words: str,
    ) -> Line:  # fmt: skip
        """One finding on one product, in the phrases of the content."""
        concern = self.reactions.concern
        names = {
            "product": self.name(event), "product_plain": self.name(event, plain=True),
            "allergens": _listed(self.title(e.code) for e in concern),
            "allergens_plain": _listed(self.plain(e.code) for e in concern), **words,
        }  # fmt: skip
        clinician, patient = self.case.phrase(self.case.phrases.products, code)
        if names.get("instead"):
            more = self.case.phrase(self.case.phrases.products, "instead")
            clinician = f"{clinician} {more[0]}"
            patient = f"{patient} {more[1]}" if names.get("instead_plain") else patient
        elif event.kind != "treatment" and status in ("contains", "possible"):
            other = self.case.phrases.products.get("another")
            more = self.case.words(other) if other else ("", "")
            clinician, patient = f"{clinician} {more[0]}".rstrip(), f"{patient} {more[1] or ''}".rstrip()
        ends = "-".join(x for x in (status if status != "contains" else "", key) if x)
        events = tuple(self.case.event(e) for e in (event, *(reactions or concern)))
        return Line(
            f"product-{event.id}" + (f"-{ends}" if ends else ""), _SECTION, action, _filled(clinician or code, names),
            _filled(patient, names, plain=True) if patient else None, status=status, group="product", sources=sources,
            trace=Trace(_filled(clinician or code, names), events=events),
        )  # fmt: skip

    # -- what to take instead

    def instead(self, event: Event, hit: Hit) -> tuple[str, str, tuple[Cited, ...]]:
        """What the content knows to be free of it, for each reader; nothing that another reaction reaches."""
        group = self.group_of(hit)
        if group is None:
            return "", "", ()
        clinician: list[str] = []
        patient: list[str] = []
        for one in group.free:
            other = self.case.compiled.allergens.get(one)
            names = self.free_of(other.substances if other else [one], event)
            if names:
                titles = _listed(self.title(n) for n in names)
                clinician.append(f"{self.title(one)}: {titles}" if other else titles)
                patient.append(_listed(self.plain(n) for n in names))
        sources = self.case.cite(group.free_sources) if clinician else ()
        return "; ".join(clinician), ", ".join(patient), sources

    def group_of(self, hit: Hit) -> Allergen | None:
        """The item of the content about what is reacted to."""
        kin = self.kin.get(hit.reaction.code, ())
        return next((g for g in self.groups if any(s in kin for s in g.substances)), None)

    def free_of(self, listed: Iterable[str], event: Event) -> list[str]:
        """Of these those for the skin that no reaction of this patient reaches; of one strength if there are such."""
        term = self.terms.get(event.code)
        usable: list[tuple[str, str | None]] = []
        for one in self.for_skin(listed):
            other = self.terms[one]
            if self.reactions.reached(one) is None:
                usable.append((one, other.potency))
        alike = [one for one, potency in usable if term is not None and term.potency == potency is not None]
        return (alike or [one for one, _ in usable])[:_MOST_NAMES]

    def for_skin(self, listed: Iterable[str]) -> Iterator[str]:
        """Each as it is used on the skin: a substance without a route as the terms directly under it that have one."""
        for one in listed:
            term = self.terms.get(one)
            if term is not None and term.route == "topical":
                yield one
            else:
                members = self.case.compiled.vocabulary.members.get(one, ())
                yield from (
                    m for m in members if one in self.terms[m].classes and self.terms[m].route == "topical"
                )

    # -- what to look for on labels

    def group(self, group: Allergen) -> Iterator[Line]:
        """What is told to whoever reacts to a substance of the group: its names on labels, then the advice."""
        met = [
            e for e in self.reactions.events if any(s in self.kin.get(e.code, ()) for s in group.substances)
        ]
        if not met:
            return
        names = [name for e in met for name in self.names_of(e, group)]
        if names:
            filled = {
                "reacted": self.title(met[0].code), "reacted_plain": self.plain(met[0].code),
                "names": ", ".join(dict.fromkeys(names)),
            }  # fmt: skip
            clinician, patient = self.case.phrase(self.case.phrases.products, "on_labels")
            yield Line(
                f"labels-{group.id}", _SECTION, "avoid", _filled(clinician or "", filled),
                _filled(patient, filled, plain=True) if patient else None, group="labels",
                sources=self.case.cite(group.sources), review=self.case.review(group.id),
            )  # fmt: skip
        yield from self.case.statements(group.advice, _SECTION, group.id, "labels")

    def names_of(self, reaction: Event, group: Allergen) -> list[str]:
        """What labels call whatever certainly brings the reaction."""
        kin = self.kin.get(reaction.code, ())
        reached = {s for s in group.substances if s in kin}
        for code in kin:
            for c in self.case.compiled.vocabulary.crossings.get(code, ()):
                if c.certain and c.group == group.id:
                    reached.update(c.meets)
        return [
            name for substance, names in group.on_labels.items() if substance in reached for name in names
        ]

    # -- words

    def name(self, event: Event, plain: bool = False) -> str:
        called = self.plain(event.code) if plain else self.title(event.code)
        if event.product:
            return event.product if plain else f"{event.product} ({called})"
        return event.label or called

    def reaction(self, event: Event) -> str:
        phrase = self.case.phrase(self.case.phrases.products, event.kind)[0] or "{reacted}"
        return _filled(phrase, {"reacted": self.title(event.code), "date": event_day(event) or "no date"})

    def title(self, id_: str) -> str:
        return self.case.explainer.title(id_)

    def plain(self, id_: str) -> str:
        """The patient's word for a substance."""
        term = self.terms.get(id_)
        if term is None:
            return self.title(id_)
        name = term.patient_name.get(LANGUAGE) or term.name.get(LANGUAGE) or id_
        return name[:1].lower() + name[1:]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _filled(text: str, names: dict[str, str], plain: bool = False) -> str:
    """*text* with each {name} replaced, by its plain form for the patient where there is one."""
    for name, value in names.items():
        if not name.endswith("_plain"):
            text = text.replace(f"{{{name}}}", names.get(f"{name}_plain", value) if plain else value)
    return text
