"""Which terms a record touches, looked up for all of them at once."""

from atopy.facts.touched import Touched

DRUG, FINDING, AGE = 1 << 3, 1 << 7, 1 << 40
FAR = 20_000  # a place beyond the room that there is at first


def test_a_term_is_touched_by_a_record_that_holds_any_of_what_it_rests_on() -> None:
    touched = Touched()
    touched.settle(0, DRUG | AGE)
    touched.settle(1, FINDING)
    touched.settle(2, AGE)
    assert list(touched.by(DRUG)[:3]) == [1, 0, 0]
    assert list(touched.by(FINDING)[:3]) == [0, 1, 0]
    assert list(touched.by(AGE | FINDING)[:3]) == [1, 1, 1]
    assert list(touched.by(0)[:3]) == [0, 0, 0]


def test_a_term_of_which_it_is_not_known_what_it_rests_on_counts_as_touched() -> None:
    touched = Touched()
    touched.settle(0, DRUG)
    assert list(touched.by(0)[:2]) == [0, 1]
    touched.settle(1, DRUG)
    assert list(touched.by(0)[:2]) == [0, 0], "since then it is known"


def test_there_is_room_for_terms_that_come_later() -> None:
    touched = Touched()
    touched.settle(0, DRUG)
    before = touched.by(0)
    touched.settle(FAR, FINDING)
    after = touched.by(FINDING)
    assert len(before) <= FAR < len(after)
    assert (after[0], after[FAR], after[FAR - 1]) == (0, 1, 1)
    assert touched.by(0)[FAR] == 0
