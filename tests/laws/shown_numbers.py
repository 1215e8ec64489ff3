"""Where each number of a plan comes from: found by reading the plan alone, as somebody who distrusts it would.

A number of a line is accounted for when it stands

- in the **content** that the line's id names: the item itself, or that of a line of which this one is a part; a fixed
  phrase of the content; the name of a drug, test or finding of this record; the year of a cited study;
- in the **record**: a value, a dose, or the age and weight as of the day;
- in **arithmetic that the same line shows**, when that arithmetic is right and starts from numbers accounted for;
- in the amounts written beside the courses, or the dispensings that the **trace** shows, for a line of what is used;
- as the count of what the line lists or leaves out (``and 7 more``).

Everything else is a number from nowhere.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import msgspec
from tests.scenarios.scenario import guidance

from atopy.guideline import Therapy
from atopy.plan import Line, Plan
from atopy.plan.scores import SCORE_WINDOW
from atopy.record import Origin, Record

NUMBER = re.compile(r"(?<![\w.])(?<![A-Za-z]-)\d+(?:\.\d+)?(?!\w|\.\d|-[A-Za-z])")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ASIDE = re.compile(  # days, as they are sorted and as they are read; the numbers of sources
    rf"\b\d{{4}}-\d\d(?:-\d\d)?\b|\b(?:\d{{1,2}} )?{_MONTH} \d{{4}}\b|\[\d+(?:, \d+)*\]"
)
_N = r"(\d+(?:\.\d+)?)"
_SPAN = rf"{_N}(?: to {_N})?"
_COUNTS = re.compile(rf"\band {_N} more\b|^{_N} (?:further|more) |\b{_N} of {_N} domains measured")
_DOSE = re.compile(
    rf"(?P<by>{_SPAN} (?:mg|g)/kg\S* x {_N} kg = {_SPAN} )"
    rf"|(?P<held>held to the maximum of [^:]*: {_SPAN} )"
    rf"|(?P<share>{_SPAN} % of it = {_SPAN} )"
    rf"|(?P<rounded>rounded(?: down)? to {_SPAN} )"
    rf"|(?P<split>in {_N} doses of {_SPAN} )"
    rf"|(?P<times>(?<=: ){_N} x {_SPAN} mg)"
    rf"|(?P<uneven>(?<=: ){_N} mg(?: \+ {_N} mg)+)"
    rf"|(?P<listed>{_SPAN} (?:mg|g)/(?:day|week|month))"
)
_MAXIMUM = re.compile(rf"maximum of ({_SPAN} (?:mg|g)/kg\S* x {_N} kg = {_SPAN}) ")
_AREA = re.compile(rf"{_N} % of the body: {_N} palms, {_N} fingertip units")
_PARTS = re.compile(rf"{_N} % of the {_N} fingertip units for the whole body: {_N} fingertip units")
_DAILY = re.compile(rf"(once|twice) daily = {_N} g a day = {_N} g a week")
_BATH = re.compile(rf"{_N} L x {_N} % / {_N} % = {_N} mL")
_GLUED = re.compile(r"(?<=[A-Z]-)\d+")  # EASI-75
_SINCE = re.compile(rf"{_N} points (?:better|worse) than on")
_CHANGE = re.compile(rf"{_N} to {_N}, {_N} % (?:better|worse)|{_N} to {_N}, (?:{_N} points|no change)")
_TEXTS = ("clinician", "patient", "clinician_reason", "patient_reason", "detail", "patient_detail")
_DAYS = {"g/day": 1, "g/week": 7, "g/month": 30}
_A_WEEK = (7,)  # days
_OF_AMOUNTS = ("amount-", "strength-")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TIMES = {"once": 1, "twice": 2}


def plain(number: str | Decimal | int) -> str:
    """One way to write each number."""
    return format(Decimal(number).normalize(), "f")


@lru_cache(100_000)
def numbers(text: str | None) -> frozenset[str]:
    """The numbers in a text; digits that are part of a word or a date are none."""
    return frozenset(plain(n) for n in NUMBER.findall(_ASIDE.sub(" ", text or "")))


def inside(value: Any) -> Iterator[str]:
    """Every number in a value, in the texts inside it too."""
    if isinstance(value, bool | Origin) or value is None:
        return  # the line of a file where something stands is no value
    if isinstance(value, Decimal | int):
        yield plain(abs(value))
    elif isinstance(value, str):
        yield from numbers(value)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from inside(getattr(value, name))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from inside(key)
            yield from inside(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from inside(one)


# -- the content


@cache
def index() -> dict[str, frozenset[str]]:
    """The numbers of every item of the content, by its id."""
    compiled = guidance().compiled
    found: dict[str, set[str]] = {}

    def walk(value: Any) -> None:
        if isinstance(value, msgspec.Struct):
            if isinstance(id_ := getattr(value, "id", None), str):
                found.setdefault(id_, set()).update(inside(value))
            for name in value.__struct_fields__:
                walk(getattr(value, name))
        elif isinstance(value, dict | list | tuple):
            for one in value.values() if isinstance(value, dict) else value:
                walk(one)

    for group in (
        compiled.therapies, compiled.factors, compiled.allergens, compiled.mimics, compiled.red_flags, compiled.topics,
        compiled.disagreements, compiled.instruments, compiled.judgements, compiled.amounts, compiled.vocabulary.terms,
        compiled.access,
    ):  # fmt: skip
        walk(group)
    for name, fact in compiled.facts.items():
        found.setdefault(name, set()).update(inside(fact.question), inside(fact.label))
    for therapy in compiled.therapies.values():
        for regimen in therapy.regimens:  # a dose is rounded to what the drug is made as
            found[regimen.id].update(inside(therapy.made_as))
    # What counts as measured lately is what the facts of the scores count as in date (test_numbers.py).
    found["core-set"] = {SCORE_WINDOW.split()[0]}
    return {id_: frozenset(n) for id_, n in found.items()}


@cache
def questions() -> dict[str, frozenset[str]]:
    """The questions of the content that hold numbers: a line that asks one says it as it stands."""
    said = [q.rstrip("?") for f in guidance().compiled.facts.values() for q in f.question.values()]
    return {q: numbers(q) for q in said if numbers(q)}


@cache
def phrases() -> frozenset[str]:
    return frozenset(inside(guidance().compiled.phrases))


@cache
def of_item(id_: str) -> frozenset[str]:
    """The numbers of the item that a line's id names; where it names none, of those in it: ``calendar-X``, ``X-stop``.

    A line of amounts speaks of an option in the words and figures of the tables, not in the option's own.
    """
    if id_ in index():
        return index()[id_]
    if id_.startswith(_OF_AMOUNTS):
        tables = frozenset().union(*(index()[a] for a in guidance().compiled.amounts))
        both = {plain(Decimal(n) * 2) for n in tables}  # both arms, both feet
        option = guidance().compiled.therapies.get(id_.removeprefix("amount-").removesuffix("-limit"))
        limits = [r.maximum for r in option.regimens] if option and id_.endswith("-limit") else []
        return tables.union(both, inside(limits), (plain(d) for d in _A_WEEK))
    words = re.split(r"([-(),])", id_)
    spans = {"".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)}
    return frozenset().union(*(index().get(s, frozenset()) for s in spans))


# -- the record


def of_record(record: Record, plan: Plan) -> frozenset[str]:
    """Everything that the record says in numbers, with the names of what it holds, the age and the weight."""
    terms = guidance().compiled.vocabulary.terms
    named = {n for e in record.events if e.code in terms for n in inside(terms[e.code].name)}
    who = {n for said in (plan.patient.age, plan.patient.weight) for n in numbers(said)}
    studies = {n for s in plan.sources for n in numbers(s.label)}
    return frozenset({*inside(record), *named, *who, *studies})


# -- arithmetic that is shown


def near(a: Decimal, b: Decimal) -> bool:
    """Equal up to the rounding of what is printed: two places, or two figures."""
    return abs(a - b) <= max(Decimal("0.05"), abs(b) * Decimal("0.05"))


def near_week(week: Decimal, a_day: Decimal) -> bool:
    """A week of a day that is printed to a hundredth, itself printed to a tenth."""
    return near(week, a_day * 7) or abs(week - a_day * 7) <= Decimal("0.085")


def worked_out(text: str, known: frozenset[str]) -> Iterator[str]:
    """The results of right arithmetic in a text that starts from *known* numbers."""
    given = set(known)
    for group in (_dose(text, given), _amount(text, given), _changes(text, given)):
        yield from group


def _dose(text: str, given: set[str]) -> Iterator[str]:
    """Doses: each step from the one before it."""
    total: list[Decimal] = []  # what is given in all, as last stated
    for maximum in _MAXIMUM.finditer(text):
        numbers_ = [Decimal(n) for n in re.findall(_N, maximum[1])]
        half = (len(numbers_) - 1) // 2
        right = [n * numbers_[half] for n in numbers_[:half]] == numbers_[half + 1 :]
        yield from (plain(n) for n in numbers_[half + 1 :] if right and plain(numbers_[half]) in given)
    for m in _DOSE.finditer(text):
        found = [Decimal(n) for n in re.findall(_N, m[0].rsplit(": ", 1)[-1] if m["held"] else m[0])]
        ok, total = _step(m, found, total, given)
        if ok:
            given |= {plain(n) for n in found}
            yield from (plain(n) for n in found)


def _step(
    m: re.Match[str], found: list[Decimal], total: list[Decimal], given: set[str]
) -> tuple[bool, list[Decimal]]:
    """Whether one step is right, and what the dose comes to after it."""
    if m["by"]:
        half = (len(found) - 1) // 2
        each, weight, made = found[:half], found[half], found[half + 1 :]
        right = {plain(n) for n in (*each, weight)} <= given and [n * weight for n in each] == made
        return right, made
    if m["share"]:
        made = found[len(found) - len(total) :]
        shares = found[: len(found) - len(total)]
        wanted = [n * s / 100 for n, s in zip(total, (shares * 2)[: len(total)], strict=True)]
        return {plain(s) for s in shares} <= given and wanted == made, made
    if m["held"]:
        return bool(total) and all(n <= max(total) for n in found) and found[-1] < max(total), found
    if m["rounded"]:
        return bool(total) and all(n <= max(total) for n in found) and _makeable(found, given), found
    if m["split"]:
        return bool(total) and [n * found[0] for n in found[1:]] == total, total
    if m["uneven"]:
        return [sum(found)] == total and _makeable(found, given), total
    if m["times"]:
        return bool(total) and [n * found[0] for n in found[1:]] == total, total
    return False, found if {plain(n) for n in found} <= given else total


def _makeable(found: list[Decimal], given: set[str]) -> bool:
    """Rounded to what exists: a whole number of some strength that the content states."""
    strengths = [Decimal(n) for n in given if Decimal(n) > 0]
    return all(any(n % s == 0 for s in strengths if s <= n) for n in found)


def _amount(text: str, given: set[str]) -> Iterator[str]:
    """Creams and baths: from an area that is known to grams, from strength and volume to millilitres."""
    units: Decimal | None = None
    if (m := _AREA.search(text)) and plain(m[1]) in given and m[1] == m[2]:
        units = Decimal(m[1]) / 2
        yield from (plain(m[2]), plain(m[3])) if near(Decimal(m[3]), units) else ()
    elif (m := _PARTS.search(text)) and plain(m[1]) in given:
        units = Decimal(m[1]) * Decimal(m[2]) / 100
        yield from (plain(m[2]), plain(m[3])) if near(Decimal(m[3]), units) else ()
    for often, day, week in _DAILY.findall(text):
        grams = Decimal(day)
        if units is not None and near(grams, units / 2 * _TIMES[often]) and near_week(Decimal(week), grams):
            yield from (plain(day), plain(week))
    for litres, target, stock, ml in _BATH.findall(text):
        if near(Decimal(ml), Decimal(litres) * Decimal(target) / Decimal(stock) * 1000):
            yield plain(ml)


def _changes(text: str, given: set[str]) -> Iterator[str]:
    """A score then and now, and by how much it is better or worse."""
    for before, after, percent, start, end, points in _CHANGE.findall(text):
        a, b = (Decimal(before), Decimal(after)) if before else (Decimal(start), Decimal(end))
        if percent and a and near(abs(a - b) / a * 100, Decimal(percent)):
            yield plain(percent)
        elif points and abs(a - b) == Decimal(points):
            yield plain(points)


# -- a plan


def from_nowhere(plan: Plan, record: Record) -> list[str]:
    """Every number of every line of the plan that nothing accounts for."""
    known = of_record(record, plan) | phrases()
    wrong: list[str] = []

    def look(lines: tuple[Line, ...], outer: frozenset[str]) -> None:
        for line in lines:
            named = line.id in index() or line.id.startswith(_OF_AMOUNTS)
            own = (known if named else outer) | of_item(line.id) | _alike(line)
            if frozenset().union(*(numbers(t) for t in texts_of(line))) - own:
                wrong.extend(_lost(line, own, lines, record))
            look(line.parts, own)

    for section in plan.sections:
        look(section.lines, known)
    return wrong


def _alike(line: Line) -> frozenset[str]:
    """The numbers of the regimens that stand in this line too: several countries give one dose, said once; a ceiling
    that is a regimen of its own holds the dose.
    """
    therapy = _by_regimen().get(line.id)
    if therapy is None:
        return frozenset()
    told = re.sub(r"[^a-z]", "", " ".join(texts_of(line)).lower())
    found = [
        r for r in therapy.regimens if r.country and r.text and _skeleton(r.text.clinician["en"]) in told
    ]
    if "held to the maximum" in (line.detail or ""):
        found += [r for r in therapy.regimens if r.maximum and r.dose is None and r.loading is None]
    return frozenset().union(*(of_item(r.id) for r in found))


@cache
def _by_regimen() -> dict[str, Therapy]:
    return {r.id: t for t in guidance().compiled.therapies.values() for r in t.regimens}


def _skeleton(text: str) -> str:
    """The longest run of words without a number."""
    return max((re.sub(r"[^a-z]", "", x.lower()) for x in re.split(r"{\w+}", text)), key=len)


def texts_of(line: Line) -> list[str]:
    return [t for name in _TEXTS if (t := getattr(line, name))]


def _lost(line: Line, own: frozenset[str], beside: tuple[Line, ...], record: Record) -> Iterator[str]:
    """The numbers of a line that neither it nor its neighbours account for."""
    within = own.union(*(of_item(p.id) for p in line.parts))  # a line may sum up its parts
    around = [line, *(x for x in beside if x.group == "amount" and line.group == "amount")]
    shown = frozenset(n for x in around for t in texts_of(x) for n in worked_out(t, within))
    counted = {plain(n) for t in texts_of(line) for m in _COUNTS.findall(t) for n in m if n}
    since = {plain(n) for t in texts_of(line) for n in _SINCE.findall(t)} & _differences(record)
    years = set(_YEAR.findall(f"{[e.date for e in record.events]}"))
    for text in texts_of(line):
        asked = {n for question, n in questions().items() if question in text}
        lost = numbers(text) - within - shown - counted - since - years - frozenset().union(*asked)
        if line.id.endswith("-used"):
            facts = [*_weekly(record), *(Decimal(n) for n in inside(line.trace))]
            lost = {n for n in lost if not any(near(Decimal(n), fact) for fact in facts)}
        if lost:
            yield f"{line.id}: {', '.join(sorted(lost))} in: {text}"


def _weekly(record: Record) -> list[Decimal]:
    """Grams a week of each course whose amount is written beside it, and of all together."""
    each = [
        e.amount.value * 7 / _DAYS[e.amount.unit]
        for e in record.events
        if e.amount is not None and e.amount.unit in _DAYS
    ]
    return [*each, sum(each, Decimal(0))]


def _differences(record: Record) -> set[str]:
    """By how much two values of one measure differ."""
    values: dict[str, list[Decimal]] = {}
    for event in record.events:
        if event.number is not None:
            values.setdefault(event.code, []).append(event.number)
    return {plain(abs(a - b)) for one in values.values() for a in one for b in one}


def only_the_patients(plan: Plan) -> list[str]:
    """Numbers that a line says to the patient and not to the clinician."""
    wrong: list[str] = []

    def look(line: Line) -> None:
        said = frozenset().union(
            *(numbers(t) for t in (line.patient, line.patient_reason, line.patient_detail))
        )
        read = f"{line.clinician} {line.clinician_reason} {line.detail}"
        heard = numbers(read) | {plain(n) for n in _GLUED.findall(read)}
        wrong.extend(
            f"{line.id}: {n} in: {line.patient} | {line.patient_detail}" for n in sorted(said - heard)
        )
        for part in line.parts:
            look(part)

    for section in plan.sections:
        for line in section.lines:
            look(line)
    return wrong
