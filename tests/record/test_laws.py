"""What holds for every record: the form it is written in and the order of a bundle change nothing."""

import json
import random  # noqa: TID251  (shuffles a list with a given seed)
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.record.words import (
    LOINC,
    PATIENT,
    RXNORM,
    SNOMED,
    WORDS,
    bundle,
    concept,
    observation,
    quantity,
    resource,
)

from atopy.record import Origin, Record, read, read_data
from atopy.record.fhir_reading import READERS

DAYS = st.dates(min_value=date(1985, 1, 1), max_value=date(2027, 1, 1)).map(str)
TENTHS = st.integers(-5, 1000).map(lambda n: f"{Decimal(n) / 10}")
WORDS_OF_A_NOTE = st.characters(exclude_categories=["Cs", "Cc", "Cn"])


def _events(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name.rstrip("_"): values for name, values in fields.items()})


EVENTS = st.one_of(
    _events(date=DAYS, observe=st.just("weight"), value=TENTHS.map(lambda n: f"{n} kg")),
    _events(date=DAYS, lab=st.just("creatinine"), value=TENTHS.map(lambda n: f"{n} mg/dL")),
    _events(date=DAYS, score=st.just("easi"), value=st.integers(0, 90)),
    _events(date=DAYS, find=st.just("lichenification"), present=st.sampled_from([True, False, "not asked"])),
    _events(from_=DAYS, to=DAYS, treat=st.sampled_from(["ciclosporin", "snake oil"])),
    _events(date=DAYS, note=st.text(WORDS_OF_A_NOTE, min_size=1).filter(str.strip)),
)


def bare(record: Record) -> Record:
    """The record without line numbers."""
    origin = Origin("")
    events = tuple(msgspec.structs.replace(e, origin=origin) for e in record.events)
    return msgspec.structs.replace(record, events=events)


@given(st.lists(EVENTS, max_size=6))
def test_yaml_json_and_data_are_one_record(events: list[dict[str, Any]]) -> None:
    data = {"atopy": 1, "patient": {"birth_date": "1990-05-17"}, "events": events}
    as_json = read(json.dumps(data, indent=1), WORDS)
    as_yaml = read(yaml.safe_dump(data, allow_unicode=True), WORDS)
    assert bare(as_json) == bare(as_yaml) == bare(read_data(data, WORDS))
    assert as_json == read(json.dumps(data, indent=1), WORDS)


def _weights(n: int, day: str, kilograms: int) -> dict[str, Any]:
    return observation(
        concept(LOINC, "29463-7"), date=day, name=f"w{n}", valueQuantity=quantity(kilograms, "kg")
    )


def _drugs(n: int, day: str, known: int) -> dict[str, Any]:
    drug = {"medicationCodeableConcept": concept(RXNORM, "3008" if known % 2 else "0")}
    return resource("MedicationRequest", f"m{n}", status="active", intent="order", authoredOn=day, **drug)


def _conditions(n: int, day: str, which: int) -> dict[str, Any]:
    code = concept(SNOMED, "24079001" if which % 2 else "1")
    return resource("Condition", f"c{n}", code=code, onsetDateTime=day)


MAKERS = st.sampled_from([_weights, _drugs, _conditions])
# few days, so that values meet on one
FEW = st.sampled_from(["2026-11-01", "2026-11-02", "2026-11"])


@given(st.lists(st.tuples(MAKERS, FEW, st.integers(60, 62)), max_size=8), st.integers(0, 999))
def test_the_order_of_a_bundle_changes_nothing(made: list[tuple[Any, str, int]], seed: int) -> None:
    resources = [PATIENT, *(maker(n, day, value) for n, (maker, day, value) in enumerate(made))]
    shuffled = list(resources)
    random.Random(seed).shuffle(shuffled)
    assert read_data(bundle(*resources), WORDS) == read_data(bundle(*shuffled), WORDS)


@given(st.lists(EVENTS, max_size=6))
def test_what_is_set_aside_has_no_value_and_everything_said_is_there(events: list[dict[str, Any]]) -> None:
    record = read_data({"atopy": 1, "patient": {"birth_date": "1990-05-17"}, "events": events}, WORDS)
    assert len(record.events) == len(events)
    for event in record.events:
        if event.quarantined is not None:
            assert (event.number, event.flag, event.text) == (None, None, None)


KEYS = [
    "code",
    "coding",
    "system",
    "status",
    "value",
    "valueQuantity",
    "component",
    "dosage",
    "reaction",
    "class",
]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=8,
)


@given(ODD)
def test_no_bundle_is_so_odd_that_reading_it_fails(odd: Any) -> None:
    fields = (
        odd
        if isinstance(odd, dict)
        else dict.fromkeys(("code", "item", "section", "class", "dosage", "period"), odd)
    )
    record = read_data(bundle(*({**resource(kind, "x"), **fields} for kind in READERS)), WORDS)
    assert all(event.quarantined or event.code in WORDS.terms for event in record.events)
