"""The guideline for other people's engines: CQL over FHIR R4."""

from atopy.cpg.cql import CqlExport, CqlLibrary, Definition, Parameter, cql_export
from atopy.cpg.cql_terms import ValueSetCodes

__all__ = ["CqlExport", "CqlLibrary", "Definition", "Parameter", "ValueSetCodes", "cql_export"]
