"""The words of the vocabulary as CQL: a value set for each term, and what is needed to read a value of it.

A record's words stand for a term as its codes do: they are codes of the system ``<canonical>/CodeSystem/words``, in
small letters, and count only where none of the codes of a concept is known.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

import msgspec

from atopy.cpg.cql_text import decimal, identifier, name, string, strings
from atopy.instruments import Library
from atopy.record import Term, Vocabulary
from atopy.record.codings import (
    ANSWERS,
    LIST_CODES,
    NONE_KNOWN,
    OWN_SYSTEM,
    RECONCILED,
    other_urls,
    system_url,
)
from atopy.record.fhir import COUNTRIES
from atopy.record.units import line, spell, spellings
from atopy.record.values import needs_unit

ADMISSION = "hospital_admission"
_FROM_FHIR = (
    "condition", "finding", "exposure", "life_event", "allergen", "drug", "therapy", "immunisation", "procedure", "lab",
    "measure", "score",
)  # fmt: skip
_VALUED = ("lab", "measure", "score")
_ANSWERED = ("finding", "exposure", "condition", "life_event", "procedure")
_SITES = "treatment_site"
_CONCEPT = "concept FHIR.CodeableConcept"


class ValueSetCodes(msgspec.Struct, frozen=True):
    """The codes that mean one thing: each as the URL of its system and the code."""

    url: str
    id: str
    title: str
    codes: tuple[tuple[str, str], ...]


class Terms(msgspec.Struct, frozen=True):
    """The library of terms: its text without the head, and the value sets it speaks of by URL."""

    text: str
    value_sets: dict[str, ValueSetCodes]


def read_terms(vocabulary: Vocabulary) -> list[Term]:
    """The terms that a FHIR resource can speak of, in the order of the vocabulary."""
    return [t for t in vocabulary.terms.values() if t.kind in _FROM_FHIR]


def terms_library(vocabulary: Vocabulary, instruments: Library, canonical: str) -> Terms:
    """Value sets of every term that FHIR can speak of, and what a value of it may be."""
    words = f"{canonical}/CodeSystem/words"
    sets = {t.id: _of_term(t, vocabulary, canonical, words) for t in read_terms(vocabulary)}
    shared = dict(_of_answers(canonical))
    values = {v.url: v for v in (*sets.values(), *shared.values())}
    declared = [f"valueset {name(v.id)}: {string(v.url)}" for v in values.values()]
    known = [_known(vocabulary, vocabulary.terms[t], v) for t, v in sets.items()]
    scales = [_scale(t, instruments) for t in read_terms(vocabulary) if t.kind in (*_VALUED, *_ANSWERED)]
    parts = [
        "\n".join(declared),
        "context Patient",
        _systems(words),
        _answer_of(vocabulary),
        _list("Known", known),
        _some("Scales", (s for s in scales if s)),
        _attesting(),
        _sites(vocabulary),
        _countries(),
        _units(vocabulary),
        _ages(vocabulary),
        _admission(vocabulary),
    ]  # fmt: skip
    return Terms("\n\n".join(parts) + "\n", values)


def _of_term(term: Term, vocabulary: Vocabulary, canonical: str, words: str) -> ValueSetCodes:
    """Every code of a term, its id among them, and every word for it."""
    codes = [(system_url(c.system), c.code) for c in term.codes]
    if f"atopy|{term.id}" not in vocabulary.by_code:
        codes.append((OWN_SYSTEM, term.id))
    said = [
        w for w in (n.lower() for n in (*term.name.values(), *term.synonyms)) if _is_of(w, term, vocabulary)
    ]
    codes += [(words, w) for w in said]
    made = identifier(term.id)
    title = next(iter(term.name.values()), term.id)
    return ValueSetCodes(f"{canonical}/ValueSet/{made}", made, title, tuple(dict.fromkeys(codes)))


def _is_of(word: str, term: Term, vocabulary: Vocabulary) -> bool:
    return vocabulary.by_name.get(word) == term.id


def _of_answers(canonical: str) -> Iterator[tuple[str, ValueSetCodes]]:
    """The codes that answer any question, and those by which a record says that a list is complete."""
    groups = {f"answer-{v}": (ANSWERS, v) for v in dict.fromkeys(ANSWERS.values())}
    groups |= {f"none-known-{v}": (NONE_KNOWN, v) for v in dict.fromkeys(NONE_KNOWN.values())}
    groups |= {f"reconciled-{v}": (RECONCILED, v) for v in dict.fromkeys(RECONCILED.values())}
    groups |= {f"list-of-{v}": (LIST_CODES, v) for v in dict.fromkeys(LIST_CODES.values())}
    for made, (table, value) in groups.items():
        keys = [key.rpartition("|") for key, meant in table.items() if meant == value]
        codes = tuple((system_url(system), code) for system, _, code in keys)
        yield made, ValueSetCodes(f"{canonical}/ValueSet/{made}", made, made.replace("-", " "), codes)


def _known(vocabulary: Vocabulary, term: Term, codes: ValueSetCodes) -> str:
    under = strings(vocabulary.members.get(term.id, ()))
    here = name(codes.id)
    known = f'"KnownAs"(("Codes" C where C in {here} return all C), {string(term.id)}, {string(term.kind)}, {under})'
    return f'if "Codes" in {here} then {known} else null'


def _scale(term: Term, instruments: Library) -> str | None:
    """What a value of a term may be; nothing for a term of which only presence is said."""
    if term.kind in _ANSWERED and not term.values:
        return None
    low, high = term.plausible or (None, None)
    step = None
    instrument = instruments.find(term.id) if term.kind == "score" else None
    if instrument is not None:
        first, last = instrument.range
        low, high = _most(low, first, max), _most(high, last, min)
        step = instrument.resolution
    bare = str(term.unit is not None and not needs_unit(term)).lower()
    free = str(term.unit is None and term.kind in ("lab", "procedure")).lower()
    unit = "null" if term.unit is None else string(term.unit)
    limits = ", ".join("null" if limit is None else decimal(limit) for limit in (low, high, step))
    scale = f'"Scale"({string(term.id)}, {unit}, {bare}, {limits}, {strings(term.values)}, {free})'
    return f'if {string(term.id)} in "Terms here" then {scale} else null'


def _most(one: Decimal | None, other: Decimal, pick: Callable[..., Decimal]) -> Decimal:
    return other if one is None else pick(one, other)


def _list(title: str, rows: Iterable[str]) -> str:
    written = ",\n  ".join(rows)
    found = f"Flatten(({{\n  {written} }}) K where K is not null return all K)"
    return f'define {name(title)}: if "Codes" is null then null else {found}'


def _some(title: str, rows: Iterable[str]) -> str:
    written = ",\n  ".join(rows)
    known = f"({{\n  {written} }}) S where S is not null return all S"
    return f'define {name(title)}: if "Terms here" is null then null else ({known})'


def _cases(of: str, cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    written = "".join(f"\n    when {when} then {then}" for when, then in cases)
    return f"case {of}{written}\n    else {otherwise}\n  end" if written else otherwise


def _answer_of(vocabulary: Vocabulary) -> str:
    """What a code itself says of its term."""
    rows = []
    for key, answer in vocabulary.answers.items():
        system, _, code = key.rpartition("|")
        rows.append((string(f"{system_url(system)}|{code}"), string(answer)))
    return f'define function "AnswerBy"(key String):\n  {_cases("key", rows, "null as String")}'


def _systems(words: str) -> str:
    """Codes of a record with the URL of their system as the value sets write it."""
    rows = [(string(other), string(url)) for other, url in other_urls()]
    known = _cases("Bare", rows, "Bare").replace("\n", "\n  ")
    return _template().replace("$SYSTEMS", known).replace("$WORDS", words)


def _template() -> str:
    return files("atopy.cpg").joinpath("terms.cql").read_text(encoding="utf-8").strip()


def _attesting() -> str:
    def chosen(title: str, prefix: str, table: dict[str, str]) -> str:
        rows = [(f'"IsIn{title}-{v}"(concept)', string(v)) for v in dict.fromkeys(table.values())]
        helpers = [
            f'define function "IsIn{title}-{v}"({_CONCEPT}): "CodesOf"(concept) in {name(f"{prefix}-{v}")}'
            for v in dict.fromkeys(table.values())
        ]
        return (
            "\n".join(helpers)
            + f"\n\ndefine function {name(title)}({_CONCEPT}):\n  {_cases('', rows, 'null')}"
        )

    answers = [
        (string(v), f'"CodesOf"(concept) in {name(f"answer-{v}")}') for v in dict.fromkeys(ANSWERS.values())
    ]
    any_ = f'define function "IsAny"({_CONCEPT}, answer String):\n  {_cases("answer", answers, "false")}'
    return "\n\n".join([
        any_, chosen("NoneKnown", "none-known", NONE_KNOWN), chosen("Reconciled", "reconciled", RECONCILED),
        chosen("ListOf", "list-of", LIST_CODES),
    ])  # fmt: skip


def _sites(vocabulary: Vocabulary) -> str:
    """Body sites as the vocabulary's list spells them, where it does; else the record's own word."""
    listed = vocabulary.terms.get(_SITES)
    rows = [(string(v.lower().replace(" ", "_")), string(v)) for v in (listed.values if listed else ())]
    found = _cases("ReplaceMatches(Lower(\"Trimmed\"(said)), ' ', '_')", rows, "said")
    return f'define function "SiteOf"(said String):\n  {found}'


def _countries() -> str:
    rows = [(string(written), string(country)) for written, country in COUNTRIES.items()]
    return f'define function "CountryOf"(written String):\n  {_cases("written", rows, "null")}'


def _units(vocabulary: Vocabulary) -> str:
    """Units that a value of a term may be written in, beside its own: factor and offset of each."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for term in read_terms(vocabulary):
        if term.kind in _VALUED:
            groups.setdefault((term.unit or "1", term.per), []).append(term.id)
    rows = []
    for (to, per), terms in groups.items():
        found = [(unit, line(unit, to, per)) for unit in spellings()]
        usable = [(unit, slope) for unit, slope in found if slope is not None and unit != to]
        if usable:
            arms = [(string(unit), _converted(*slope)) for unit, slope in usable]
            rows.append(
                (
                    f"term in {strings(terms)}",
                    f"({_cases('unit', arms, 'null').replace(chr(10), chr(10) + '  ')})",
                )
            )
    ones = strings(unit for unit in spellings() if spell(unit) == "1")
    converted = _cases("", rows, "null as Decimal")
    return (
        f'define function "ConvertedFrom"(value Decimal, unit String, term String):\n  {converted}\n\n'
        f'define function "IsOne"(written String):\n  written is null or "Plain"(written) in {ones}'
    )


def _converted(slope: Fraction, offset: Fraction) -> str:
    """Of a value in one unit the same in another. Engines take a whole number above 2^31 for an overflow, so numbers
    are kept small on the way.
    """
    if slope == 1:
        factor = "value"
    elif _is_decimal(slope) and slope.numerator != 1:
        factor = f"value * {_exact(slope)}"
    else:
        times = next((10**n for n in range(7) if _is_decimal(10**n / slope)), None)
        whole = (
            f"value * {_quotient(slope)}" if times is None else f"value * {times}.0 / {_exact(times / slope)}"
        )
        factor = whole.replace(" * 1.0 /", " /")
    return f"{factor} + {_quotient(offset)}" if offset else factor


def _quotient(number: Fraction) -> str:
    """A decimal where eight places hold it, else a quotient of two."""
    if _is_decimal(number):
        return _exact(number)
    return f"{_exact(Fraction(number.numerator))} / {_exact(Fraction(number.denominator))}"


def _is_decimal(number: Fraction) -> bool:
    """Whether eight places hold it."""
    return (number * 10**8).denominator == 1


def _exact(number: Fraction) -> str:
    return decimal(Decimal(number.numerator) / Decimal(number.denominator))


def _ages(vocabulary: Vocabulary) -> str:
    """What a value of a term can be at an age, in bands of months."""
    rows = []
    for term in read_terms(vocabulary):
        starts = (0, *(band.below_months for band in term.plausible_by_age))
        bands = [
            f"Tuple {{ begins: {start}, below: {band.below_months}, low: {decimal(band.range[0])}, "
            f"high: {decimal(band.range[1])} }}"
            for start, band in zip(starts, term.plausible_by_age, strict=False)
        ]
        if bands:
            met = "least < B.below and (B.begins = 0 or most >= B.begins)"
            listed = f"({{ {', '.join(bands)} }}) B where {met} return all B"
            rows.append((f"code = {string(term.id)}", f'"Outside"(number, {listed})'))
    head = 'define function "ImpossibleAtAge"(code String, number Decimal, least Integer, most Integer):'
    return f"{head}\n  {_cases('', rows, 'false')}"


def _admission(vocabulary: Vocabulary) -> str:
    """The term that an admission to hospital is read as."""
    known = "null as Tuple{term String, under List<String>}"
    if ADMISSION in vocabulary.terms:
        under = strings(vocabulary.members.get(ADMISSION, ()))
        known = f"Tuple {{ term: {string(ADMISSION)}, under: {under} }}"
    return f'define "Admission": {known}'


__all__ = ["Terms", "ValueSetCodes", "read_terms", "terms_library"]
