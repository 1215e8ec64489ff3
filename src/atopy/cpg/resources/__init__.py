"""The guideline as FHIR R4 resources in the profiles of CPG-on-FHIR 2.0.0; what decides is ``atopy.cpg.cql``."""

from atopy.cpg.resources.canonical import DEFAULT_CANONICAL, Resource
from atopy.cpg.resources.export import files_of, make_resources
from atopy.cpg.resources.ledger import LEFT_OUT, counts

__all__ = ["DEFAULT_CANONICAL", "LEFT_OUT", "Resource", "counts", "files_of", "make_resources"]
