"""The address of every resource, its id and its name: all follow from one base URL and the content's own ids."""

import hashlib
import re
from typing import Any

from atopy.cpg.cql import DEFAULT_CANONICAL
from atopy.guideline import Compiled
from atopy.yaml_source import InputError

Resource = dict[str, Any]

_NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9.-]+")
_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 64
_CHECKED = 8


def fhir_id(text: str) -> str:
    """*text* as a FHIR id: at most 64 of the letters, digits, ``-`` and ``.``; a longer one ends in its hash."""
    made = _NOT_OF_AN_ID.sub("-", text).strip("-")
    if len(made) <= _LONGEST:
        return made
    digest = hashlib.sha256(made.encode()).hexdigest()[:_CHECKED]
    return f"{made[: _LONGEST - _CHECKED - 1].rstrip('-')}-{digest}"


def fhir_name(text: str) -> str:
    """*text* as a name that a machine may use as an identifier: ``ADupilumabStart``-like, letters and digits only."""
    made = "".join(part[:1].upper() + part[1:] for part in _NOT_OF_A_NAME.split(text) if part)
    return made if made[:1].isalpha() else f"N{made}"


def url_of(base: str, kind: str, id_: str) -> str:
    """``{base}/PlanDefinition/{id}``."""
    return f"{base}/{kind}/{id_}"


def checked_base(base: str) -> str:
    """*base* without a slash at its end. Raises ValueError where it is no absolute http(s) URL."""
    bare = base.rstrip("/")
    if not re.fullmatch(r"https?://[^\s/|#?]+(/[^\s|#?]+)*", bare):
        raise InputError(
            f"'{base}' cannot be a canonical base: it must be an absolute URL such as {DEFAULT_CANONICAL}, "
            "without a query, a fragment or a version."
        )
    return bare


def recommendations_name(compiled: Compiled) -> str:
    """The name of the CQL library that holds the conditions of rules."""
    return f"{fhir_name(compiled.meta.id)}Recommendations"


def kept(**elements: Any) -> Resource:
    """The elements that have a value: FHIR knows neither null nor an empty list, string or object."""
    return {
        name: value
        for name, value in elements.items()
        if value is not None and value != "" and value != [] and value != {}
    }


__all__ = [
    "DEFAULT_CANONICAL", "Resource", "checked_base", "fhir_id", "fhir_name", "kept", "recommendations_name", "url_of",
]  # fmt: skip
