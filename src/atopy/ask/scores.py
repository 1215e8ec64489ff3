"""What a score is: range, whose it is, its bands with their study, the smallest change that matters."""

from atopy.guideline import Citation
from atopy.instruments import BandSet, Instrument
from atopy.plan.dose_amount import exact


def described(i: Instrument) -> tuple[str, list[Citation]]:
    """In words, with the sources of what is said."""
    low, high = (exact(n) for n in i.range)
    said = [f"{i.name}: {i.construct}; {low} to {high} {i.unit}, filled in by {i.completed_by}"]
    cited = [Citation(s, i.verified) for s in i.sources]
    for bands in i.bands:
        said.append(_bands(bands))
        cited.append(Citation(bands.source, bands.verified))
    for change in i.important_changes:
        if change.value is not None:
            said.append(f"Change that matters ({change.source}): {exact(change.value)} {i.unit}")
            cited.append(Citation(change.source, change.verified))
    return ". ".join(said), cited


def _bands(bands: BandSet) -> str:
    """The cut-offs of one study; the one that is used here says so."""
    each = ", ".join(f"{b.label} {b.limits}" for b in bands.bands)
    used = "used here, " if bands.default else ""
    unread = "" if bands.verified else ", recalled"
    return f"Bands ({used}{bands.source}{unread}): {each}"


__all__ = ["described"]
