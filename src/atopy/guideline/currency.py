"""Since when each piece is said, and by when somebody should read it again."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from atopy.facts.spans import ahead, check_span
from atopy.guideline.load import Content
from atopy.guideline.reviews import Reviewed, approvals
from atopy.guideline.schema import Currency, Guideline
from atopy.guideline.walk import KINDS, Piece
from atopy.yaml_source import Problem

DEFAULT = "1 year"


class Dates(msgspec.Struct, frozen=True):
    """The dates of one piece, as ISO dates."""

    piece: Piece
    effective: str
    review_by: str


def currency_of(meta: Guideline) -> Currency:
    """How long each kind may stand; without a word on it, a year from the last update."""
    return meta.currency or Currency(meta.last_updated, DEFAULT)


def dates(content: Content, found: Mapping[str, Reviewed]) -> Iterator[Dates]:
    """The dates of every piece, in the order of the content.

    In force since its own ``effective``, else since the guideline's ``since``. To be read again by its own
    ``review_by``, that of the item it is part of, or so long after both of these as its kind allows. An approval of
    the text as it stands counts as having read it: it never makes the day earlier.
    """
    currency = currency_of(content.meta.value)
    for one in found.values():
        piece = one.piece
        effective = getattr(piece.value, "effective", None) or currency.since
        written = getattr(piece.value, "review_by", None) or getattr(piece.item.value, "review_by", None)
        span = currency.review_after.get(piece.kind, currency.otherwise)
        days = [written or _after(max(effective, currency.since), span)]
        days += [_after(day, span) for day in approvals(one)]
        yield Dates(piece, effective, max(days))


def _after(day: str, span: str) -> str:
    try:
        return ahead(date.fromisoformat(day), span).isoformat()
    except ValueError:
        return day  # a date or span that cannot be read is told by the lints


def review_days(content: Content, found: Mapping[str, Reviewed]) -> dict[str, msgspec.Raw]:
    """Day -> the ids of what should be read again by then; packed, for on most days nothing is overdue."""
    days: dict[str, list[str]] = {}
    for one in dates(content, found):
        days.setdefault(one.review_by, []).append(one.piece.id)
    return {day: msgspec.Raw(msgspec.msgpack.encode(ids)) for day, ids in sorted(days.items())}


def mistakes(content: Content) -> Iterator[Problem]:
    """What is wrong with the guideline's ``currency``."""
    meta = content.meta
    currency: Currency | None = meta.value.currency
    if currency is None:
        return
    try:
        date.fromisoformat(currency.since)
    except ValueError:
        yield meta.problem(
            "currency.since", f"'{currency.since}' is not a date; write for example 2026-11-20."
        )
    for part, span in (("otherwise", currency.otherwise), *(_spans(currency))):
        wrong = check_span(span)
        if wrong:
            yield meta.problem_in(("currency", *part.split("/")), wrong)
    known = sorted(set(KINDS.values()))
    for kind in currency.review_after:
        if kind not in known:
            message = f"'{kind}' is no kind of piece. There are: {', '.join(known)}."
            yield meta.problem_in(("currency", "review_after", kind), message)


def _spans(currency: Currency) -> Iterator[tuple[str, str]]:
    return ((f"review_after/{kind}", span) for kind, span in currency.review_after.items())


__all__ = ["Dates", "currency_of", "dates", "mistakes", "review_days"]
