"""The content of a guideline: its schema, loader, linter, references, review states; nothing about any patient."""

from pathlib import Path

from atopy.guideline.bundled import content_folder, load_guideline
from atopy.guideline.compiled import Compiled, SourceInfo
from atopy.guideline.schema import (
    AccessRule,
    Aid,
    Allergen,
    Band,
    Check,
    Citation,
    Contraindication,
    Cost,
    Criterion,
    Disagreement,
    Dose,
    Factor,
    Grade,
    Guideline,
    Interaction,
    Interval,
    Judgement,
    Licence,
    Mimic,
    Phrases,
    Quantity,
    Reach,
    RedFlag,
    Regimen,
    Rung,
    Statement,
    Stop,
    Strengths,
    Therapy,
    Timing,
    Topic,
    Words,
)  # fmt: skip

__all__ = [
    "AccessRule", "Aid", "Allergen", "Band", "Check", "Citation", "Compiled", "Contraindication", "Cost", "Criterion",
    "Disagreement", "Dose",
    "Factor", "Grade", "Guideline", "Interaction", "Interval", "Judgement", "Licence", "Mimic", "Phrases", "Quantity",
    "Reach", "RedFlag", "Regimen", "Rung", "SourceInfo", "Statement", "Stop", "Strengths", "Therapy", "Timing",
    "Topic", "Words", "compile_content", "content_folder", "load_guideline",
]  # fmt: skip


def compile_content(folder: Path, out_file: Path) -> None:
    """Compile the content in *folder* to *out_file*. Raises SourceError with every problem."""
    from atopy.guideline.compile import compile_content as run

    run(folder, out_file)
