"""The vocabulary's look-ups."""

import pytest
from tests.record.words import WORDS

from atopy.record import Code, Term, vocabulary


def test_a_term_is_found_by_id_name_or_synonym_however_it_is_spelt() -> None:
    for name in ("weight", "body weight", "Body Weight ", "WEIGHT"):
        found = WORDS.term(name)
        assert found is not None
        assert found.id == "weight"
    cream = WORDS.term("Clobetasol 0.05-cream")
    assert cream is not None
    assert cream.id == "clobetasol_0_05_cream"
    assert WORDS.term("nothing") is None


def test_codes_lead_to_terms_and_to_the_answers_they_give() -> None:
    assert WORDS.by_code["snomed|8517006"] == "smoking"
    assert WORDS.answers == {
        "snomed|449868002": "current",
        "snomed|8517006": "former",
        "snomed|60001007": "false",
    }


def test_classes_are_transitive() -> None:
    assert WORDS.members["corticosteroid"] == ("clobetasol", "clobetasol_0_05_cream")


def test_two_terms_may_not_claim_one_id_name_or_code() -> None:
    first = Term("a", "drug", {"en": "Same"}, codes=(Code("atc", "X"),))
    second = Term("b", "drug", {"en": "same"}, codes=(Code("atc", "X"),))
    third = Term("a", "lab", {"en": "other"})
    with pytest.raises(ValueError, match=r"the code 'atc\|X'.*the id 'a'.*the name 'same' is claimed twice"):
        vocabulary([first, second, third])
