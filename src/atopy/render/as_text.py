"""The plan in a terminal: the answer on the first screen, the sections below it, folded to be read whole."""

from collections.abc import Callable, Iterable

import msgspec

from atopy.plan import Plan
from atopy.render.answer import Answer, First, Row, answer, closed_groups, listed, short
from atopy.render.dates import HEADS, rows, split
from atopy.render.page import Page, Part
from atopy.render.view import (
    OPEN,
    RUNNING,
    Audience,
    Seen,
    View,
    cited,
    day_words,
    event_words,
    graded,
    is_open,
    unverified,
)

STYLES = {
    "present": "bold red", "suspected": "bold yellow", "not_assessed": "yellow", "excluded": "green",
    "recommended_now": "bold green", "recommended_once_checked": "green", "in_place": "cyan",
    "optimise": "bold yellow", "needs_information": "yellow", "after_specialist_referral": "yellow",
    "contraindicated": "red", "not_now": "dim", "failed_before": "dim", "not_available_here": "dim",
    "stop": "bold red", "hold": "bold red", "reduce": "bold yellow", "continue_with_cover": "yellow",
    "continue": "green", "overdue": "bold red", "due": "bold yellow", "done": "green",
}  # fmt: skip
_HEADLINES = {
    "emergency": "bold white on-red", "wrong-diagnosis": "bold red", "stop-or-reduce": "bold yellow",
    "correct-first": "bold yellow", "optimise": "bold yellow", "test-first": "bold yellow",
    "not-enough-data": "bold yellow",
}  # fmt: skip
_LABEL = 15  # width of the labels on the first screen
# How many lines of a section each reader meets in a terminal; the rest is counted, and is in the other formats.
_MOST = {
    "clinician": {"tell": 4, "missing": 6, "disagreements": 2, "statement": 1, "assess": 2, "advice": 2, "calendar": 5,
                  "dated": 40, "why": 260, "first": 300, "doses": 2, "taken": 3, "corrections": 5},
    "patient": {"tell": 4, "missing": 3, "disagreements": 0, "statement": 0, "assess": 1, "advice": 0, "calendar": 2,
                "dated": 8, "why": 160, "first": 300, "doses": 1, "taken": 1, "corrections": 2},
}  # fmt: skip
_MANY = 5  # courses of one name, from which on they are counted instead of listed
_ASKED_BY_DOCTORS = "confirm before giving"
_NAMED, _MANY_NAMES = 12, 24  # of so many options closed together, so many are named
_CAUTION, _CAUTIONS = "caution", 3  # and how many of them are told in a terminal
_SAFETY = ("absolute", "relative", _CAUTION, "to know first", _ASKED_BY_DOCTORS)
_OPEN_TO_PATIENTS = ("recommended_now", "recommended_once_checked", "after_specialist_referral")
_UNDECIDED = ("option", "needs_information", "after_specialist_referral")
_OF_PENDING = ("absolute", "relative", "to know first")
_REASONS_SHOWN_BELOW = ("weaker-recommendation", "taken-now", "safety-unknown")
_WITH_DAY = ("overdue", "due", "planned")
_WITH_STATEMENTS = ("recommended_now", "recommended_once_checked", "optimise")


def text(plan: Plan, audience: Audience = "clinician", width: int = 100, colour: bool = False) -> str:
    """The plan as text of at most *width* columns, with ANSI colours if *colour*."""
    return _Terminal(View(plan, audience), Page(width, colour)).run()


class _Terminal:
    """Writes one plan for one reader onto one page."""

    def __init__(self, view: View, page: Page) -> None:
        self.view = view
        self.page = page
        self.most = _MOST[view.audience]
        self.cited: dict[int, None] = {}

    def run(self) -> str:
        self.first_screen(answer(self.view))
        for section, lines in self.view.sections():
            draw = _SECTIONS.get(section.id)
            if draw is not None:
                draw(self, self.view.title(section.id), lines)
        self.sources()
        self.provenance()
        return self.page.text()

    def ref(self, line: Seen | First, grades: bool = True, marked: bool = True) -> Part:
        """The numbers of a line's sources, kept for the list at the end."""
        if not self.view.clinical or not line.sources:
            return ""
        self.cited |= {c.number: None for c in line.sources}
        mark = " not verified" if marked and unverified(line.sources) else ""
        review = line.review if isinstance(line, Seen) else ""
        state = f" · {review}" if review else ""
        return (f" {graded(line.sources) if grades else cited(line.sources)}{mark}{state}", "dim")

    def why(self, id_: str) -> Part:
        return (f" why? {id_}", "cyan") if self.view.clinical else ""

    def rest(self, count: int) -> None:
        if count > 0:
            self.page.put((f"and {count} more: --format markdown or html shows all", "dim"), left=3)

    # -- the first screen

    def first_screen(self, a: Answer) -> None:
        view, page = self.view, self.page
        version = view.plan.provenance.content_version
        page.put(
            (view.who(), "bold"), f" · as of {day_words(view.plan.as_of)} · {view.where()} · content {version} ",
            (f"({view.review()})", "yellow"),
        )  # fmt: skip
        page.gap()
        code = view.plan.headline.code
        title = view.headline.upper() if code == "emergency" else view.headline
        page.put((title, _HEADLINES.get(code, "bold green")))
        for number, first in enumerate(a.first, start=1):
            self.first(number, first)
        page.gap()
        self.label("Severity" if view.clinical else "Your skin", " · ".join((*a.findings, *a.scores)))
        self.label("Correct first" if view.clinical else "To put right", *self.factor_words(a))
        self.label("Overrides" if view.clinical else "Not counted", " · ".join(a.set_aside))
        self.label("Not used", (" · ".join(a.unused), "yellow"))
        self.rows(a)
        for number, group in enumerate(a.closed[:3] if view.clinical else ()):
            reason = group.reason.rstrip(".") if group.reason else group.state
            style = "red" if group.state == "contraindicated" else ""
            self.label("Not now" if number == 0 else "", (reason, style), f" — {_names(group.names, _NAMED)}")
        self.label(
            "Would change",
            " · ".join(q.rstrip("?") for q in a.change[:3]) if view.clinical else "",
        )
        self.label("Next", " · ".join(a.next[:2]))
        if view.clinical:
            disagreements = len(view.lines("disagreements"))
            ask = next((f.id for f in a.first if f.title), "headline")
            self.label(
                "Sources",
                f"{len(view.plan.sources)} · disagreements {disagreements} · why: ",
                (f"--why {ask}", "cyan"),
            )

    def first(self, number: int, first: First) -> None:
        whole = self.view.clinical or self.view.plan.headline.code == "emergency"
        said = first.text if whole else short(first.text, self.most["first"])
        title = f"{first.title}: " if first.title and said else first.title
        ask = self.why(first.id) if first.title else ""
        self.page.put((title, "bold"), said, self.ref(first, grades=False), ask, mark=f"  {number}  ")
        if first.because and self.view.clinical:
            self.page.put(("because: " + "; ".join(event_words(e) for e in first.because), "italic"), left=6)

    def factor_words(self, a: Answer) -> Iterable[Part]:
        for number, (name, status, state) in enumerate(a.factors):
            yield f"{' · ' if number else ''}{name}{' ' if self.view.clinical else ': '}"
            if status == "suspected" and self.view.clinical:
                word, comma, rest = state.partition(",")
                state = f"{word.upper()}{comma}{rest}"
            yield (state, STYLES.get(status, ""))

    def label(self, label: str, *parts: Part) -> None:
        if any(p if isinstance(p, str) else p[0] for p in parts):
            cut = label if len(label) < _LABEL else f"{label[: _LABEL - 2]}…"
            self.page.put(*parts, mark=(cut.ljust(_LABEL), "bold"))

    def rows(self, a: Answer) -> None:
        """The open options, in columns that fit the page."""
        if not a.then:
            return
        clinical = self.view.clinical
        widths = (22, 22) if clinical else (34, 22)
        heads = ("option", "status (strongest advice)", "dose; what comes before it") if clinical else ()
        told = {f.id for f in a.first if f.text}
        rows = [self.cells(row, row.id in told) for row in a.then]
        self.page.columns("Then" if clinical else "Treatments", _LABEL, widths, heads, rows)
        if a.more:
            self.page.put((f"and {a.more} more below", "dim"), left=_LABEL + 1)

    def cells(self, row: Row, told: bool) -> list[list[Part]]:
        """A row of the open options; without its dose where the lines above have *told* it."""
        given = "" if told else row.dose
        name: list[Part] = [row.name]
        state: list[Part] = [(row.state, STYLES.get(row.status, ""))]
        if not self.view.clinical:
            return [name, state, [given]]
        if row.recommended:
            state.append((f" ({row.recommended})", "dim"))
        before = f"Before: {row.before}" if row.before else ""
        dose = f"{given}." if given and before else given
        return [name, state, [" ".join(x for x in (dose, before) if x)]]

    # -- sections

    def statement(self, line: Seen, left: int = 1, label: str = "") -> None:
        detail = f" ({line.detail})" if line.detail and line.detail not in line.text else ""
        self.page.put((label, "bold"), line.text, detail, self.ref(line), left=left, mark="· ")

    def statements(self, title: str, lines: tuple[Seen, ...], most: int) -> None:
        """Statements one after the other, the first *most* of them."""
        self.page.heading(title)
        for line in lines[:most]:
            self.statement(line)
        self.rest(len(lines) - most)

    def urgent(self, title: str, lines: tuple[Seen, ...]) -> None:
        self.page.heading(title, "bold red")
        for flag in lines:
            self.page.put((flag.text, "bold red"), self.why(flag.id))
            for act in flag.parts:
                self.statement(act, left=3)

    def assessment(self, title: str, lines: tuple[Seen, ...]) -> None:
        self.page.heading(title)
        groups = {
            g: [x for x in lines if x.group == g]
            for g in ("score", "finding", "course", "target", "core_set", "override", "note")
        }
        for line in (*groups["score"], *(_gathered(groups["course"]) if self.view.clinical else ())):
            self.page.put(
                (line.text, "bold" if line.group == "score" else ""),
                f": {line.detail}" if line.detail else "",
                mark="· ",
            )
        if not self.view.clinical:
            self.tried([x for x in groups["course"] if x.status])
        self.aims(groups["target"], groups["core_set"])
        if groups["finding"]:
            self.page.put("; ".join(x.text for x in groups["finding"]), mark="· ")
        for line in groups["override"]:
            self.page.put((line.text, "bold"), f"; {line.reason}" if line.reason else "", mark="· ")
        for line in groups["note"]:
            self.page.put(f"Note in the record: {line.text}", mark="· ")
        advice = [x for x in lines if x.group not in groups]
        for line in advice[: self.most["advice"]]:
            self.statement(line)
        if self.view.clinical:
            self.rest(len(advice) - self.most["advice"])

    def tried(self, lines: list[Seen]) -> None:
        """What the patient has tried, and whether it was a full try."""
        for line in lines[: self.most["advice"]]:
            self.page.put(line.text, f": {line.detail}" if line.detail else "", mark="· ")

    def aims(self, aims: list[Seen], core_sets: list[Seen]) -> None:
        """The targets of each course that is going on, one line each; and what a core set lacks."""
        for line in aims:
            self.page.put((line.text, "bold"), mark="· ")
            for part in line.parts:
                detail = f" ({part.detail})" if part.detail else ""
                self.page.put(part.text, ": ", (part.state or "", "bold"), detail, left=3, mark="· ")
        for line in core_sets:
            self.page.put(line.text, f"; {line.detail}" if line.detail else "", mark="· ")

    def status_line(self, line: Seen) -> None:
        state = (line.state or "", STYLES.get(line.status or "", ""))
        self.page.put(
            (line.text, "bold"), " — ", state, f": {line.reason}" if line.reason else "", self.why(line.id)
        )

    def mimics(self, title: str, lines: tuple[Seen, ...]) -> None:
        self.page.heading(title)
        for line in lines:
            self.status_line(line)
            for part in line.of("test")[: self.most["assess"]]:
                self.statement(part, left=3)
            for part in line.of("meanwhile")[: self.most["assess"]]:
                self.statement(part, left=3, label="Meanwhile: ")

    def factors(self, title: str, lines: tuple[Seen, ...]) -> None:
        self.page.heading(title)
        for line in lines:
            self.status_line(line)
            shown: tuple[Seen, ...] = ()
            if line.status in ("present", "suspected"):
                shown = (*line.of("correct"), *line.of("assess")[: self.most["assess"]])[
                    : self.most["corrections"]
                ]
                shown = (*line.of("product"), *shown, *line.of("labels"))
            elif line.status == "not_assessed" and self.view.clinical:
                shown = line.of("assess")[:1]
            for part in shown:
                self.statement(part, left=3)

    def ladder(self, title: str, lines: tuple[Seen, ...]) -> None:
        """What is open or in place, rung by rung; then what is closed, by the reason that closes it."""
        self.page.heading(title)
        reasons = {o.reason for o in lines if o.code != "not-marketed"}
        if len(lines) > 1 and len(reasons) == 1 and not any(o.status in RUNNING for o in lines):
            self.page.put(f"All {len(lines)} options wait: {reasons.pop() or ''}" if self.view.clinical else
                          f"Nothing to choose for now: {reasons.pop() or ''}")  # fmt: skip
            return
        wanted = (*OPEN, *RUNNING) if self.view.clinical else (*_OPEN_TO_PATIENTS, *RUNNING)
        for name, _, options in self.view.rungs():
            shown = [o for o in options if o.status in wanted and (is_open(o) or o.status in RUNNING)]
            if shown:
                self.page.put((name, "bold underline"))
            for option in shown:
                self.option(option)
        closed = [o for o in lines if not is_open(o) and o.status not in RUNNING]
        if self.view.clinical:
            self.closed("Closed now", [o for o in closed if o.group != "unproven"])
            self.closed("Unproven or historical", [o for o in closed if o.group == "unproven"])
            return
        others = [o for o in lines if is_open(o) and o.status not in wanted]
        self.closed("Other choices", others)
        self.with_care(others)
        known = [
            o for o in closed if o.group != "unproven" and o.code not in ("not-indicated", "not-marketed")
        ]
        self.closed("Not for now", known)

    def with_care(self, options: list[Seen]) -> None:
        """What to be careful with in choices that are named without more: a line for each."""
        for option in options:
            met = [p.text.rstrip(".") for p in option.of("safety", "interaction") if p.status == _CAUTION]
            if met:
                word = (self.view.status(_CAUTION) or _CAUTION).capitalize()
                said = ". ".join(dict.fromkeys(met[:_CAUTIONS]))
                self.page.put((f"{word}: {option.text}. ", "bold"), said, left=3, mark="· ")

    def closed(self, title: str, options: list[Seen]) -> None:
        groups = closed_groups(self.view, options)
        if groups:
            self.page.put((title, "bold underline"))
        for group in groups:
            told = not group.reason or group.state in group.reason
            whole = group.access or self.view.clinical
            reason = "" if told else f": {group.reason if whole else short(group.reason, 170)}"
            style = STYLES["contraindicated"] if group.state == "contraindicated" else "dim"
            where = f" {cited(group.access)}" if group.access and self.view.clinical else ""
            many = len(group.names) > _MANY_NAMES
            names = _names(group.names, _NAMED) if many else listed(group.names)
            self.page.put((f"{group.state}{reason}", style), where, " — ", names, left=3, mark="· ")

    def option(self, line: Seen) -> None:
        state = (line.state or "", STYLES.get(line.status or "", ""))
        told = not line.reason or line.code in _REASONS_SHOWN_BELOW or line.reason == line.state
        reason = "" if told else f": {line.reason}"
        self.page.put((line.text, "bold"), " — ", state, reason, self.ref(line), left=3)
        pending = line.status in _UNDECIDED
        if line.status == "after_specialist_referral" and not self.view.clinical:
            return
        for dose in line.of("dose")[: 1 if pending else self.most["doses"]]:
            self.dose(dose)
        self.listed("Amount", list(line.of("amount")))
        self.safety(line, brief=pending)
        self.listed("Access, not evidence" if self.view.clinical else "Who pays", list(line.access()))
        if line.status in ("option", "after_specialist_referral"):
            return
        if line.status != "needs_information":
            self.listed("Before it", [x for x in line.of("before") if x.status != "done"])
        self.listed("Done", [] if pending else [x for x in line.of("before") if x.status == "done"])
        self.listed("Monitor" if self.view.clinical else "We check", list(line.of("monitor")))
        if self.view.clinical:
            self.listed("", list(line.of("course")))
        if line.status in _WITH_STATEMENTS:
            for part in line.of("statement")[: self.most["statement"]]:
                self.statement(part, left=5)

    def dose(self, line: Seen) -> None:
        body = f"{line.text.rstrip('.')}. {line.more[:1].upper()}{line.more[1:]}" if line.more else line.text
        if unverified(line.sources) and "check the label" not in body:
            body = f"{body.rstrip('.')} (unverified: check the label)"
        self.page.put(("Dose: ", "bold"), body, self.ref(line, grades=False, marked=False), left=5, hang=3)

    def safety(self, line: Seen, brief: bool) -> None:
        """What bars it and what must be known first; *brief* leaves out what is only to be asked."""
        for status in _SAFETY:
            label = (self.view.status(status) or status).capitalize()
            parts = [
                p for p in line.of("safety", "interaction") if p.status == status and p.text != line.reason
            ]
            if status in _OF_PENDING or (not brief and (self.view.clinical or status != _ASKED_BY_DOCTORS)):
                self.listed(label, parts, _CAUTIONS if status in (_CAUTION, _ASKED_BY_DOCTORS) else 12)

    def listed(self, label: str, parts: list[Seen], most: int = 8) -> None:
        """Several short lines as one paragraph."""
        if not parts:
            return
        said: list[Part] = [(f"{label}: ", "bold")] if label else []
        parts = list({p.text: p for p in reversed(parts)}.values())[::-1]
        for number, part in enumerate(parts[:most]):
            detail = f" ({part.detail})" if part.detail and self.view.clinical else ""
            said += ["; " if number else "", part.text.rstrip(".") + detail, self.ref(part, grades=False)]
        if len(parts) > most:
            said.append((f"; and {len(parts) - most} more", "dim"))
        self.page.put(*said, left=5, hang=3)

    def taken(self, title: str, lines: tuple[Seen, ...]) -> None:
        self.page.heading(title)
        for line in lines:
            word = (self.view.action(line.status or ""), STYLES.get(line.status or "", ""))
            detail = f" ({line.detail})" if line.detail else ""
            told = not line.reason or line.reason == word[0]
            self.page.put(word, f": {line.text}{detail}", "" if told else f". {line.reason}", mark="· ")
            # A pause today is not the end of a course.
            pausing = line.status == "hold" and not self.view.clinical
            parts = [
                p
                for p in line.parts
                if p.text.rstrip(".") not in (line.reason or "") and not (pausing and p.group == "stop")
            ]
            for part in parts[: self.most["taken"]]:
                self.statement(part, left=5)

    def calendar(self, title: str, lines: tuple[Seen, ...]) -> None:
        """The dated items as a table, the overdue first; what has no day and what is done as far as there is room."""
        dated, advice = split(lines)
        self.page.heading(title)
        shown = [x for x in dated if x.status in _WITH_DAY]
        rest = [x for x in dated if x.status not in _WITH_DAY]
        kept = [*shown[: self.most["dated"]], *rest[: self.most["calendar"] if self.view.clinical else 0]]
        if kept:
            self.dates(tuple(kept))
            self.rest(len(dated) - len(kept) if self.view.clinical else 0)
        for line in advice[: self.most["calendar"]]:
            self.statement(line)
        self.rest(len(advice) - self.most["calendar"])

    def dates(self, dated: tuple[Seen, ...]) -> None:
        """The table of dated items."""
        cells: list[list[list[Part]]] = []
        for row, line in zip(rows(self.view, dated), dated, strict=True):
            style = STYLES.get(row.status or "", "")
            why = short(row.why, self.most["why"])
            self.cited |= {c.number: None for c in line.sources}
            what: list[Part] = [
                row.what,
                (f": {why}" if why else "", ""),
                (f" {row.refs}" if row.refs else "", "dim"),
            ]
            cells.append([[row.when], [(row.state or "", style)], what])
        self.page.columns("", 0, (26, 8), (*HEADS[:2], "What, and why"), cells)

    def missing(self, title: str, lines: tuple[Seen, ...]) -> None:
        self.page.heading(title)
        most = self.most["missing"]
        asked = [x for x in lines if x.status != "left out"]
        for line in asked[:most]:
            reason = f" — {short(line.reason, 110)}" if line.reason else ""
            self.page.put(line.text, (reason, "dim"), mark="· ")
        self.rest(len(asked) - most if self.view.clinical else 0)
        for line in lines[len(asked) :]:
            self.page.put((line.text, "dim"), left=3)

    def disagreements(self, title: str, lines: tuple[Seen, ...]) -> None:
        most = self.most["disagreements"]
        if not most:
            return
        self.page.heading(title)
        for line in lines[:most]:
            self.page.put(line.text, self.why(line.id), mark="· ")
        self.rest(len(lines) - most)

    # -- the end

    def sources(self) -> None:
        """Those cited above, by key; each in full is in the other formats."""
        listed = self.view.plan.sources
        if not listed:
            return
        self.page.heading(self.view.title_of_sources())
        if not self.view.clinical:
            self.page.put(
                f"{len(listed)} sources stand behind this plan. With --format html you see them all."
            )
            return
        chosen = [s for s in listed if s.number in self.cited]
        self.page.put(" · ".join(f"[{s.number}{'' if s.read else '*'}] {s.label or s.key}" for s in chosen))
        self.page.put((
            f"{len(chosen)} of {len(listed)} sources are cited above (* not read for this guideline). In full: "
            "--format markdown or html, or atopy guideline sources NAME.", "dim",
        ))  # fmt: skip

    def provenance(self) -> None:
        view, page = self.view, self.page
        made = view.plan.provenance
        page.gap()
        page.put((view.intended_use, "dim"))
        page.put((view.disclaimer, "" if view.clinical else "bold"))
        overlay = f" · overlay {made.overlay} {(made.overlay_hash or '')[:12]}" if made.overlay else ""
        hashes = (("content", made.content_hash), ("record", made.record_hash), ("plan", made.plan_hash))
        said = (
            f"{made.content} {made.content_version} ({view.review()}), {view.overdue()}, "
            f"{view.currency()}{overlay} · "
            f"engine {made.engine} · {' · '.join(f'{name} {hash_[:12]}' for name, hash_ in hashes)}"
        )
        page.put((said, "dim"))


def _gathered(courses: list[Seen]) -> list[Seen]:
    """Many courses of one name as one line, where nothing is known of any but its dates."""
    named: dict[tuple[str, str | None], list[Seen]] = {}
    for course in courses:
        named.setdefault((course.text.rsplit(", ", 1)[0], course.detail), []).append(course)
    found: list[Seen] = []
    for (name, _), alike in named.items():
        first, last = alike[0].text.rsplit(", ", 1)[-1], alike[-1].text.rsplit(", ", 1)[-1]
        span = f"{name}, {len(alike)} courses: the first {first}, the last {last}"
        found += alike if len(alike) < _MANY else [msgspec.structs.replace(alike[0], text=span)]
    return found


def _names(names: tuple[str, ...], most: int) -> str:
    """Names without what stands in brackets, where they stay different."""
    brief = [n.split(" (")[0] for n in names]
    said = [b if brief.count(b) == 1 else n for n, b in zip(names, brief, strict=True)]
    more = f" and {len(said) - most} more" if len(said) > most else ""
    return listed(said[:most]) + more


_Draw = Callable[[_Terminal, str, tuple[Seen, ...]], None]


def _listed(section: str) -> _Draw:
    return lambda terminal, title, lines: terminal.statements(title, lines, terminal.most[section])


_SECTIONS: dict[str, _Draw] = {
    "urgent": _Terminal.urgent,
    "assessment": _Terminal.assessment,
    "is_it_eczema": _Terminal.mimics,
    "correct_first": _Terminal.factors,
    "ladder": _Terminal.ladder,
    "taken_now": _Terminal.taken,
    "calendar": _Terminal.calendar,
    "referral": _listed("calendar"),
    "tell": _listed("tell"),
    "missing": _Terminal.missing,
    "quarantined": _Terminal.missing,
    "disagreements": _Terminal.disagreements,
}
