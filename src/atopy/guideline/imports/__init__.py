"""New evidence comes in: references as RIS or BibTeX, arms of trials as CSV. Nothing imported counts as read.

A file is read whole: every row that is wrong is named, with its line, and then nothing is written. What is already in
the content is found again (DOI, PubMed number, title and year; a trial's figures by arm, outcome and week), so that
importing twice adds nothing.
"""

from atopy.guideline.imports.found import Import
from atopy.guideline.imports.run import import_file
from atopy.guideline.imports.written import check, write

__all__ = ["Import", "check", "import_file", "write"]
