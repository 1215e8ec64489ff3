"""The calendar: what the content asks for at times, as days for this patient, each done, due, overdue or planned.

Generic arithmetic over timings that the content states; which test, interval or wait there is, it says.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from atopy.criteria import Ref
from atopy.facts.spans import ahead, back
from atopy.facts.timing import Course, Cover, Due, Timetable, here, next_due, planned, strictest
from atopy.guideline import Check, Citation, Interval, Quantity, Statement, Therapy, Timing, Words
from atopy.guideline.dated import covers_of, is_dated, timetable, timetables
from atopy.plan import words as texts
from atopy.plan.case import LANGUAGE, Case, Guidance
from atopy.plan.entries import shown
from atopy.plan.model import Line, Trace
from atopy.plan.plain import sentences
from atopy.plan.sheets import ends_at_once
from atopy.record import Event, event_day

Status = Literal["done", "due", "overdue", "planned"]
HORIZON = "1 year"  # so far ahead are repeated items listed
GROUPS = ("work_up", "monitoring", "judge", "course_end", "target", "wait", "life_event")
"""What a dated item of the calendar is; other lines of the section are advice."""
_RANK = {"overdue": 0, "due": 1, "planned": 2, None: 3, "done": 4}
_BEGINNING = ("recommended_now", "recommended_once_checked")
_SAID = {
    "work_up": ("Before the first dose of {name}", "Before your first dose of {name}"),
    "judge": ("Judge the effect of {name}", "See how well {name} works"),
    "course_end": ("{name}: end of the longest course", "{name}: the longest you use it without a break"),
    "no_interval": ("no interval in a source", "no fixed date: ask at your visits"),
    "no_start": ("the day it was started is not recorded", "we do not know the day you started"),
    "missing": ("not recorded since the start: {name}", "not found since you started: {name}"),
    "other_source": ("Another source asks for it", "Another source asks for it"),
    "following": ("then", "then"),
    "life_event": ("{name}", "{name}"),
    "must_end": ("Last day of {name}", "Your last day of {name}"),
}  # the words where the content has none of its own (``calendar`` in phrases.yaml)


class Dated(NamedTuple):
    """One check or timing with everything that is the same for every patient."""

    covers: tuple[Cover, ...]
    tables: tuple[Timetable, ...]


class Waiting(NamedTuple):
    """A timing of a statement with the statement, and the codes it is counted from."""

    timing: Timing
    statement: Statement
    after: frozenset[tuple[str, str]]
    dated: Dated
    owner: str


class Book:
    """Everything of a guideline that can stand on a calendar, looked up once."""

    def __init__(self, guidance: Guidance) -> None:
        compiled = guidance.compiled
        self.words = compiled.vocabulary
        self.checks: dict[str, Dated] = {}
        self.therapies: list[Therapy] = []
        self.work_up: list[Therapy] = []
        self.taken: dict[str, tuple[Ref, ...]] = {}
        self.of_code: dict[str, list[Therapy]] = {}
        self.judged = covers_of(compiled.meta.judged_by, self.words)
        for therapy in compiled.therapies.values():
            self._keep(therapy)
        timings = list(self._timings(guidance))
        self.waits = [w for w in timings if w.timing.wait and w.timing.at]
        self.reviews = [w for w in timings if w.timing.counted_from == "plan" and w.timing.at]
        targets = [w for w in timings if not w.timing.wait and w.timing.counted_from != "plan"]
        self.targets = [w for w in targets if all(kind == "treatment" for kind, _ in w.after)]
        self.after_events = [
            w._replace(after=frozenset(pair for pair in w.after if pair[0] != "treatment"))
            for w in targets
            if w not in self.targets
        ]

    def _keep(self, therapy: Therapy) -> None:
        for check in (*therapy.before, *therapy.monitor):
            self.checks[check.id] = Dated(covers_of(check.covers, self.words), timetables(check.timing))
        self.taken[therapy.id] = tuple(Ref("takes", (code,)) for code in therapy.treats_with)
        if therapy.monitor or therapy.onset or therapy.course_limit:
            self.therapies.append(therapy)
        if therapy.before:
            self.work_up.append(therapy)
        for word in therapy.treats_with:
            for code in (word, *self.words.members.get(word, ())):
                self.of_code.setdefault(code, []).append(therapy)

    def _timings(self, guidance: Guidance) -> Iterator[Waiting]:
        compiled = guidance.compiled
        owners = [(t.id, t.statements) for t in compiled.therapies.values()]
        owners += [(t.id, t.statements) for t in compiled.topics.values()]
        for owner, statements in owners:
            for s in statements:
                for timing in s.timing:
                    counted = covers_of(timing.after, self.words, timing.recorded_as)
                    after = frozenset(pair for c in counted for pair in c)
                    dated = Dated(covers_of(timing.covers, self.words), (timetable(timing),))
                    yield Waiting(timing, s, after, dated, owner)


_BOOKS: WeakKeyDictionary[Guidance, Book] = WeakKeyDictionary()


def calendar(case: Case) -> tuple[Line, ...]:
    """Every dated item: the overdue first, then by day; what has no date and what is done come last."""
    book = _BOOKS.get(case.guidance)
    if book is None:
        book = _BOOKS[case.guidance] = Book(case.guidance)
    made = _Calendar(case, book)
    return tuple(sorted(made.lines(), key=_place))


def _place(line: Line) -> tuple[int, str, str]:
    return _RANK[line.status], line.due or "9999", line.id


def status_of(due: Due, as_of: date) -> Status:
    """Due from the first day that counts to the last day allowed; overdue from the day after."""
    if as_of > due.latest:
        return "overdue"
    return "due" if as_of >= due.earliest else "planned"


class _Calendar:
    """The calendar of one patient."""

    def __init__(self, case: Case, book: Book) -> None:
        self.case, self.book, self.as_of = case, book, case.as_of
        self.until = ahead(case.as_of, HORIZON)

    def lines(self) -> Iterator[Line]:
        """Everything, in no order."""
        coming = [e for e in self.case.record.events if e.date and e.date >= self.as_of and not e.quarantined]
        starts = self._starts(coming)
        running = [
            (t, self._course(t))
            for t in self.book.therapies
            if self.case.value("taking", t.id) is True and not ends_at_once(self.case, t)
        ]
        for therapy, course in running:
            yield from self._of_course(therapy, course)
        for therapy, course in starts:
            yield from self._of_course(therapy, course)
        yield from self._before({t.id: c for t, c in starts})
        yield from self._targets([(t, c) for t, c in (*running, *starts) if c is not None])
        yield from self._waits(coming)
        yield from self._after_events()
        yield from self._reviews()
        for event in coming:
            if event.kind == "life_event" and event.flag is not False:
                yield self._life_event(event)

    def _course(self, therapy: Therapy) -> Course | None:
        return self.case.world.course(self.book.taken[therapy.id], tuple(therapy.treats_with))

    def _starts(self, coming: list[Event]) -> list[tuple[Therapy, Course]]:
        """Treatments that the record plans, with the day of the first dose."""
        first: dict[str, tuple[Therapy, Course]] = {}
        for event in coming:
            if event.kind == "treatment" and event.status == "planned" and event.date:
                for therapy in self.book.of_code.get(event.code, ()):
                    known = first.get(therapy.id)
                    if known is None or event.date < known[1].start:
                        first[therapy.id] = therapy, Course(event.date, (), (event,))
        return list(first.values())

    # -- a course that is running, or planned

    def _of_course(self, therapy: Therapy, course: Course | None) -> Iterator[Line]:
        for check in therapy.monitor:
            rule = self.case.rule(check.id)
            if rule is False:
                continue
            if rule is True and course is not None and is_dated(check):
                yield from self._monitored(therapy, check, course)
            elif rule is True or is_dated(
                check
            ):  # undated and perhaps not for this patient: the ladder names it
                unknown_start = course is None and is_dated(check)
                yield self._undated(therapy, check, "no_start" if unknown_start else "no_interval")
        if course is not None:
            yield from self._judged(therapy, course)
            yield from self._ending(therapy, course)

    def _monitored(self, therapy: Therapy, check: Check, course: Course) -> Iterator[Line]:
        dated = self.book.checks[check.id]
        world = self.case.world
        last, events = world.done(dated.covers, course.start)
        what = self._named(therapy, self.case.words(check.test, check.numbers))
        uid = f"{check.id}:{course.start}"
        count = self._times(dated.covers, course.start)
        if last is not None:
            yield Line(
                f"calendar-{check.id}-done", "calendar", "monitor", *what, status="done", group="monitoring",
                due=last.isoformat(), uid=f"{uid}:{count}", trace=self._trace(what[0], events),
                sources=self.case.cite(check.sources),
            )  # fmt: skip
        tables = here(dated.tables, world.country)
        asked = strictest(tables, course.start, course.increases, last)
        if asked is None:
            yield self._undated(therapy, check, "no_interval")
            return
        place, due = asked
        interval = _intervals(check, world.country)[place]
        status = status_of(due, self.as_of)
        missing = self._missing(dated.covers, course.start) if status == "overdue" else (None, None)
        every = texts.fill(check.every.get(LANGUAGE, ""), check.numbers) or None
        following = planned(
            tables, course.start, Due(max(due.due, self.as_of), due.earliest, due.latest), self.until
        )
        parts = [
            self._following(f"calendar-{check.id}", n, later, f"{uid}:{count + 1 + n}")
            for n, later in enumerate(following, start=1)
        ]
        parts += self._others(check, interval, tables, course, last, due)
        yield Line(
            f"calendar-{check.id}", "calendar", "monitor", *what, status=status, group="monitoring", detail=every,
            patient_detail=every, clinician_reason=missing[0], patient_reason=missing[1],
            sources=self.case.cite(interval.sources), parameters=self.case.parameters(check.test, check.numbers),
            trace=self._trace(what[0], (*course.events, *events)), parts=tuple(parts),
            due=due.due.isoformat(), earliest=due.earliest.isoformat(), latest=due.latest.isoformat(),
            uid=f"{uid}:{count + 1}",
        )  # fmt: skip

    def _following(self, id_: str, n: int, due: Due, uid: str) -> Line:
        return Line(
            f"{id_}-{n + 1}", "calendar", "monitor", *self._say("following"), status="planned", group="following",
            due=due.due.isoformat(), earliest=due.earliest.isoformat(), latest=due.latest.isoformat(), uid=uid,
        )  # fmt: skip

    def _others(
        self,
        check: Check,
        kept: Interval,
        tables: tuple[Timetable, ...],
        course: Course,
        last: date | None,
        due: Due,
    ) -> Iterator[Line]:
        """What the sources that are less strict here would ask for."""
        listed = zip(_intervals(check, self.case.world.country), tables, strict=True)
        for number, (interval, table) in enumerate(listed, start=1):
            other = next_due(table, course.start, course.increases, last)
            if interval is kept or other is None or other.due == due.due:
                continue
            yield Line(
                f"calendar-{check.id}-source-{number}", "calendar", "note", *self._say("other_source"),
                group="other_source", sources=self.case.cite(interval.sources), due=other.due.isoformat(),
                earliest=other.earliest.isoformat(), latest=other.latest.isoformat(),
            )  # fmt: skip

    def _undated(self, therapy: Therapy, check: Check, reason: str) -> Line:
        every = texts.fill(check.every.get(LANGUAGE, ""), check.numbers) or None
        why = self._say(reason)
        names = self._named(therapy, self.case.words(check.test, check.numbers))
        return Line(
            f"calendar-{check.id}-undated", "calendar", "monitor", *names,
            group="monitoring", reason=reason.replace("_", "-"), clinician_reason=why[0], patient_reason=why[1],
            detail=every, patient_detail=every, sources=self.case.cite(check.sources),
            parameters=self.case.parameters(check.test, check.numbers),
        )  # fmt: skip

    def _judged(self, therapy: Therapy, course: Course) -> Iterator[Line]:
        """When its effect is judged, unless the record already says what it did."""
        meta = self.case.compiled.meta
        longest = _span(therapy.onset, "longest")
        if longest is None or any(e.response for e in course.events):
            return
        if meta.judged_until and self.as_of > ahead(course.start, meta.judged_until):
            return
        shortest = _span(therapy.onset, "shortest")
        due = ahead(course.start, longest)
        within = meta.judged_within
        earliest = ahead(course.start, shortest) if shortest else back(due, within) if within else due
        window = Due(due, earliest, ahead(due, within) if within else due)
        id_ = f"calendar-{therapy.id}-judge"
        names = self._say("judge", self.case.words(therapy.name))
        yield self._single(
            id_, "assess", names, "judge", window, self.book.judged, course, therapy.onset_sources
        )

    def _ending(self, therapy: Therapy, course: Course) -> Iterator[Line]:
        longest = _span(therapy.course_limit, "longest")
        if longest is None or self.case.rule(f"{therapy.id}-course-limit") is not True:
            return
        end = ahead(course.start, longest)
        names = self._say("course_end", self.case.words(therapy.name))
        yield self._single(
            f"calendar-{therapy.id}-course-end", "stop", names, "course_end", Due(end, end, end), (), course,
            therapy.course_limit_sources,
        )  # fmt: skip

    def _single(
        self, id_: str, action: str, names: tuple[str, str | None], group: str, due: Due, covers: tuple[Cover, ...],
        course: Course, sources: list[Citation],
    ) -> Line:  # fmt: skip
        """Something that is due once."""
        on, events = self.case.world.done(covers, due.earliest)
        status: Status = "done" if on is not None else status_of(due, self.as_of)
        return Line(
            id_, "calendar", action, *names, status=status, group=group, sources=self.case.cite(sources),
            due=(on or due.due).isoformat(), earliest=None if on else due.earliest.isoformat(),
            latest=None if on else due.latest.isoformat(), uid=f"{id_}:{course.start}",
            trace=self._trace(names[0], (*course.events, *events)),
        )  # fmt: skip

    # -- before the first dose

    def _before(self, first: dict[str, Course]) -> Iterator[Line]:
        for therapy in self.book.work_up:
            start = first.get(therapy.id)
            if start is None and self.case.value("option_status", therapy.id) not in _BEGINNING:
                continue
            if self.case.value("taking", therapy.id) is not True:
                line = self._work_up(therapy, start)
                if line is not None:
                    yield line

    def _work_up(self, therapy: Therapy, start: Course | None) -> Line | None:
        asked = [c for c in therapy.before if self.case.rule(c.id) is not False]
        if not asked:
            return None
        parts = tuple(self._tested(c, start) for c in asked)
        open_ = any(p.status != "done" for p in parts)
        day = start.start.isoformat() if start else None
        names = self._say("work_up", self.case.words(therapy.name))
        return Line(
            f"calendar-{therapy.id}-before", "calendar", "test", *names, status="due" if open_ else "done",
            group="work_up", due=day, latest=day, parts=parts, uid=f"{therapy.id}-before:{day}" if day else None,
        )  # fmt: skip

    def _tested(self, check: Check, start: Course | None) -> Line:
        """One test of the work-up: done on a day, and good until another; or still to do."""
        on, events = self.case.world.done(self.book.checks[check.id].covers, date.min)
        clinician, patient = self.case.words(check.test, check.numbers)
        done = self.case.rule(f"{check.id}-done") is True
        until = ahead(on, check.valid_for) if done and on and check.valid_for else None
        if start is not None and until is not None and until < start.start:
            done = False  # too old on the day of the first dose
        return Line(
            f"calendar-{check.id}", "calendar", "test", clinician, patient, status="done" if done else "due",
            group="check", due=on.isoformat() if done and on else None, latest=until.isoformat() if until else None,
            sources=self.case.cite(check.sources), parameters=self.case.parameters(check.test, check.numbers),
            trace=self._trace(clinician, events) if done else None,
        )  # fmt: skip

    # -- timings of statements

    def _reviews(self) -> Iterator[Line]:
        """When what this very plan changes is looked at again: a later plan moves the day, under the same name."""
        for waiting in self.book.reviews:
            timing, statement = waiting.timing, waiting.statement
            if self.case.rule(timing.id) is not True:
                continue
            due = ahead(self.as_of, timing.at[0])
            window = timing.tolerance
            names = self.case.words(timing.what, statement.numbers)
            id_ = f"calendar-{timing.id}"
            yield Line(
                id_, "calendar", statement.asks, *names, status="planned", group="judge", due=due.isoformat(),
                earliest=(back(due, window) if window else due).isoformat(),
                latest=(ahead(due, window) if window else due).isoformat(), uid=f"{id_}:plan",
                sources=self.case.cite(statement.sources),
                parameters=self.case.parameters(timing.what, statement.numbers),
            )  # fmt: skip

    def _targets(self, courses: list[tuple[Therapy, Course]]) -> Iterator[Line]:
        """What a statement asks for at a time after the start of a course."""
        for waiting in self.book.targets:
            if self.case.rule(waiting.timing.id) is False:
                continue
            for therapy, course in courses:
                if any(("treatment", e.code) in waiting.after for e in course.events):
                    yield from self._target(waiting, therapy, course)

    def _after_events(self) -> Iterator[Line]:
        """What a statement asks for at a time after something that was done once, such as a test."""
        for waiting in self.book.after_events:
            if self.case.rule(waiting.timing.id) is not True:
                continue
            event, day = self._counted_from(waiting)
            if event is not None and day is not None:
                names = self.case.words(waiting.timing.what, waiting.statement.numbers)
                yield from self._timed(
                    waiting, Course(day, (), (event,)), f"calendar-{waiting.timing.id}", names
                )

    def _target(self, waiting: Waiting, therapy: Therapy, course: Course) -> Iterator[Line]:
        names = self._named(therapy, self.case.words(waiting.timing.what, waiting.statement.numbers))
        yield from self._timed(waiting, course, f"calendar-{waiting.timing.id}-{therapy.id}", names)

    def _timed(
        self, waiting: Waiting, course: Course, id_: str, names: tuple[str, str | None]
    ) -> Iterator[Line]:
        timing = waiting.timing
        if timing.up_to and self.as_of > ahead(course.start, timing.up_to):
            return
        last, _ = self.case.world.done(waiting.dated.covers, course.start)
        due = next_due(waiting.dated.tables[0], course.start, (), last)
        due = due or next_due(waiting.dated.tables[0], course.start, (), None)
        if due is None:
            return
        yield self._single(
            id_,
            waiting.statement.asks,
            names,
            "target",
            due,
            waiting.dated.covers,
            course,
            waiting.statement.sources,
        )

    def _waits(self, coming: list[Event]) -> Iterator[Line]:
        """Days before which something must not be: after a drug that ended, or a vaccine that was given."""
        held = {(e.kind, e.code) for e in self.case.record.events}
        for waiting in self.book.waits:
            timing = waiting.timing
            if held.isdisjoint(waiting.after) or self.case.rule(timing.id) is False:
                continue
            for life in coming:
                if life.code in timing.ahead_of and life.date:
                    yield from self._must_end(waiting, life)
            event, day = self._counted_from(waiting)
            if event is None or day is None:
                continue
            over = ahead(day, timing.at[0])
            if over >= self.as_of:
                yield self._wait(waiting, Due(over, over, over), f"calendar-{timing.id}", event)

    def _counted_from(self, waiting: Waiting) -> tuple[Event | None, date | None]:
        """The newest event that a wait is counted from, and its first or last day; none while a course runs."""
        from_end = waiting.timing.counted_from == "end"
        found: tuple[Event | None, date | None] = (None, None)
        for event in self.case.record.events:
            if (event.kind, event.code) not in waiting.after or event.quarantined or event.flag is False:
                continue
            if event.status in ("planned", "declined"):
                continue
            day = event.end if from_end else event.date
            if from_end and day is None and event.status in ("current", None):
                return None, None
            if day is not None and day <= self.as_of and (found[1] is None or day > found[1]):
                found = event, day
        return found

    def _must_end(self, waiting: Waiting, life: Event) -> Iterator[Line]:
        """What is being taken ends so long before a life event that the record plans."""
        courses = [
            e for e in self.case.record.events
            if (e.kind, e.code) in waiting.after and e.status in ("current", None) and self.case.known(e)
            and (e.end is None or e.end > self.as_of) and not e.quarantined
        ]  # fmt: skip
        if courses and life.date:
            by = back(life.date, waiting.timing.at[0])
            drug, plan = self._called(courses[-1]), self._called(life)
            day = event_day(life)
            names = self._say("must_end", (f"{drug[0]} ({plan[0]}, {day})", f"{drug[1]} ({plan[1]}, {day})"))
            id_ = f"calendar-{waiting.timing.id}-stop-by"
            yield self._wait(waiting, Due(by, by, by), id_, courses[-1], life, names=names)

    def _called(self, event: Event) -> tuple[str, str]:
        """What a word of the record is called, for each reader."""
        term = self.book.words.terms.get(event.code)
        name = self.case.explainer.title(event.code)
        return name, term.patient_name.get(LANGUAGE, name) if term else name

    def _wait(
        self,
        waiting: Waiting,
        due: Due,
        id_: str,
        *events: Event,
        names: tuple[str, str | None] | None = None,
    ) -> Line:
        names = names or self.case.words(waiting.timing.what, waiting.statement.numbers)
        return Line(
            id_, "calendar", "avoid", *names, status=status_of(due, self.as_of), group="wait",
            sources=self.case.cite(waiting.statement.sources), due=due.due.isoformat(),
            earliest=due.earliest.isoformat(), latest=due.latest.isoformat(),
            uid=f"{id_}:{events[-1].end or events[-1].date}",
            parameters=self.case.parameters(waiting.timing.what, waiting.statement.numbers),
            trace=self._trace(names[0], events),
        )  # fmt: skip

    def _life_event(self, event: Event) -> Line:
        name, plain = self._called(event)
        names = self._say("life_event", (name, plain))
        status = "due" if event.date == self.as_of else "planned"
        day = str(event.date)
        vague = (
            event_day(event) if event.precision != "day" else None
        )  # the record gives a month or a year only
        return Line(
            f"calendar-event-{event.id}", "calendar", "note", *names, status=status, group="life_event", due=day,
            detail=f"in {vague}, day not given" if vague else None, patient_detail=f"in {vague}" if vague else None,
            earliest=day, latest=day, uid=f"event:{event.code}:{day}", trace=self._trace(name, (event,)),
        )  # fmt: skip

    # -- words

    def _say(self, key: str, names: tuple[str, str | None] = ("", None)) -> tuple[str, str]:
        """A fixed phrase for each reader, with a name in it."""
        words: Words | None = self.case.phrases.calendar.get(key)
        clinician, patient = self.case.words(words) if words else _SAID[key]
        patient = patient or clinician
        return clinician.replace("{name}", names[0]), patient.replace("{name}", names[1] or names[0])

    def _named(self, therapy: Therapy, said: tuple[str, str | None]) -> tuple[str, str | None]:
        clinician, patient = self.case.words(therapy.name)
        return (
            f"{clinician}: {said[0].rstrip('.')}",
            f"{patient or clinician}: {said[1].rstrip('.')}" if said[1] else None,
        )

    def _missing(self, covers: tuple[Cover, ...], since: date) -> tuple[str | None, str | None]:
        """What of a set nobody has recorded since the start."""
        gone = [c for c in covers if self.case.world.done((c,), since)[0] is None]
        if not gone or len(gone) == len(covers):
            return None, None
        terms = self.book.words.terms
        names = [terms[c[0][1]].name.get(LANGUAGE, c[0][1]) for c in gone]
        plain = [terms[c[0][1]].patient_name.get(LANGUAGE, n) for c, n in zip(gone, names, strict=True)]
        return self._say("missing", (", ".join(names), sentences(plain)))

    def _times(self, covers: tuple[Cover, ...], since: date) -> int:
        """How often the whole set was done: numbers the items, so that each keeps its name from plan to plan."""
        return min((self._days(cover, since) for cover in covers), default=0)

    def _days(self, cover: Cover, since: date) -> int:
        wanted = set(cover)
        return len({
            e.date for e in self.case.record.events
            if (e.kind, e.code) in wanted and e.date is not None and since <= e.date <= self.as_of
        })  # fmt: skip

    def _trace(self, what: str, events: Iterable[Event]) -> Trace | None:
        listed = tuple(self.case.event(e) for e in events)
        return Trace(what, "met", events=listed) if self.case.traced and listed else None


def _intervals(check: Check, country: str | None) -> list[Interval]:
    return [x for x in check.timing if country is None or x.country in (None, country)]


def _span(q: Quantity | None, which: Literal["shortest", "longest"]) -> str | None:
    """``2 to 4 weeks`` as its shorter or longer end in words; None where it is no whole span."""
    if q is None or q.unit is None:
        return None
    number = q.value if q.value is not None else q.high if which == "longest" else q.low
    if which == "shortest" and q.value is not None:
        return None
    unit = q.unit.removesuffix("s")
    if number is None or number != int(number) or unit not in ("day", "week", "month", "year"):
        return None
    return f"{shown(number)} {unit}s"


__all__ = ["GROUPS", "calendar", "status_of"]
