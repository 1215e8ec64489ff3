"""What if, in words: what is supposed, the headline, and every line of the plan that stands otherwise."""

from atopy.plan.prospects import Said
from atopy.plan.what_if import SECTIONS, Change, Difference, Side
from atopy.render.sheet import Block, Item, Sheet
from atopy.render.view import AUDIENCES, Audience, day_words
from atopy.yaml_source import InputError

_NO_CHANGE = Said("Nothing in the plan changes.", "Nothing in your plan changes.")
_NEW, _GONE = Said("new", "new"), Said("no longer", "no longer")
_FOOT = Said(
    "Only the facts named are supposed, and what follows from them; all else is as the record says.",
    "This shows what would change if the answers above were so. It does not say that they are.",
)


def sheet(found: Difference, audience: Audience = "clinician") -> Sheet:
    """The difference for one reader."""
    return _Words(audience).sheet(found)


class _Words:
    def __init__(self, audience: Audience) -> None:
        if audience not in AUDIENCES:
            raise InputError(f"'{audience}' is no reader of a plan. Write clinician or patient.")
        self.clinical = audience == "clinician"

    def say(self, said: Said | None) -> str:
        """The words for this reader; none where there are none for a patient."""
        if said is None:
            return ""
        return said.clinician if self.clinical else said.patient or ""

    def sheet(self, found: Difference) -> Sheet:
        supposed = [
            f"{self.say(s.words) or s.fact} {s.after} ({'in the record' if self.clinical else 'now'}: {s.before})"
            for s in found.supposed
        ]
        title = "What if: " + "; ".join(supposed)
        head = found.headline
        before, after = self.say(head.before_words), self.say(head.after_words)
        unchanged = before == after
        lead = [f"Headline: {before} (as before)" if unchanged else f"Headline: {before} → {after}"]
        blocks = [b for id_ in SECTIONS for b in self.section(found, id_)]
        if unchanged and not blocks:
            lead.append(self.say(_NO_CHANGE))
        day = f"as of {day_words(found.as_of)}"
        return Sheet(title, tuple(lead), tuple(blocks), (self.say(_FOOT), day, self.say(found.disclaimer)))

    def section(self, found: Difference, id_: str) -> list[Block]:
        listed = [c for c in found.changes if c.section == id_ and (self.clinical or c.words.patient)]
        items = tuple(item for c in listed for item in self.change(found, c))
        return [Block(self.say(found.sections[id_]), items)] if items else []

    def change(self, found: Difference, change: Change) -> list[Item]:
        """One line before and after; nothing where this reader meets no difference."""
        name = self.say(change.words).rstrip(".")
        note = change.id if self.clinical else ""
        if change.before is None or change.after is None:
            there = change.after or change.before
            assert there is not None
            word = self.say(_NEW if change.before is None else _GONE)
            state = ", ".join(x for x in (word, self.state(found, there)) if x)
            return [Item(name, state, note, self.details(None, there) if change.after else ())]
        before, after = self.state(found, change.before), self.state(found, change.after)
        reasons = self.reasons(change.before, change.after)
        parts = (*reasons, *self.details(change.before, change.after))
        if before != after:
            return [Item(name, f"{before} → {after}", note, parts)]
        return [Item(name, after, note, parts)] if parts else []

    def state(self, found: Difference, side: Side) -> str:
        """The status in words."""
        words = found.statuses.get(side.status or "")
        return self.say(words) if words else (side.status or "").replace("_", " ")

    def reasons(self, before: Side, after: Side) -> tuple[Item, ...]:
        was, now = self.say(before.reason), self.say(after.reason)
        if was == now:
            return ()
        return tuple(Item(label, said) for label, said in (("before", was), ("then", now)) if said)

    def details(self, before: Side | None, after: Side) -> tuple[Item, ...]:
        """A dose, or what to do, where it is another one."""
        was, now = self.say(before.detail) if before else "", self.say(after.detail)
        if was == now:
            return ()
        return tuple(Item(label, said) for label, said in (("was", was), ("is" if was else "", now)) if said)


__all__ = ["sheet"]
