"""What is asked for, as ActivityDefinitions: a drug with its regimen, a test, a referral, a message, questions.

Only the rule that starts a therapy proposes it. A statement that says more about a therapy proposes nothing, so that
two rules never order the same thing.
"""

from collections import Counter
from collections.abc import Sequence

from atopy.cpg.cql_text import string
from atopy.cpg.resources import codes
from atopy.cpg.resources.book import Book, brief
from atopy.cpg.resources.canonical import Resource, kept
from atopy.cpg.resources.dosage import dosages
from atopy.cpg.resources.extensions import PATIENT_TEXT, extension
from atopy.cpg.resources.sources import Sourced, artifacts
from atopy.guideline import Check, Regimen, Statement, Therapy
from atopy.plan.case import LANGUAGE
from atopy.plan.dose_amount import band_words
from atopy.record import Code, Term
from atopy.record.codings import OWN_SYSTEM, system_url

_KINDS = {
    "MedicationRequest": ("cpg-medicationrequestactivity", "cpg-medicationrequest"),
    "ServiceRequest": ("cpg-servicerequestactivity", "cpg-servicerequest"),
    "CommunicationRequest": ("cpg-communicationactivity", "cpg-communicationrequest"),
    "Task": ("cpg-collectinformationactivity", "cpg-questionnairetask"),
}
_ISSUE = ("cpg-recorddetectedissueactivity", "cpg-recorddetectedissuetask")
_STRUCTURES = "http://hl7.org/fhir/uv/cpg/StructureDefinition/"
_MESSAGES = ("tell", "avoid")
_SERVICES = ("assess", "test", "monitor", "refer", "start", "optimise", "stop")
_OF_A_THERAPY = ("assess", "test", "monitor", "refer", "tell")


class Activities:
    """Makes the activities that rules ask for, each once."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.made: dict[str, Resource] = {}  # id -> ActivityDefinition

    # -- a therapy

    def avoid(self, therapy: Therapy) -> str:
        """Not to give a therapy."""
        name = self.book.name(therapy.name)
        body = kept(**self._what(therapy), doNotPerform=True)
        return self._add(
            f"{therapy.id}-avoid", self._kind(therapy), f"Do not give: {name}",
            f"{name} is barred by an absolute contraindication.", body, of=therapy.id,
        )  # fmt: skip

    def start(self, therapy: Therapy) -> str:
        """To give a therapy whose dose no regimen says."""
        name = self.book.name(therapy.name)
        body = kept(**self._what(therapy), doNotPerform=False)
        said = f"{name}. This guideline holds no dose of it: see the label and the sources."
        return self._add(f"{therapy.id}-give", self._kind(therapy), name, said, body, of=therapy.id)

    def regimen(self, therapy: Therapy, regimen: Regimen) -> str:
        """To give a therapy as one regimen says."""
        book = self.book
        name = book.name(therapy.name)
        for_whom = book.said(regimen.name, regimen.numbers) if regimen.name else ""
        clinician, patient = book.words(regimen.text, regimen.numbers) if regimen.text else ("", None)
        doses = dosages(regimen)
        bands = [band_words(book.fact(fact), band) for fact, band in regimen.bands.items()]
        said = ". ".join(
            x.rstrip(".") for x in (name, for_whom, *bands, *(d["text"] for d in doses), clinician) if x
        )
        kind = self._kind(therapy)
        body = kept(**self._what(therapy, regimen.of), doNotPerform=False)
        if kind == "MedicationRequest":
            body["dosage"] = doses
        elif doses and "timing" in doses[0]:
            body["timingTiming"] = doses[0]["timing"]
        title = f"{name}: {for_whom}" if for_whom else name
        return self._add(
            regimen.id, kind, title, said, kept(**body), regimen.sources, patient, regimen.country, therapy.id
        )

    def _kind(self, therapy: Therapy) -> str:
        """A drug is a medication; light, wraps, baths and teaching are services."""
        terms = [self.book.compiled.vocabulary.terms.get(t) for t in therapy.treats_with]
        return (
            "MedicationRequest"
            if any(t is not None and t.kind == "drug" for t in terms)
            else "ServiceRequest"
        )

    def _what(self, therapy: Therapy, of: Sequence[str] = ()) -> Resource:
        """The product or the service, coded where the therapy is one word of the vocabulary."""
        listed = list(of) or therapy.treats_with
        terms = self.book.compiled.vocabulary.terms
        term = terms.get(listed[0]) if len(listed) == 1 else None
        what = coded(term, self.book.name(therapy.name))
        if self._kind(therapy) == "MedicationRequest":
            return {"code": codes.activity("order-medication"), "productCodeableConcept": what}
        return {"code": what}

    # -- tests, referral, words

    def check(self, therapy: Therapy, check: Check) -> str:
        """A test or look before a therapy or while it is taken."""
        clinician, patient = self.book.words(check.test, check.numbers)
        name = self.book.name(therapy.name)
        body = {"code": self._test(check, clinician), "doNotPerform": False}
        return self._add(
            check.id, "ServiceRequest", f"{name}: {brief(clinician)}", clinician, body, check.sources, patient,
            check.country, therapy.id,
        )  # fmt: skip

    def _test(self, check: Check, said: str) -> Resource:
        """The test; coded where one word of the vocabulary is all that it takes."""
        terms = self.book.compiled.vocabulary.terms
        one = terms.get(check.covers[0]) if len(check.covers) == 1 else None
        return coded(one, said)

    def statement(
        self, item: str, owner: str, said: Statement, of_therapy: bool, patient_too: bool
    ) -> str | None:
        """What a statement asks for; None for knowledge alone."""
        if said.asks not in (_OF_A_THERAPY if of_therapy else (*_MESSAGES, *_SERVICES)):
            return None
        clinician, patient = self.book.words(said.text, said.numbers)
        patient = patient if patient_too else None
        title = f"{owner}: {brief(clinician)}"
        if said.asks in _MESSAGES:
            return self._message(item, said, title, clinician, patient)
        body: Resource = {"code": {"text": title}, "doNotPerform": False}
        return self._add(
            said.id, "ServiceRequest", title, clinician, body, said.sources, patient, said.country, item
        )

    def _message(self, item: str, said: Statement, title: str, clinician: str, patient: str | None) -> str:
        body = {
            "code": codes.activity("send-message"),
            "doNotPerform": False,
            "dynamicValue": [_value("payload.content", patient or clinician)],
        }
        return self._add(
            said.id, "CommunicationRequest", title, clinician, body, said.sources, patient, said.country, item
        )

    # -- what serves many rules

    def issue(self) -> str:
        """To record that something stands against a treatment; what, each rule says."""
        body = {"code": codes.activity("record-detected-issue"), "doNotPerform": False}
        said = "Record a detected issue: the description of the action that asks for it says which, and what to do."
        return self._add("safety-issue", "Task", "Record a safety issue", said, body, profiles=_ISSUE)

    def ask(self, questionnaire: str, title: str) -> str:
        """To ask the questions of a questionnaire."""
        book = self.book
        body = {
            "extension": [
                {"url": codes.COLLECT_WITH, "valueCanonical": book.canonical("Questionnaire", questionnaire)}
            ],
            "code": codes.activity("collect-information"),
            "doNotPerform": False,
        }
        said = "Collect what the guideline asks for and the record does not hold."
        return self._add(f"ask-{questionnaire}", "Task", title, said, body)

    def _add(
        self, id_: str, kind: str, title: str, description: str, body: Resource, sources: Sequence[Sourced] = (),
        patient: str | None = None, country: str | None = None, of: str | None = None,
        profiles: tuple[str, str] | None = None,
    ) -> str:  # fmt: skip
        """Keep one activity, written in the item *of* the content; the answer is its canonical URL."""
        book = self.book
        if id_ not in self.made:
            own, result = profiles or _KINDS[kind]
            made = book.head(
                "ActivityDefinition", id_, title, description, f"{_STRUCTURES}{own}", country, of=of
            )
            body = dict(body)
            made["extension"] += body.pop("extension", [])
            if patient:
                made["extension"].append(extension(book.base, PATIENT_TEXT, patient))
            made |= kept(topic=[codes.topic(book.said(book.compiled.meta.condition))])
            made |= kept(relatedArtifact=artifacts(book, sources))
            made |= {"kind": kind, "profile": f"{_STRUCTURES}{result}", "intent": "proposal"} | body
            self.made[id_] = made
        return book.canonical("ActivityDefinition", id_)


def _value(path: str, text: str) -> Resource:
    """A text that the request is to hold."""
    return {"path": path, "expression": {"language": "text/cql-expression", "expression": string(text)}}


def coded(term: Term | None, text: str) -> Resource:
    """A concept in words, with our own code and those that somebody verified.

    The codings of a concept mean the same; where a system has several codes for a word, none of them is the word.
    """
    if term is None:
        return {"text": text}
    systems = Counter(code.system for code in term.codes)
    public = [_coding(c) for c in term.codes if c.verified and c.value is None and systems[c.system] == 1]
    own = codes.coding(OWN_SYSTEM, term.id, term.name.get(LANGUAGE))
    return {"coding": [*public, own], "text": text}


def _coding(code: Code) -> Resource:
    return codes.coding(system_url(code.system), code.code)


__all__ = ["Activities", "coded"]
