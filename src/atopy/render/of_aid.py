"""A decision aid in a terminal: options side by side, people of a hundred as bars, and what else matters."""

from collections.abc import Sequence

from atopy.evidence import Chance, Choice, DecisionAid, Said
from atopy.plan import Cited, Pair
from atopy.render.page import Page, Part
from atopy.render.view import AUDIENCES, Audience, day_words
from atopy.yaml_source import InputError

_BAR = 50  # columns for a hundred people
_UNKNOWN = Pair("not known here", "We do not know.")
_MOST = 240  # letters of a long text
_COUNTRIES = {"us": "US", "eu": "EU", "uk": "UK"}


def text(aid: DecisionAid, audience: Audience = "clinician", width: int = 100, colour: bool = False) -> str:
    """The aid for one reader, at most *width* columns wide."""
    return _Shown(aid, Words(audience), Page(width, colour)).run()


class Words:
    """What each reader is told, so that a page and a terminal say the same."""

    def __init__(self, audience: Audience) -> None:
        if audience not in AUDIENCES:
            raise InputError(f"'{audience}' is no reader. Write clinician or patient.")
        self.clinical = audience == "clinician"

    def of(self, pair: Pair | None) -> str:
        """The words of a pair for this reader."""
        if pair is None:
            return ""
        return pair.clinician if self.clinical else pair.patient

    def said(self, said: Said | None) -> str:
        """The same of something with sources; the clinician sees them, and that nobody read them."""
        if said is None:
            return ""
        if not self.clinical:
            return said.patient or ""
        return f"{short(said.clinician)}{self.sources(said.sources)}"

    def sources(self, sources: Sequence[Cited]) -> str:
        """``[fda_dupixent]`` for a clinician."""
        if not sources or not self.clinical:
            return ""
        keys = ", ".join(dict.fromkeys(s.source for s in sources))
        return f" [{keys}]" if any(s.verified for s in sources) else f" [{keys}, not read]"

    def title(self, aid: DecisionAid) -> str:
        """The head of the aid."""
        if not self.clinical:
            return "Your choices side by side"
        p = aid.patient
        country = _COUNTRIES.get(p.country or "", "no country given")
        who = ", ".join(x for x in (p.sex, p.age, p.weight) if x) or "patient of unknown age and sex"
        return f"Options side by side: {who} · {country} · as of {day_words(aid.as_of)}"

    def none(self, aid: DecisionAid) -> str:
        """Why nothing is offered."""
        if aid.urgent:
            first = "that comes before any choice." if self.clinical else "this comes first."
            return f"{self.of(aid.headline)}: {first}"
        return "The plan leaves no option open." if self.clinical else "There is no choice to make right now."

    def order(self, aid: DecisionAid) -> list[str]:
        """What the order of the options rests on."""
        if not aid.wishes:
            if self.clinical:
                return ["No preference is on record: in the order of the plan, recommended ones first."]
            return ["You have not told us yet what matters most to you. The list follows your plan."]
        return [
            *(self.wish(w.clinician, w.patient, w.said, w.orders_by) for w in aid.wishes),
            self.not_better(),
        ]

    def wish(self, clinician: str, patient: str, said: str | None, by: str | None) -> str:
        """One preference, and what it does to the order."""
        name = clinician if self.clinical else patient
        day = f", {day_words(said)}" if said else ""
        if by is None:
            rest = "nothing here can order by it" if self.clinical else "we cannot sort the list by this"
        else:
            rest = f"orders the list by {by}" if self.clinical else f"so the list is sorted by {by}"
        return f"{'Preference' if self.clinical else 'You told us'}: {name}{day}: {rest}."

    def not_better(self) -> str:
        """An order by preference is no verdict."""
        if self.clinical:
            return "The order follows these preferences, not effect; nothing is left out for them."
        return "First in the list does not mean best. It means it fits what you told us."

    def chance(self, c: Chance) -> str:
        """One outcome in people of a hundred."""
        risk, without, low, high = whole(c.risk), whole(c.without), whole(c.low), whole(c.high)
        if self.clinical:
            sure = "" if c.certain else "; the interval includes no difference"
            beside = "" if c.head_to_head else ", never against another drug"
            size = f"{c.trials} {'trial' if c.trials == 1 else 'trials'}, {c.people} people{beside}"
            noted = "" if c.sizes_verified else ", sizes remembered"
            effect = f"{risk} of 100 ({low} to {high}) {c.event.clinician}; {without} without{sure}."
            return f"{effect} {c.treatment}, {size}{noted}."
        if not c.certain:
            return f"We cannot tell yet. Without it, {without} of 100 people {c.event.patient}."
        return f"{risk} of 100 people {c.event.patient}. Without it: {without}. It could be {low} to {high}."

    def no_effect(self) -> str:
        """Of an option that no number compares."""
        if self.clinical:
            return "Effect: no trial here reports an outcome that can be compared."
        return "How well it works: we have no numbers that we can compare."

    def bar_legend(self) -> str:
        """What the shades of a bar are."""
        if self.clinical:
            return "█ would without the drug · ▓ more because of it · ░ do not (of 100; the interval is in brackets)"
        return "█ better even without it · ▓ better because of it · ░ not better (each bar is 100 people)"

    def cost(self, c: Choice) -> str:
        """The cost as its source says."""
        if c.cost is None:
            return self.of(_UNKNOWN)
        where = " ".join(x for x in (_COUNTRIES.get(c.cost.country or "", ""), str(c.cost.year or "")) if x)
        price = f" ({c.cost.price}, {where})" if c.cost.price and self.clinical else ""
        return f"{c.cost.tier}{price}{self.sources(c.cost.sources)}"

    def details(self, c: Choice) -> list[tuple[str, str]]:
        """What else matters, label by label; unknown stays unknown."""
        clinical = self.clinical
        route = ", ".join(self.of(r) for r in c.routes)
        onset = self.said(c.onset)
        rows = [
            ("How it is given" if not clinical else "Route", route),
            ("How often" if not clinical else "Dose", self.listed(c.doses[:2], len(c.doses))),
            (
                "When to judge it" if not clinical else "Judge at",
                f"after {onset}" if onset and not clinical else onset,
            ),
            ("Checks before" if not clinical else "Before", self.listed(c.before[:4], len(c.before))),
            (
                "Checks later" if not clinical else "Monitoring",
                self.listed(c.monitoring[:4], len(c.monitoring)),
            ),
            ("What can go wrong" if not clinical else "Main harms", self.listed(c.harms, len(c.harms))),
            ("Pregnancy", self.listed(c.pregnancy, len(c.pregnancy))),
            ("Cost", self.cost(c)),
        ]
        return [(label, said or self.of(_UNKNOWN)) for label, said in rows]

    def listed(self, said: Sequence[Said], whole_: int) -> str:
        """Several texts as one, and how many more there are."""
        between = "; " if self.clinical else " "
        words = [w for w in (self.said(s) for s in said) if w]
        more = f"{between}and {whole_ - len(said)} more" if whole_ > len(said) and words else ""
        return between.join(words) + more

    def status(self, c: Choice) -> str:
        """Where the plan has it."""
        wish = {"wished": "wished for", "unwished": "not wished for"}.get(c.preference or "", "")
        state = self.of(c.state)
        because = f": {short(self.of(c.reason), 150)}" if c.waits and self.of(c.reason) else ""
        mine = (
            wish
            if self.clinical
            else {"wished": "as you wish", "unwished": "not your wish"}.get(c.preference or "", "")
        )
        return state + because + (f" · {mine}" if mine else "")


class _Shown:
    def __init__(self, aid: DecisionAid, words: Words, page: Page) -> None:
        self.aid = aid
        self.words = words
        self.page = page

    def run(self) -> str:
        page, words, aid = self.page, self.words, self.aid
        page.put((words.title(aid), "bold"))
        page.put((words.of(aid.headline), "bold yellow" if aid.urgent else "bold green"))
        if not aid.choices:
            page.put(words.none(aid))
            return self.foot()
        for said in words.order(aid):
            page.put(said)
        self.table()
        page.gap()
        page.put((words.bar_legend(), "dim"))
        for number, choice in enumerate(aid.choices, start=1):
            self.choice(number, choice)
        page.heading("How far to trust it" if words.clinical else "How sure are we?")
        for caution in aid.cautions:
            page.put(words.of(caution), mark="· ")
        return self.foot()

    def table(self) -> None:
        """Effects beside each other: a row for each dose, from the first population that has it."""
        outcomes = list(
            dict.fromkeys(c.outcome for o in self.aid.choices for c in o.chances if c.better == "higher")
        )
        names = {c.outcome: c.name for o in self.aid.choices for c in o.chances}
        first = self.aid.populations[0] if self.aid.populations else None
        heads = ["", *(self.words.of(names[o]).split(" (")[0] for o in outcomes[:2])]
        heads += ["how given", "judge at · checks · cost"]
        rows: list[list[list[Part]]] = []
        other = False
        for number, choice in enumerate(self.aid.choices, start=1):
            doses = dict.fromkeys((c.treatment, c.population.clinician) for c in choice.chances)
            kept = [d for d in doses if first and d[1] == first.clinician] or list(doses)
            for treatment, population in kept or [(choice.name.clinician, "")]:
                away = bool(first and population and population != first.clinician)
                other |= away
                cells = [self.cell(choice, treatment, population, o, away) for o in outcomes[:2]]
                name = treatment if self.words.clinical else _plain(choice, treatment)
                rows.append(
                    [
                        [f"{number:>2} {name}"],
                        *([c] for c in cells),
                        [self.route(choice)],
                        [self.rest(choice)],
                    ]
                )
        self.page.gap()
        self.page.columns("", 0, (37, *([12] * len(outcomes[:2])), 14), tuple(heads), rows)
        if other and first is not None:
            others = " or ".join(self.words.of(p).lower() for p in self.aid.populations[1:])
            said = f"+ {others}: do not compare with the rows of {self.words.of(first).lower()}"
            self.page.put((said, "dim"))

    def cell(self, choice: Choice, treatment: str, population: str, outcome: str, away: bool) -> Part:
        for c in choice.chances:
            if (c.treatment, c.population.clinician, c.outcome) == (treatment, population, outcome):
                return f"{whole(c.risk)} ({whole(c.low)}–{whole(c.high)}){'+' if away else ''}"
        return ("?", "dim")

    def route(self, choice: Choice) -> str:
        return ", ".join(r.clinician for r in choice.routes) or "?"

    def rest(self, choice: Choice) -> str:
        onset = choice.onset.clinician if choice.onset else "?"
        checks = len(choice.before) + len(choice.monitoring)
        return f"{onset} · {checks} · {choice.cost.tier if choice.cost else '?'}"

    def choice(self, number: int, c: Choice) -> None:
        page, words = self.page, self.words
        page.gap()
        style = "dim" if c.waits else "bold"
        page.put((f"{number} {words.of(c.name)}", style), f"  {words.status(c)}")
        for chance in c.chances:
            self.chance(chance)
        if not c.chances:
            page.put((words.no_effect(), "dim"), left=3)
        for label, said in words.details(c):
            page.put((f"{label}: ", "cyan"), said, left=3)

    def chance(self, c: Chance) -> None:
        page, words = self.page, self.words
        if c.better == "higher" and c.certain:
            page.put(*_bar(c), left=3)
        label = f"{words.of(c.population)}: "
        page.put((label, "dim"), words.chance(c), left=3)

    def foot(self) -> str:
        self.page.gap()
        self.page.put((self.words.of(self.aid.disclaimer), "dim"))
        return self.page.text()


def _bar(c: Chance) -> list[Part]:
    """A hundred people in fifty columns."""
    without, risk = round(c.without / 100 * _BAR), round(c.risk / 100 * _BAR)
    same, more = min(without, risk), max(risk - without, 0)
    return [("█" * same, "cyan"), ("▓" * more, "bold green"), ("░" * (_BAR - same - more), "dim")]


def _plain(choice: Choice, treatment: str) -> str:
    """The treatment with its dose as a patient calls it."""
    dose = treatment.removeprefix(choice.name.clinician).strip()
    return f"{choice.name.patient.split(' (')[0]} {dose}" if dose else choice.name.patient


def whole(value: float) -> int:
    """A number of people."""
    return int(value + 0.5)


def short(said: str, most: int = _MOST) -> str:
    """A text cut at a word."""
    return said if len(said) <= most else said[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


__all__ = ["Words", "short", "text", "whole"]
