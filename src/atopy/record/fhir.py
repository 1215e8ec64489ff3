"""FHIR R4: which resources there are, whose they are, what refers to what; and what was left unused.

A tolerant reader over plain decoded JSON. It builds no FHIR objects: what it does not know it lists.
Each kind of resource is read in ``fhir_clinical``, ``fhir_medicines`` or ``fhir_observations``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from atopy.record.codings import coding_key
from atopy.record.dates import Day, parse_moment
from atopy.record.model import Attestation, Event, Kind, Origin, Patient, Record, Unused
from atopy.record.quarantine import set_aside, settle
from atopy.record.scorer import Scorer
from atopy.record.values import perhaps_meant
from atopy.record.vocabulary import Term, Vocabulary
from atopy.yaml_source import Problem, SourceError

Json = dict[str, Any]
# A malformed resource fails in one of these ways; it is then listed as unreadable, and the rest goes on.
MALFORMED = (AttributeError, TypeError, ValueError, KeyError, IndexError, ArithmeticError)
_ABSOLUTE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64})(?:/_history/[^/]+)?$")
_SHOWN = 5
_LONGEST_LABEL = 80
_EU = frozenset(re.findall("..", "ATBEBGCYCZDEDKEEELESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK"))  # EEA
COUNTRIES = {**dict.fromkeys(sorted(_EU), "eu"), "US": "us", "USA": "us", "GB": "uk", "UK": "uk", "GBR": "uk"}
_NOT_CLINICAL = "says nothing that Atopy uses"


class Entry(NamedTuple):
    """A resource with the URL by which its bundle knows it."""

    url: str | None
    resource: Json


class Match(NamedTuple):
    """What a CodeableConcept means: a term, perhaps with the answer its code gives; its words in any case."""

    term: Term | None
    answer: str | None
    label: str
    keys: tuple[str, ...] = ()
    wrong: str | None = None


Reader = Callable[["Reading", Json, str], Iterable[Event]]


class Reading:
    """One patient's resources on their way to a record."""

    def __init__(
        self,
        entries: Iterable[Entry],
        vocabulary: Vocabulary,
        scorer: Scorer | None,
        file: str,
        others: Iterable[Entry] = (),
    ) -> None:
        self.entries = list(entries)
        self.vocabulary = vocabulary
        self.scorer = scorer
        self.file = file
        self.birth: date | None = None
        self.attested: list[Attestation] = []
        self.unused: dict[tuple[str, str], tuple[int, Origin]] = {}
        self._others = others
        self._targets: dict[str, Json] | None = None
        self._referred: set[int] = set()  # resources that a reference was followed to

    # -- for the readers of resources

    def find(self, concept: Any) -> Match:
        """The term that a CodeableConcept means: by its codes, else by its exact words."""
        if not concept:
            return Match(None, None, "")
        if isinstance(concept, str):
            return Match(self.vocabulary.term(concept), None, concept)
        by_code, terms = self.vocabulary.by_code, self.vocabulary.terms
        keys = tuple([coding_key(coding) for coding in concept.get("coding") or ()])
        found: dict[str, str] = {}
        for key in keys:
            name = by_code.get(key)
            if name is None and key.startswith("atopy|"):
                name = key[6:] if key[6:] in terms else None
            if name is not None:
                found.setdefault(name, key)
        if len(found) == 1:
            ((name, key),) = found.items()
            return Match(terms[name], self.vocabulary.answers.get(key), _label(concept), keys)
        if found:
            return self._several(found, concept, keys)
        return Match(self._by_words(concept), None, _label(concept), keys)

    def _several(self, found: dict[str, str], concept: Json, keys: tuple[str, ...]) -> Match:
        """Codes that mean several terms: the one that belongs to all the others, else none."""
        members = self.vocabulary.members
        for name, key in found.items():
            if all(name == other or name in members.get(other, ()) for other in found):
                return Match(
                    self.vocabulary.terms[name], self.vocabulary.answers.get(key), _label(concept), keys
                )
        return Match(
            None, None, _label(concept), keys, f"its codes mean different things: {', '.join(sorted(found))}"
        )

    def _by_words(self, concept: Json) -> Term | None:
        by_name = self.vocabulary.by_name
        for words in (concept.get("text"), *(c.get("display") for c in concept.get("coding") or ())):
            if words:
                name = by_name.get(words.strip().lower())
                if name is not None:
                    return self.vocabulary.terms[name]
        return None

    def target(self, reference: Any, within: Json) -> Json | None:
        """The resource that a Reference points to; None when it is not here."""
        url = (reference or {}).get("reference")
        if not url:
            return None
        if url.startswith("#"):
            return next((c for c in within.get("contained") or () if c.get("id") == url[1:]), None)
        if self._targets is None:
            self._targets = _targets([*self._others, *self.entries])
        found = self._targets.get(url) or self._targets.get(local(url))
        if found is not None:
            self._referred.add(id(found))
        return found

    def origin(self, name: str) -> Origin:
        return Origin(self.file, None, name)

    def list_unused(self, what: str, why: str, name: str, count: int = 1) -> None:
        """Note something seen and not used; the same again only counts."""
        key = (what[:_LONGEST_LABEL], why)
        before = self.unused.get(key)
        if before is None:
            self.unused[key] = (count, self.origin(name))
        else:
            first = min(before[1].resource or "", name)
            self.unused[key] = (before[0] + count, self.origin(first))

    def attest(self, which: str, day: Day | None, what: str, name: str) -> None:
        """Note that a list was declared complete; without a day it is worth nothing."""
        if day is None:
            self.list_unused(what, "declares a list complete, but not when", name)
        else:
            self.attested.append(Attestation(which, day.first, self.origin(name)))

    def unknown(self, kind: Kind, match: Match, name: str, **fields: Any) -> Event:
        """An event whose word the vocabulary does not know: kept, and set aside."""
        label = match.label or "unnamed"
        event = Event(
            id=name, kind=kind, code=f"unknown:{label}", origin=self.origin(name), label=label, **fields
        )
        return set_aside(event, match.wrong or f"'{label}' is not in the vocabulary.")

    # -- the whole

    def record(self, readers: Mapping[str, Reader], mine: frozenset[str] | None, patient: Patient) -> Record:
        """Every resource read; *mine* are the references that mean this patient (None: whoever it is)."""
        self.birth = patient.birth_date
        events: list[Event] = []
        seen: dict[str, Json] = {}
        medicines: list[tuple[Json, str]] = []
        for place, entry in enumerate(self.entries):
            resource = entry.resource
            kind = resource.get("resourceType")
            name = self._name(resource, entry, place, seen)
            if name is None or kind == "Patient":
                continue
            reader = readers.get(kind) if isinstance(kind, str) else None
            if kind == "Medication":
                medicines.append((resource, name))
            elif reader is None:
                self.list_unused(str(kind), _NOT_CLINICAL, name)
            elif mine is not None and not self._about(resource, mine):
                self.list_unused(str(kind), "is about another patient", name)
            elif resource.get("modifierExtension"):
                self.list_unused(
                    str(kind), "has a modifier extension, which can turn its meaning round", name
                )
            else:
                events += self._guarded(reader, resource, name)
        for resource, name in medicines:
            if id(resource) not in self._referred:
                self.list_unused("Medication", "nothing refers to it", name)
        events.sort(key=_order)
        unused = tuple(Unused(what, why, o, n) for (what, why), (n, o) in sorted(self.unused.items()))
        attested = tuple(sorted(self.attested, key=lambda a: (a.date, a.list, a.origin.resource or "")))
        return Record(patient, settle(patient, events, self.vocabulary.terms), attested, unused)

    def _guarded(self, reader: Reader, resource: Json, name: str) -> list[Event]:
        try:
            return list(reader(self, resource, name))
        except MALFORMED:
            self.list_unused(str(resource.get("resourceType")), "is not formed as FHIR R4 has it", name)
            return []

    def _name(self, resource: Json, entry: Entry, place: int, seen: dict[str, Json]) -> str | None:
        """``Type/id``, unique in the record; None for the very same resource given again."""
        kind, identity = resource.get("resourceType"), resource.get("id")
        name = f"{kind}/{identity}" if identity else entry.url or f"{kind}/#{place + 1}"
        while name in seen:
            if seen[name] == resource:
                self.list_unused(str(kind), "is given again, word for word", name)
                return None
            name += "~"
        seen[name] = resource
        return name

    @staticmethod
    def _about(resource: Json, mine: frozenset[str]) -> bool:
        reference = resource.get("subject") or resource.get("patient")
        if not isinstance(reference, dict):
            return True
        url = reference.get("reference")
        return url is None or url in mine or local(url) in mine


def local(url: str) -> str:
    """``https://server/fhir/Patient/1/_history/2`` as ``Patient/1``."""
    match = _ABSOLUTE.search(url)
    return match[1] if match else url


def subject_of(resource: Json) -> str | None:
    """The reference to the patient a resource is about."""
    if resource.get("resourceType") == "Patient":
        return f"Patient/{resource.get('id')}"
    reference = resource.get("subject") or resource.get("patient")
    url = reference.get("reference") if isinstance(reference, dict) else None
    return local(url) if isinstance(url, str) else None


def entries_of(bundle: Json, file: str) -> tuple[list[Entry], list[str]]:
    """The resources of a Bundle, and what is to be said of entries without one."""
    found: list[Entry] = []
    notes: list[str] = []
    entries = bundle.get("entry")
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise SourceError(
            [Problem(file, None, "entry", "is no list.", "A FHIR Bundle has a list of entries.")]
        )
    for place, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        request = entry.get("request") or {} if isinstance(entry, dict) else {}
        if not isinstance(request, dict):
            where = f"entry[{place}].request"
            raise SourceError([Problem(file, None, where, "is no object.", "Write `{method, url}`.")])
        method = request.get("method")
        if not isinstance(resource, dict):
            notes.append("has no resource in it")
        elif method == "DELETE":
            notes.append("asks for a deletion")
        elif resource.get("resourceType") == "Bundle":
            inner, more = entries_of(resource, file)
            found += inner
            notes += more
        else:
            found.append(Entry(entry.get("fullUrl"), resource))
    links = bundle.get("link") or []
    if not isinstance(links, list):
        raise SourceError([Problem(file, None, "link", "is no list.", "A FHIR Bundle has a list of links.")])
    if any(isinstance(link, dict) and link.get("relation") == "next" for link in links):
        notes.append("has further pages that are not in this file")
    return found, notes


def check_form(entries: Iterable[Entry], file: str) -> None:
    """What tells whose a resource is must be readable. Raises SourceError with everything that is not."""
    problems = [
        Problem(file, None, f"{where}.{part}", f"is no {kind}.", mend)
        for where, entry in _placed(entries)
        for part, kind, mend in _misformed(entry)
    ]
    if problems:
        raise SourceError(problems)


def _placed(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    """Each entry with what it is called."""
    for place, entry in enumerate(entries, 1):
        identity = entry.resource.get("id")
        name = identity if isinstance(identity, str) else f"#{place}"
        yield f"{entry.resource.get('resourceType')}/{name}", entry


def _misformed(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Each part that is not as FHIR has it: its path, what it should be, and how to mend it."""
    resource = entry.resource
    url: Any = entry.url
    if not isinstance(url, str | None):
        yield "fullUrl", "text", "Write an address such as `urn:uuid:...`, or leave it out."
    if not isinstance(resource.get("id"), str | None):
        yield "id", "text", 'Write it in quotation marks, as `"id": "a1"`.'
    for part in ("subject", "patient"):
        reference = resource.get(part)
        url = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(url, str | None):
            yield f"{part}.reference", "text", "Write it as `Patient/a1`."
    if resource.get("resourceType") == "Patient" and not isinstance(resource.get("address"), list | None):
        yield "address", "list", "Write a list of addresses, or leave it out."


def choose_patient(
    entries: list[Entry], wanted: str | None, file: str
) -> tuple[Json | None, frozenset[str] | None]:
    """The Patient resource (None: not here) and the references that mean that patient.

    Raises SourceError when several patients are here and none, or none of them, is *wanted*.
    """
    patients: dict[str, Entry] = {}
    for place, entry in enumerate(entries):
        if entry.resource.get("resourceType") == "Patient":
            patients[str(entry.resource.get("id") or entry.url or f"#{place + 1}")] = entry
    if not patients:
        return None, _only_subject(entries, wanted, file)
    if wanted is None and len(patients) > 1:
        raise _too_many(list(patients), file)
    chosen = wanted.removeprefix("Patient/") if wanted is not None else next(iter(patients))
    if chosen not in patients:
        near = perhaps_meant(chosen, patients)
        mend = f"Did you mean {near}?" if near else f"Here are: {_some(list(patients))}."
        raise SourceError([Problem(file, None, "", f"there is no patient '{chosen}' here.", mend)])
    entry = patients[chosen]
    names = {f"Patient/{chosen}", f"urn:uuid:{chosen}", entry.url or "", local(entry.url or "")}
    return entry.resource, frozenset(names - {""})


def _only_subject(entries: list[Entry], wanted: str | None, file: str) -> frozenset[str] | None:
    """Without a Patient resource, the one patient that all resources are about."""
    subjects = dict.fromkeys(s for entry in entries if (s := subject_of(entry.resource)) is not None)
    if wanted is not None:
        return frozenset({wanted, f"Patient/{wanted.removeprefix('Patient/')}"})
    if len(subjects) > 1:
        raise _too_many([s.removeprefix("Patient/") for s in subjects], file)
    return frozenset(subjects) or None


def _too_many(names: list[str], file: str) -> SourceError:
    message = f"holds {len(names)} patients: {_some(names)}."
    return SourceError(
        [
            Problem(
                file,
                None,
                "",
                message,
                f"A plan is of one patient: leave only one of them in the file, such as {names[0]}.",
            )
        ]
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def read_patient(resource: Json | None) -> Patient:
    """Demographics from a Patient resource."""
    if resource is None:
        return Patient()
    birth = moment(resource.get("birthDate"))
    died = moment(resource.get("deceasedDateTime"))
    deceased = resource.get("deceasedBoolean")
    gender = resource.get("gender")
    return Patient(
        id=resource.get("id"),
        birth_date=birth.first if birth else None,
        birth_precision=birth.precision if birth else "day",
        sex=gender if gender in ("female", "male", "other") else None,
        country=_country(resource),
        deceased=True if died else deceased if isinstance(deceased, bool) else None,
        deceased_on=died.first if died else None,
    )


def _country(resource: Json) -> str | None:
    """Where the patient lives, if all addresses agree."""
    named = {
        str(a["country"]).upper()
        for a in resource.get("address") or ()
        if isinstance(a, dict) and a.get("country")
    }
    found = {COUNTRIES.get(name) for name in named}
    return found.pop() if len(found) == 1 else None


def moment(text: Any) -> Day | None:
    """A FHIR date or dateTime as a day."""
    return parse_moment(text) if isinstance(text, str) else None


def _targets(entries: list[Entry]) -> dict[str, Json]:
    """Every resource by each name that a reference may use."""
    found: dict[str, Json] = {}
    for entry in entries:
        resource = entry.resource
        identity = resource.get("id")
        if entry.url:
            found[entry.url] = resource
            found[local(entry.url)] = resource
        if identity:
            found[f"{resource.get('resourceType')}/{identity}"] = resource
            found[f"urn:uuid:{identity}"] = resource
    return found


def _label(concept: Json) -> str:
    """The concept's words, or failing them its code."""
    text = concept.get("text")
    if text:
        return str(text)
    codings = concept.get("coding") or ()
    for coding in codings:
        if coding.get("display"):
            return str(coding["display"])
    return coding_key(codings[0]) if codings else ""


def _order(event: Event) -> tuple[str, str, str, str]:
    """Events in an order that does not depend on that of the bundle."""
    return (event.date.isoformat() if event.date else "", event.kind, event.code, event.id)


def groups_by_patient(entries: Iterable[Entry]) -> tuple[dict[str, list[Entry]], list[Entry]]:
    """Entries by the patient they are about, patients in the order met; and those about nobody."""
    groups: dict[str, list[Entry]] = {}
    shared: list[Entry] = []
    for entry in entries:
        subject = subject_of(entry.resource)
        if subject is None:
            shared.append(entry)
        else:
            groups.setdefault(subject, []).append(entry)
    return groups, shared


def decoded_lines(text: bytes, file: str, decode: Callable[[bytes], Any]) -> Iterator[Entry]:
    """The resources of NDJSON text. Raises SourceError naming every line that is none."""
    problems = []
    for number, line in enumerate(text.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            resource = decode(line)
        except msgspec.DecodeError as error:
            problems.append(
                Problem(file, number, "", f"is not JSON: {error}.", "Each line is one FHIR resource.")
            )
            continue
        if not isinstance(resource, dict) or "resourceType" not in resource:
            problems.append(
                Problem(file, number, "", "has no resourceType.", "Each line is one FHIR resource.")
            )
        elif not problems:
            yield Entry(None, resource)
    if problems:
        raise SourceError(problems)
