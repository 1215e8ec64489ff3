"""What is the same for every patient: an instrument by its id, the band of a total, the response to a change."""

from decimal import Decimal

from atopy.instruments import BandReading, Instrument, Library, Response, band_of, response

_KEPT = 8192


class Measured:
    """The instruments of a guideline in their order; what was worked out of them is kept, for totals are few."""

    def __init__(self, library: Library) -> None:
        self.instruments: dict[str, Instrument] = {i.id: i for i in library.instruments}
        self.place = {id_: n for n, id_ in enumerate(self.instruments)}
        self.frameworks = {f.id: f for f in library.targets}
        self.core_sets = library.core_sets
        asked = (c for f in library.targets for t in f.targets for c in (*t.all_of, *t.any_of, *t.chosen_of))
        self.no_instruments = tuple(
            dict.fromkeys(c.measure for c in asked if c.measure not in self.instruments)
        )  # what targets ask for beside the instruments, such as the patient's own grade
        self._bands: dict[tuple[str, Decimal], BandReading | None] = {}
        self._responses: dict[tuple[str, Decimal, Decimal], Response] = {}

    def band(self, instrument: Instrument, value: Decimal) -> BandReading | None:
        """The band of a total, by the study that the instrument follows."""
        key = instrument.id, value
        if key not in self._bands:
            if len(self._bands) >= _KEPT:
                self._bands.clear()
            self._bands[key] = band_of(instrument, value)
        return self._bands[key]

    def response(self, instrument: Instrument, baseline: Decimal, now: Decimal) -> Response:
        """The change between two totals, by every published definition."""
        key = instrument.id, baseline, now
        known = self._responses.get(key)
        if known is None:
            if len(self._responses) >= _KEPT:
                self._responses.clear()
            known = self._responses[key] = response(instrument, baseline, now)
        return known
