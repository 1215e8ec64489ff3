"""Where the review of the content stands, and what is past the day by which it should have been read again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from atopy.guideline import Compiled
from atopy.guideline.currency import Dates
from atopy.guideline.reviews import STATES, Reviewed, SignOff, state_of
from atopy.guideline.signing import Signed
from atopy.record import day_words
from atopy.render.content import blank
from atopy.render.sheet import Block, Item, Sheet

NOBODY = "No clinician has signed off anything: everything is submitted."
_HEADS = {
    "disputed": "Disputed: two reviewers disagree",
    "rejected": "Rejected",
    "under review": "Under review",
    "approved": "Approved",
}


def status(compiled: Compiled, found: Mapping[str, Reviewed], state: str | None = None) -> Sheet:
    """How much is in which state, who said so, and which sign-offs an edit has undone."""
    counted = Counter(one.state for one in found.values())
    said = ", ".join(f"{counted[s]} {s}" for s in STATES if counted[s])
    lead = [f"{len(found)} statements, options, rules and doses can be signed off: {said}."]
    lead += [NOBODY] if not any(one.current or one.dropped for one in found.values()) else []
    wanted = [s for s in _HEADS if state in (None, s)]
    blocks = [Block(_HEADS[s], tuple(_of_state(found, s))) for s in wanted]
    undone = tuple(_undone(found)) if state in (None, "submitted") else ()
    blocks += [Block("Undone by an edit: submitted again", undone)]
    shown = tuple(b for b in blocks if b.items)
    return Sheet(f"Review of {_title(compiled)}", tuple(lead), shown, ())


def _title(compiled: Compiled) -> str:
    return f"{compiled.meta.id} {compiled.meta.version}"


def _of_state(found: Mapping[str, Reviewed], state: str) -> Iterable[Item]:
    """Each piece in this state that somebody signed itself; its parts are counted with it."""
    for id_, one in found.items():
        if one.state != state or not any(s.id == id_ for s in one.current):
            continue
        parts = sum(1 for other in found.values() if other.piece.owner == id_ and other.state == state) - 1
        note = f"with {parts} parts of it" if parts > 0 else ""
        yield Item(f"{one.piece.kind} {id_}", _words(one.current), note)


def _undone(found: Mapping[str, Reviewed]) -> Iterable[Item]:
    for id_, one in found.items():
        if one.dropped and state_of(s for s in one.current if s.id == id_) == "submitted":
            said = f"{_words(one.dropped)}; the text has changed since"
            yield Item(f"{one.piece.kind} {id_}", said, one.piece.file)


def _words(signed: Iterable[SignOff]) -> str:
    """The last word of each reviewer."""
    return "; ".join(_word(s) for s in {s.name: s for s in signed}.values())


def _word(sign_off: SignOff) -> str:
    comment = f" (“{sign_off.comment}”)" if sign_off.comment else ""
    return f"{sign_off.state} by {sign_off.name}, {sign_off.role}, {day_words(sign_off.date)}{comment}"


def history(compiled: Compiled, one: Reviewed) -> Sheet:
    """Everything that was signed on one piece."""
    case, piece = blank(compiled), one.piece
    of = f" of {case.explainer.title(piece.owner)}" if piece.owner != piece.id else ""
    where = f"{piece.file}:{piece.line}" if piece.line else piece.file
    lead = (
        f"{piece.kind.capitalize()} {piece.id}{of}, {where}",
        f"State: {told(one)}",
        f"Text: {one.hash[:12]}",
    )
    items = [Item("", _word(s), "" if s.id == piece.id else "on the whole item") for s in one.current]
    items += [Item("", _word(s), "of an older text: no longer counts") for s in one.dropped]
    empty = "" if items else "Nobody has signed it."
    return Sheet(f"Review of {piece.id}", lead, (Block("Signed", tuple(items), empty),), ())


def told(one: Reviewed) -> str:
    """The state of a piece in words that cannot be mistaken."""
    if one.state == "submitted":
        return "submitted: no clinician has reviewed this text"
    if one.state != "disputed":
        return one.state
    said: dict[str, SignOff] = {s.name: s for s in one.current}
    sides = (f"{s.name} {s.state} it{f' (“{s.comment}”)' if s.comment else ''}" for s in said.values())
    return f"disputed, so not approved: {'; '.join(sides)}"


def signed(done: Signed, content: str) -> str:
    """What was just written, and what comes of it."""
    one, word = done.now, done.sign_off
    said = {"under review": "begins to read", "approved": "approved", "rejected": "rejected"}[word.state]
    what = f"{one.piece.kind} {word.id}"
    return (
        f"{word.name} ({word.role}) {said} {what} on {day_words(word.date)}; text {word.hash[:12]}.\n"
        f"Written to {content}/reviews/{done.file.name}. State: {told(one)}.\n"
    )


def status_data(found: Mapping[str, Reviewed]) -> dict[str, Any]:
    """The same for a machine."""
    counted = Counter(one.state for one in found.values())
    listed = [
        {
            "id": id_, "kind": one.piece.kind, "owner": one.piece.owner, "state": one.state, "hash": one.hash,
            "signed": msgspec.to_builtins(one.current), "dropped": msgspec.to_builtins(one.dropped),
        }
        for id_, one in found.items()
        if one.current or one.dropped
    ]  # fmt: skip
    return {"counts": {state: counted[state] for state in STATES}, "signed": listed}


# -- what is overdue


def overdue(compiled: Compiled, listed: list[Dates], as_of: str, total: int, upto: str | None) -> Sheet:
    """What should have been read again before *as_of*, or will by *upto*: by day, then by file."""
    late = [d for d in listed if d.review_by < as_of]
    soon = [d for d in listed if d.review_by >= as_of and upto is not None and d.review_by <= upto]
    of = f"{len(late)} of {total} statements, options, rules and doses"
    lead = f"On {day_words(as_of)} {of} are past their review date."
    nearest = min((d.review_by for d in listed if d.review_by >= as_of), default=None)
    after = f"The next day on which any is due is {day_words(nearest)}." if nearest and not soon else ""
    blocks = [*_by_day(late, "Overdue: to be read again by"), *_by_day(soon, "Due by")]
    return Sheet(
        f"Review dates of {_title(compiled)}", tuple(x for x in (lead, after) if x), tuple(blocks), ()
    )


def _by_day(listed: list[Dates], head: str) -> Iterable[Block]:
    days: dict[str, dict[str, list[Dates]]] = {}
    for one in listed:
        days.setdefault(one.review_by, {}).setdefault(one.piece.file, []).append(one)
    for day, files in sorted(days.items()):
        items = tuple(Item(file, ", ".join(_place(d) for d in ones)) for file, ones in sorted(files.items()))
        yield Block(f"{head} {day_words(day)}", items)


def _place(one: Dates) -> str:
    return f"{one.piece.line} {one.piece.id}" if one.piece.line else one.piece.id


def overdue_data(listed: list[Dates], as_of: str) -> list[dict[str, Any]]:
    """The same for a machine."""
    return [
        {
            "id": d.piece.id, "kind": d.piece.kind, "owner": d.piece.owner, "file": d.piece.file, "line": d.piece.line,
            "effective": d.effective, "review_by": d.review_by, "overdue": d.review_by < as_of,
        }
        for d in listed
    ]  # fmt: skip


__all__ = ["history", "overdue", "overdue_data", "signed", "status", "status_data", "told"]
