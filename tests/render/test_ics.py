"""The calendar as RFC 5545: read back by a library, with stable names, without a name of the patient."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Component

import atopy
from atopy import Plan, render


def record(*events: dict[str, Any]) -> dict[str, Any]:
    patient = {"id": "Mary Poppins", "birth_date": "1991-05-04", "sex": "female", "country": "uk"}
    return {"atopy": 1, "patient": patient, "events": list(events)}


START = {"from": "2026-06-01", "treat": "azathioprine", "dose": "100 mg/day", "status": "current"}
BLOOD = [
    {"date": "2026-06-15", "lab": code, "value": value}
    for code, value in (
        ("haemoglobin", "13.2 g/dL"),
        ("neutrophils", "4.1 10*9/L"),
        ("platelets", "250 10*9/L"),
        ("alt", "24 U/L"),
        ("creatinine", "70 umol/L"),
    )
]


def plan(as_of: str, *events: dict[str, Any]) -> Plan:
    return atopy.plan(record(START, *events), as_of=as_of)


def entries(made: Plan, audience: str = "clinician") -> dict[str, Component]:
    calendar = Calendar.from_ical(render.ics(made, audience))  # type: ignore[arg-type]
    return {str(e["uid"]): e for e in calendar.walk("VEVENT")}


def named(made: Plan, start: str) -> list[Component]:
    return [e for uid, e in entries(made).items() if uid.startswith(start)]


def test_every_dated_item_is_an_all_day_entry_with_an_alarm() -> None:
    made = plan("2026-06-01")
    found = entries(made)
    tests = [e for uid, e in found.items() if uid.startswith("azathioprine-monitor-blood.")]
    assert [e["dtstart"].dt for e in tests][:3] == [date(2026, 6, 15), date(2026, 6, 29), date(2026, 7, 13)]
    assert len(tests) == 11
    for entry in found.values():
        assert type(entry["dtstart"].dt) is date
        assert entry["dtend"].dt - entry["dtstart"].dt == timedelta(days=1)
        assert entry["transp"] == "TRANSPARENT"
        (alarm,) = entry.walk("VALARM")
        assert alarm["action"] == "DISPLAY" and alarm["trigger"].dt == timedelta(hours=-15)


def test_it_is_the_same_bytes_and_ends_its_lines_as_the_format_asks() -> None:
    made = plan("2026-06-01")
    written = render.ics(made)
    assert written == atopy.as_ics(made) == render.ics(plan("2026-06-01"))
    assert written.count("\r\n") == written.count("\n") > 20
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75
    assert "DTSTAMP:20260601T000000Z" in written


def test_a_later_plan_brings_the_same_entries_up_to_date() -> None:
    before, after = entries(plan("2026-06-01")), entries(plan("2026-06-20", *BLOOD))
    common = [uid for uid in before if uid in after]
    assert len(common) >= 10
    first = next(u for u in common if u.startswith("azathioprine-monitor-blood.2026-06-01.1."))
    assert before[first]["summary"] == "Azathioprine: Blood count, liver tests, creatinine"
    assert after[first]["summary"] == "Done: Azathioprine: Blood count, liver tests, creatinine"
    assert after[first]["status"] == "CONFIRMED" and not after[first].walk("VALARM")
    assert int(after[first]["sequence"]) > int(before[first]["sequence"])


def test_what_is_overdue_stands_on_today() -> None:
    late = [e for e in entries(plan("2026-07-01")).values() if str(e["summary"]).startswith("Overdue")]
    assert [e["dtstart"].dt for e in late] == [date(2026, 7, 1)] * 2
    told = sorted(str(e["description"]) for e in late)
    assert "15 Jun 2026" in told[0] and "8 Jun 2026" in told[1]


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_no_name_of_the_patient_stands_in_it(audience: str) -> None:
    made = plan("2026-07-01")
    written = render.ics(made, audience)  # type: ignore[arg-type]
    assert "Poppins" not in written and "1991" not in written
    disclaimer = made.disclaimer if audience == "clinician" else made.patient_disclaimer
    assert all(disclaimer in str(e["description"]) for e in entries(made, audience).values())


def test_the_patient_reads_plain_words_on_the_same_days() -> None:
    made = plan("2026-06-01")
    clinical, plain = entries(made), entries(made, "patient")
    assert plain and set(plain) <= set(clinical)
    assert all(clinical[uid]["dtstart"].dt == e["dtstart"].dt for uid, e in plain.items())
    assert any("liver and kidney tests" in str(e["summary"]) for e in plain.values())


def test_two_patients_share_no_entry() -> None:
    other = record(START)
    other["patient"]["id"] = "somebody else"
    assert not set(entries(plan("2026-06-01"))) & set(entries(atopy.plan(other, as_of="2026-06-01")))


def test_in_an_emergency_the_patient_gets_no_dates() -> None:
    urgent = plan("2026-06-10", {"date": "2026-06-10", "condition": "eczema_herpeticum", "status": "active"})
    assert urgent.headline.code == "emergency"
    assert entries(urgent) and not entries(urgent, "patient")


def test_a_plan_without_days_is_a_valid_file_still() -> None:
    """RFC 5545, 3.4: at least one component; a note is none that stands among the appointments."""
    made = atopy.plan("examples/empty.yaml", as_of="2026-11-20")
    calendar = Calendar.from_ical(atopy.as_ics(made))
    assert [c.name for c in calendar.subcomponents] == ["VJOURNAL"]
    assert str(calendar.subcomponents[0]["SUMMARY"]).endswith("no dated item")
