"""How long a patient has lived: exactly, or within what the record allows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atopy.record import Lived, Patient, months_lived
from atopy.record.lived import completed_months, earliest_birth

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("patient", "lived"),
    [
        (Patient(birth_date=date(2014, 11, 20)), (144, 144)),
        (Patient(birth_date=date(2014, 11, 21)), (143, 143)),
        (Patient(birth_date=date(2014, 11, 1), birth_precision="month"), (143, 144)),
        (Patient(birth_date=date(2014, 1, 1), birth_precision="year"), (142, 154)),
        (Patient(age_years=11, age_at=TODAY), (132, 143)),
        (Patient(age_years=11, age_at=date(2025, 11, 20)), (144, 155)),
        (Patient(age_years=11, age_at=date(2026, 11, 19)), (132, 144)),
        (Patient(age_months=18, age_years=1, age_at=TODAY), (18, 18)),
        (Patient(age_months=18, age_years=1, age_at=date(2026, 11, 1)), (18, 19)),
        (Patient(age_years=40), (480, 491)),
        (Patient(), None),
    ],
)
def test_the_least_and_the_most_that_the_record_allows(
    patient: Patient, lived: tuple[int, int] | None
) -> None:
    assert months_lived(patient, TODAY) == (None if lived is None else Lived(*lived))


births = st.dates(date(1940, 1, 1), TODAY)


@given(births, st.sampled_from(["day", "month", "year"]), st.integers(0, 30000))
def test_whoever_was_born_within_the_date_has_lived_within_the_bounds(
    born: date, precision: str, later: int
) -> None:
    first = {"day": born, "month": born.replace(day=1), "year": born.replace(month=1, day=1)}[precision]
    patient = Patient(birth_date=first, birth_precision=precision)  # type: ignore[arg-type]
    day = born + timedelta(later)
    lived = months_lived(patient, day)
    assert lived is not None
    assert lived.least <= completed_months(born, day) <= lived.most
    assert earliest_birth(patient) == first


@given(births, st.integers(0, 20000), st.integers(0, 20000))
def test_whoever_had_the_stated_age_has_lived_within_the_bounds(born: date, said: int, later: int) -> None:
    at, day = born + timedelta(said), born + timedelta(later)
    months = completed_months(born, at)
    for patient in (Patient(age_months=months, age_at=at), Patient(age_years=months // 12, age_at=at)):
        lived = months_lived(patient, day)
        assert lived is not None
        assert lived.least - 1 <= completed_months(born, day) <= lived.most + 1  # months differ in length
        earliest = earliest_birth(patient)
        assert earliest is not None
        assert earliest <= born + timedelta(3)
