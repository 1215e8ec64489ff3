"""One page for each therapy, and the ladder as a table."""

from __future__ import annotations

from collections.abc import Iterator

from atopy.guideline import Check, Contraindication, Grade, Interaction, Regimen, Therapy
from atopy.guideline.dated import in_words
from atopy.plan.dose_amount import band_words, exact

from .book import Book
from .markdown import code, page, plain, section, spaced, table

UP = "../"
_SEVERITIES = ("absolute", "relative", "caution")


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """The index by rung, then every therapy in the order of the ladder."""
    yield "therapies/index.md", _index(book)
    for therapy in _by_rung(book):
        yield f"therapies/{therapy.id}.md", _therapy(book, therapy)


def _by_rung(book: Book) -> list[Therapy]:
    rungs = [r.id for r in book.compiled.meta.rungs]
    return sorted(book.compiled.therapies.values(), key=lambda t: (rungs.index(t.rung), t.id))


def _index(book: Book) -> str:
    parts = []
    for rung in book.compiled.meta.rungs:
        rows = [
            (
                f"[{plain(book.title(t.id))}]({t.id}.md)",
                code(t.id),
                _best(book, t.recommended),
                ", ".join(f"{x.country.upper()} {spaced(x.status)}" for x in t.licence),
            )
            for t in _by_rung(book)
            if t.rung == rung.id
        ]
        body = table(["therapy", "id", "sources that were read", "licence"], rows)
        parts.append(section(f"{plain(rung.name.clinician['en'])} ({rung.line} line)", body))
    lead = "Every rung of the ladder and its options. To add one is to add one file: [how](../../add-a-therapy.md)."
    return page("Therapies", lead, *parts)


def _best(book: Book, grades: list[Grade]) -> str:
    counted: dict[str, int] = {}
    for grade in grades:
        if grade.verified:
            word = (
                grade.direction
                if grade.strength in ("none", "good practice")
                else f"{grade.strength} {grade.direction}"
            )
            counted[word] = counted.get(word, 0) + 1
    return ", ".join(f"{word} {n}" for word, n in counted.items()) or "none"


def _therapy(book: Book, t: Therapy) -> str:
    return page(
        plain(book.title(t.id)),
        _at_a_glance(book, t),
        section("For whom", book.when(t.suits).replace("<br>", "\n\n")),
        section("Recommendations", _grades(book, t)),
        section("Licence", _licence(book, t)),
        section("Contraindications", _contraindications(book, t.contraindicated)),
        section("Interactions", _interactions(book, t.interactions)),
        section("Doses", f"{_made_as(book, t)}{_regimens(book, t.regimens)}"),
        section("Before starting", _checks(book, t.before)),
        section("During treatment", _checks(book, t.monitor)),
        section("Limits of use", _limits(book, t)),
        section("How to stop", _stop(book, t)),
        section("How to use it, and what is known", book.statements(t.statements, UP)),
        section("Where sources disagree", _disagreements(book, t)),
        section("See also", _links(book, t)),
    )


def _at_a_glance(book: Book, t: Therapy) -> str:
    rung = next(r for r in book.compiled.meta.rungs if r.id == t.rung)
    patient = book.text(t.name, {})[1]
    terms = ", ".join(plain(book.title(d)) for d in t.treats_with)
    rows = [
        ("For a patient", patient),
        ("Rung", f"{plain(rung.name.clinician['en'])}, {rung.line} line"),
        ("A course of", terms),
        ("Needs a specialist", "yes" if t.needs_specialist else ""),
        ("Unproven", "yes: offered only when proven options are exhausted" if t.unproven else ""),
        ("Not together with others of", spaced(t.group) if t.group else ""),
        (
            "Judge its effect after",
            f"{book.quantity(t.onset)} {book.cite(t.onset_sources, UP)}" if t.onset else "",
        ),
        (
            "Longest course",
            f"{book.quantity(t.course_limit)} {book.cite(t.course_limit_sources, UP)}"
            if t.course_limit
            else "",
        ),
        ("Written in", book.file(t)),
    ]
    return table(["", ""], [row for row in rows if row[1]])


def _grades(book: Book, t: Therapy) -> str:
    order = sorted(t.recommended, key=lambda g: (not g.verified, g.direction != "for", g.source, g.id))
    rows = [
        (
            f"{book.one(g, UP).replace(' (not read)', '')} {plain(g.source)}",
            _said(g),
            "<br>".join(x for x in (book.of(g.says, g.numbers), _for_whom(book, g)) if x),
            "yes" if g.verified else "**not read**: decides nothing",
        )
        for g in order
    ]
    heads = ["source", "says", "in our words", "read"]
    return table(heads, rows) or "No source recommends for or against it."


def _said(g: Grade) -> str:
    """Direction, strength and certainty, and the source's own word for them."""
    strength = f", {g.strength}" if g.strength != "none" else ""
    said = f"**{g.direction}{strength}**" if g.direction != "none" else "**neither for nor against**"
    certainty = f"certainty {g.certainty}" if g.certainty else ""
    return "<br>".join(x for x in (said, certainty, plain(g.scale or "")) if x)


def _for_whom(book: Book, g: Grade) -> str:
    when = book.when(g.when)
    dates = [f"from {g.effective}" if g.effective else "", f"until {g.until}" if g.until else ""]
    force = " ".join(x for x in dates if x)
    return "<br>".join(
        x for x in (f"*For whom:* {when}" if when else "", f"*In force:* {force}" if force else "") if x
    )


def _licence(book: Book, t: Therapy) -> str:
    rows = [
        (
            x.country.upper(),
            spaced(x.status),
            book.when(x.when),
            book.of(x.note, x.numbers),
            f"[\\[{book.number(x.source)}\\]]({UP}sources.md#s{book.number(x.source)})"
            + ("" if x.verified else " (not read)"),
        )
        for x in t.licence
    ]
    return table(["country", "status", "for whom", "note", "source"], rows) or "Nothing on record."


def _contraindications(book: Book, given: list[Contraindication]) -> str:
    rows = [
        (
            f"**{c.severity}**" + (f" ({c.country.upper()})" if c.country else ""),
            " ".join(
                x
                for x in (
                    book.text(c.because, c.numbers)[0],
                    f"*Patient:* {book.text(c.because, c.numbers)[1]}",
                )
                if not x.endswith("* ")
            ),
            book.when(c.when) + (f"<br>only if {book.when(c.applies_to)}" if c.applies_to else ""),
            {"hold": "held until known", "ask": "confirm before giving"}[c.if_unknown]
            if c.severity != "caution"
            else "",
            book.cite(c.sources, UP),
        )
        for c in sorted(given, key=lambda c: _SEVERITIES.index(c.severity))
    ]
    return table(["", "because", "when", "if unknown", "sources"], rows) or "None on record."


def _interactions(book: Book, given: list[Interaction]) -> str:
    rows = [
        (
            ", ".join(plain(book.title(d)) for d in i.with_)
            + (f" ({i.country.upper()})" if i.country else ""),
            f"**{i.action}** ({i.severity})",
            " ".join(
                x
                for x in (
                    book.text(i.because, i.numbers)[0],
                    f"*Patient:* {book.text(i.because, i.numbers)[1]}",
                )
            ),
            spaced(i.taken),
            book.cite(i.sources, UP),
        )
        for i in given
    ]
    return table(["with", "", "because", "while both are taken", "sources"], rows) or "None on record."


def _regimens(book: Book, given: list[Regimen]) -> str:
    parts = []
    for r in given:
        said = book.text(r.text, r.numbers) if r.text else ("", "")
        rows = [
            ("For whom", book.when(r.when)),
            ("Where", r.country.upper() if r.country else ""),
            (
                "Bands",
                " and ".join(
                    plain(band_words(book.compiled.facts[f].label["en"], b)) for f, b in r.bands.items()
                ),
            ),
            ("To start", book.dose(r.loading)),
            ("Dose", book.dose(r.dose)),
            ("Then", "; ".join(book.dose(d) for d in r.then)),
            ("At most", book.dose(r.maximum)),
            ("Share of the usual dose", book.quantity(r.share)),
            ("For", book.quantity(r.course)),
            ("Also", said[0]),
            ("Patient", said[1]),
            ("Sources", book.cite(r.sources, UP)),
        ]
        name = book.of(r.name, r.numbers) or code(r.id)
        check = (
            ""
            if all(s.verified for s in r.sources)
            else '*Shown as "check the label": not every source was read.*'
        )
        parts.append(section(name, table(["", ""], [x for x in rows if x[1]]), check, level=3, anchor=r.id))
    return "\n\n".join(parts)


def _made_as(book: Book, t: Therapy) -> str:
    """What the drug is made as, to which a dose worked out by weight is rounded."""
    lines = [
        f"Rounded to {plain(m.form['en'])} of {plain(', '.join(exact(n) for n in m.strengths))} {plain(m.unit)} "
        f"{book.cite(m.sources, UP)}."
        for m in t.made_as
    ]
    return "\n\n".join([*lines, ""]) if lines else ""


def _checks(book: Book, given: list[Check]) -> str:
    rows = [
        (
            book.text(c.test, c.numbers)[0],
            book.of(c.every, c.numbers),
            "; ".join(f"{in_words(x)} {book.cite(x.sources, UP)}" for x in c.timing)
            + (f"valid for {c.valid_for}" if c.valid_for else ""),
            ", ".join(c.covers),
            book.when(c.when) + (f" ({c.country.upper()})" if c.country else ""),
            book.when(c.done),
            "yes" if c.required else "no",
            "; ".join(book.text(a.text, a.numbers)[0] for a in c.act),
            book.cite(c.sources, UP),
        )
        for c in given
    ]
    return table(
        [
            "check",
            "how often",
            "on the calendar",
            "covered by",
            "for whom",
            "done when",
            "required",
            "then",
            "sources",
        ],
        rows,
    )


def _limits(book: Book, t: Therapy) -> str:
    rows = [
        (spaced(x.action), book.text(x.text, x.numbers)[0], book.when(x.when), book.cite(x.sources, UP))
        for x in t.limits
    ]
    return table(["then", "because", "when", "sources"], rows)


def _stop(book: Book, t: Therapy) -> str:
    if t.stop is None:
        return ""
    clinician, patient = book.text(t.stop.text, t.stop.numbers)
    told = f"\n\n*Patient:* {patient}" if patient else ""
    return f"**{t.stop.how.capitalize()}.** {clinician} {book.cite(t.stop.sources, UP)}{told}"


def _disagreements(book: Book, t: Therapy) -> str:
    about = [d for d in book.compiled.disagreements.values() if t.id in d.about]
    return "\n".join(f"- [{book.of(d.question, d.numbers)}](../disagreements.md#{d.id})" for d in about)


def _links(book: Book, t: Therapy) -> str:
    return "\n".join(f"- {book_link(book, link, UP)}" for link in t.links)


def book_link(book: Book, id_: str, up: str) -> str:
    """A link to the page of whatever *id_* names."""
    c = book.compiled
    homes = (
        (c.therapies, f"therapies/{id_}.md"),
        (c.factors, f"factors.md#{id_}"),
        (c.allergens, f"allergens.md#{id_}"),
        (c.mimics, f"mimics.md#{id_}"),
        (c.red_flags, f"red-flags.md#{id_}"),
        (c.topics, f"topics/{id_}.md"),
        (c.disagreements, f"disagreements.md#{id_}"),
    )
    home = next((place for group, place in homes if id_ in group), f"instruments/{id_}.md")
    if id_ in c.disagreements and id_ not in c.therapies:
        d = c.disagreements[id_]
        return f"[{book.of(d.question, d.numbers)}]({up}{home})"
    found = c.instruments.find(id_) if home.startswith("instruments") else None
    return f"[{plain(found.name if found else book.title(id_))}]({up}{home})"
