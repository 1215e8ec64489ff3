"""Measurement instruments for atopic dermatitis: scores, bands, important change, targets, adherence.

An ``Instrument`` is content (``instruments/*.yaml``); the functions here take it as an argument and
know nothing of records or of the guideline. Arithmetic is exact: whole numbers over a common
denominator inside, ``decimal.Decimal`` at the face, rounded half-up to the published precision and
only then banded. A missing score is absent, never zero and never a partial sum.

The column functions (``score_columns`` and others) run the same formulas over numpy columns; numpy is
imported when one of them is first used.
"""

from typing import TYPE_CHECKING, Any

from atopy.instruments.adherence import (
    Adherence,
    Fill,
    medication_possession_ratio,
    proportion_of_days_covered,
)
from atopy.instruments.bands import BandReading, band_of, bands_for
from atopy.instruments.change import ChangeReading, Response, Verdict, response, verdict
from atopy.instruments.conversion import Converted, convert_easi_oscorad
from atopy.instruments.exact import half_up
from atopy.instruments.flares import WeekReading, run_above, week_control
from atopy.instruments.formulas import FORMULAS
from atopy.instruments.lint import check, check_library, source_keys
from atopy.instruments.model import (
    FOLDERS,
    AdherenceMeasure,
    Band,
    BandSet,
    Conversion,
    CoreOutcomeSet,
    Criterion,
    FlareDefinition,
    ImportantChange,
    Instrument,
    Item,
    Library,
    Licence,
    Target,
    TargetFramework,
)
from atopy.instruments.reading import ItemError, ItemProblem
from atopy.instruments.scorer import Scorer
from atopy.instruments.scoring import Score, easi_area_score, score, score_of, validate_value, weekly_mean
from atopy.instruments.targets import (
    CoreSetStatus,
    DomainStatus,
    TargetReading,
    home_core_set_status,
    target_status,
    target_statuses,
)

if TYPE_CHECKING:
    from atopy.instruments.columns import (
        ScoreColumn,
        band_column,
        response_column,
        score_columns,
        value_column,
        weekly_mean_columns,
    )

_COLUMNS = (
    "ScoreColumn",
    "band_column",
    "response_column",
    "score_columns",
    "value_column",
    "weekly_mean_columns",
)

__all__ = [
    "FOLDERS",
    "FORMULAS",
    "Adherence",
    "AdherenceMeasure",
    "Band",
    "BandReading",
    "BandSet",
    "ChangeReading",
    "Conversion",
    "Converted",
    "CoreOutcomeSet",
    "CoreSetStatus",
    "Criterion",
    "DomainStatus",
    "Fill",
    "FlareDefinition",
    "ImportantChange",
    "Instrument",
    "Item",
    "ItemError",
    "ItemProblem",
    "Library",
    "Licence",
    "Response",
    "Score",
    "ScoreColumn",
    "Scorer",
    "Target",
    "TargetFramework",
    "TargetReading",
    "Verdict",
    "WeekReading",
    "band_column",
    "band_of",
    "bands_for",
    "check",
    "check_library",
    "convert_easi_oscorad",
    "easi_area_score",
    "half_up",
    "home_core_set_status",
    "medication_possession_ratio",
    "proportion_of_days_covered",
    "response",
    "response_column",
    "run_above",
    "score",
    "score_columns",
    "score_of",
    "source_keys",
    "target_status",
    "target_statuses",
    "validate_value",
    "value_column",
    "verdict",
    "week_control",
    "weekly_mean",
    "weekly_mean_columns",
]


def __getattr__(name: str) -> Any:
    if name in _COLUMNS:
        from atopy.instruments import columns

        return getattr(columns, name)
    raise AttributeError(f"module 'atopy.instruments' has no attribute {name!r}")
