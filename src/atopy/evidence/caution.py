"""How far a comparison can be trusted: what its own trials show of timing, people, doses, data and consistency."""

from collections.abc import Iterable, Sequence

import msgspec

from atopy.evidence.names import Names, said
from atopy.evidence.network import Network
from atopy.evidence.select import Entered
from atopy.guideline import trials as content

_MUCH, _SOME = (
    75.0,
    40.0,
)  # of I² in percent: the Cochrane Handbook calls more considerable, from 30 to 60 moderate
_DOUBT = 0.10  # p of an inconsistency test below which it is named: such tests have little power


class Caution(msgspec.Struct, frozen=True):
    """One reason for care: its subject as a code, in words for each reader (None: for clinicians only).

    *brief*: the few words of it that a picture has room for; none where it has not.
    """

    code: str
    clinician: str
    patient: str | None = None
    brief: str = ""


def cautions(
    population: content.Population, inside: Sequence[Entered], fitted: Network | None, names: Names
) -> tuple[Caution, ...]:
    """Everything to be said of a fitted network; nothing where none was fitted."""
    if fitted is None:
        return ()
    found = [
        _transitivity(fitted),
        *(Caution("population", said(w, population), said(w, population, patient=True)) for w in population.cautions),
        *_timing(inside),
        *_differing("ages", "Ages differ", inside, "age_group"),
        *_differing("severity", "Severity differs", inside, "severity"),
        *_differing("background", "What everybody got differs", inside, "background"),
        *_doses(fitted, names),
        *_thin(inside, names),
        _consistency(fitted),
        *_heterogeneity(fitted),
        *_data(inside),
        *_notes(inside),
        _sponsor(inside),
        Caution("grade", "No certainty was graded (GRADE, CINeMA), and no risk of bias of these trials was judged.",
                brief="certainty not graded"),
    ]  # fmt: skip
    return tuple(found)


def _transitivity(fitted: Network) -> Caution:
    pairs = len(fitted.effects) // 2
    direct = sum(e.direct > 0 for e in fitted.effects) // 2
    return Caution(
        "transitivity",
        f"{direct} of {pairs} comparisons were made within a trial; the others are indirect and hold only if the "
        "trials are alike in all that changes the effect (transitivity).",
        "Most of these medicines were never tested side by side. We compare them through a third treatment.",
        f"{direct} of {pairs} comparisons within a trial",
    )


def _timing(inside: Sequence[Entered]) -> Iterable[Caution]:
    weeks = _counted(f"week {e.week:g}" for e in inside)
    if len(weeks) > 1:
        yield Caution("timing", f"Measured at different times: {_listed(weeks)}.", brief=_listed(weeks))


def _differing(code: str, title: str, inside: Sequence[Entered], field: str) -> Iterable[Caution]:
    kinds = _counted(str(getattr(e.trial, field) or "not said") for e in inside)
    if len(kinds) > 1:
        yield Caution(code, f"{title}: {_listed(kinds)}.", brief=title[0].lower() + title[1:])


def _doses(fitted: Network, names: Names) -> Iterable[Caution]:
    other = [names.clinician(t) for t in fitted.treatments if not names.labelled(t)]
    if other:
        yield Caution(
            "doses",
            f"Doses that no label of this guideline holds: {', '.join(other)}.",
            brief=f"doses of no label: {len(other)}",
        )


def _thin(inside: Sequence[Entered], names: Names) -> Iterable[Caution]:
    arms = _counted(u.regimen for e in inside for u in e.arms)
    one = [names.clinician(id_) for id_, count in arms.items() if count == 1]
    if one:
        yield Caution(
            "one-trial", f"One trial only: {', '.join(one)}.", brief=f"treatments with one trial: {len(one)}"
        )


def _consistency(fitted: Network) -> Caution:
    h = fitted.heterogeneity
    tested = [s for s in fitted.splits if s.p is not None and s.separate]
    if not tested or h.between.df < 1:
        return Caution(
            "consistency",
            "No closed loop of separate trials: whether direct and indirect evidence agree cannot be tested.",
            brief="consistency cannot be tested",
        )
    doubtful = [s for s in tested if s.p is not None and s.p < _DOUBT]
    p = h.between_random.p if fitted.model == "random" else h.between.p
    said_ = f"Direct and indirect evidence: {len(tested)} comparisons split, {len(doubtful)} with p below {_DOUBT:g}"
    return Caution(
        "consistency",
        f"{said_}; design by treatment p = {p or 0:.2f}. Such tests have little power.",
        brief=f"direct and indirect evidence differ in {len(doubtful)} of {len(tested)} comparisons",
    )


def _heterogeneity(fitted: Network) -> Iterable[Caution]:
    i2 = fitted.heterogeneity.i2
    if i2 is None:
        yield Caution(
            "heterogeneity",
            "No comparison was made twice: how much trials differ cannot be estimated (tau² taken as 0).",
        )
    elif i2 >= _SOME:
        word = "considerable" if i2 >= _MUCH else "moderate to substantial"
        yield Caution(
            "heterogeneity",
            f"Trials of the same comparison differ: I² {i2:.0f} %, {word}.",
            brief=f"I² {i2:.0f} %",
        )


def _data(inside: Sequence[Entered]) -> Iterable[Caution]:
    arms = [u for e in inside for u in e.arms]
    unread = sum(not u.verified for u in arms)
    if unread:
        yield Caution(
            "unread",
            f"{unread} of {len(arms)} figures were carried from memory, not read in a page: decide nothing by them.",
            "Some of these numbers were not checked in a source.",
            f"figures not read: {unread} of {len(arms)}",
        )  # fmt: skip
    sizes = sum(not u.size_verified for u in arms)
    if sizes:
        yield Caution(
            "sizes",
            f"The sizes of {sizes} of {len(arms)} arms are remembered, not read (--strict leaves them out).",
            brief=f"arm sizes remembered: {sizes} of {len(arms)}",
        )
    made = sum(u.from_percent for u in arms)
    if made:
        yield Caution("counts", f"{made} of {len(arms)} counts were worked out from a printed percentage.")
    corrected = [e.trial.name for e in inside if e.study.corrected]
    if corrected:
        yield Caution(
            "zero", f"An empty cell: half a person was added to each cell of {', '.join(corrected)}."
        )


def _notes(inside: Sequence[Entered]) -> Iterable[Caution]:
    noted = [f"{e.trial.name}: {e.trial.note}" for e in inside if e.trial.note]
    if noted:
        yield Caution("notes", " ".join(noted))


def _sponsor(inside: Sequence[Entered]) -> Caution:
    known = [e for e in inside if e.trial.sponsor]
    if not known:
        return Caution(
            "sponsor",
            "Who paid for these trials is not recorded here: take each as its maker's until you know.",
            brief="sponsors not recorded",
        )
    paid = _listed(_counted(e.trial.sponsor or "" for e in known))
    rest = f"; of {len(inside) - len(known)} it is not recorded" if len(known) < len(inside) else ""
    return Caution(
        "sponsor",
        f"Run or paid for by: {paid}{rest}.",
        brief=f"sponsor known of {len(known)} of {len(inside)} trials",
    )


def _counted(things: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for thing in things:
        counted[thing] = counted.get(thing, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _listed(counted: dict[str, int]) -> str:
    return ", ".join(f"{what} ({count})" for what, count in counted.items())


__all__ = ["Caution", "cautions"]
