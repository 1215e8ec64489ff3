"""How each kind of event is written in Atopy's own format, from the fields that matter."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atopy.proof.drafts import Generator

Proto = dict[str, Any]
"""An event in the making: its code, and the fields that a where-clause asks for."""

NOT_SET = "-"
"""A field of an event that must stay empty."""

Writer = Callable[["Generator", Proto], dict[str, Any]]


def _day(generator: "Generator", ago: int) -> str:
    return (generator.as_of - timedelta(days=ago)).isoformat()


def _dated(generator: "Generator", proto: Proto) -> str:
    return _day(generator, _whole(proto, 2, "ago", "start"))


def _whole(proto: Proto, otherwise: int, *keys: str) -> int:
    """The first of these fields that is set, as a whole number."""
    return next((int(proto[k]) for k in keys if k in proto), otherwise)


def _value(generator: "Generator", proto: Proto) -> str:
    if "text" in proto:
        return str(proto["text"])
    number = proto.get("number", generator.usual(proto["code"]))
    return f"{number}{generator.unit(proto['code'])}"


def _measure(generator: "Generator", proto: Proto) -> dict[str, Any]:
    return {"date": _dated(generator, proto), "observe": proto["code"], "value": _value(generator, proto)}


def _lab(generator: "Generator", proto: Proto) -> dict[str, Any]:
    answers = generator.compiled.vocabulary.terms[proto["code"]].values
    if answers and not {"text", "number"} & set(proto):
        proto = {**proto, "text": answers[0]}
    return {"date": _dated(generator, proto), "lab": proto["code"], "value": _value(generator, proto)}


def _score(generator: "Generator", proto: Proto) -> dict[str, Any]:
    return {
        "date": _dated(generator, proto),
        "score": proto["code"],
        "value": proto.get("number", Decimal(1)),
    }


def _finding(generator: "Generator", proto: Proto) -> dict[str, Any]:
    verb = {"exposure": "exposure", "life_event": "event"}
    term = generator.compiled.vocabulary.terms[proto["code"]]
    event = {"date": _dated(generator, proto), verb.get(term.kind, "find"): proto["code"]}
    event |= {key: proto[key] for key in ("sites", "ingredients") if key in proto}
    return event | ({"value": proto["text"]} if "text" in proto else {"present": proto.get("flag", True)})


def _condition(generator: "Generator", proto: Proto) -> dict[str, Any]:
    noted = _day(generator, _whole(proto, 2, "noted", "ago"))
    return {"date": noted, "condition": proto["code"], "status": proto.get("status", "active")}


# Fields that read a dose in a unit of their own.
_DOSES = {
    "dose_mg_day": "mg/day",
    "dose_mg_week": "mg/week",
    "dose_mg_kg_day": "mg/kg/day",
    "dose_mg_kg_week": "mg/kg/week",
}


def _treatment(generator: "Generator", proto: Proto) -> dict[str, Any]:
    status = proto.get("status", "past" if {"ago", "end"} & set(proto) and proto.get("ago", 1) > 0 else None)
    days = _whole(proto, 30, "days")
    ended = _whole(proto, 1, "ago", "end")
    start = _whole(proto, ended + days - 1 if status == "past" else days - 1, "start")
    event: dict[str, Any] = {"from": _day(generator, start), "treat": proto["code"]}
    if status == "past":
        event["to"] = _day(generator, min(ended, start))
    if status:
        event["status"] = status
    if "gpd" in proto:
        event["amount"] = f"{Decimal(proto['gpd']) * 7} g/week"
    for key in (
        "adherence",
        "response",
        "stopped_for",
        "dose",
        "frequency",
        "sites",
        "ingredients",
        "vehicle",
    ):
        if key in proto:
            event[key] = proto[key]
    for field, unit in _DOSES.items():
        if field in proto:
            event["dose"] = f"{proto[field]} {unit}"
    return event


def _plain(verb: str, *, status: str | None = None, dated: str = "date") -> Writer:
    def write(generator: "Generator", proto: Proto) -> dict[str, Any]:
        event: dict[str, Any] = {dated: _dated(generator, proto), verb: proto["code"]}
        if status is not None and "status" in proto:
            event[status] = proto["status"]
        return event

    return write


def _life_event(generator: "Generator", proto: Proto) -> dict[str, Any]:
    ahead = _whole(proto, 2, "start") <= 0
    event: dict[str, Any] = {"plan" if ahead else "event": proto["code"]}
    event["date" if ahead or "end" not in proto else "from"] = _dated(generator, proto)
    if "end" in proto:
        event["to"] = _day(generator, int(proto["end"]))
    if proto.get("flag") is False:
        event["present"] = False
    return event


def _override(generator: "Generator", proto: Proto) -> dict[str, Any]:
    return {
        "date": _day(generator, 2),
        "override": proto["code"],
        "by": "clinician",
        "reason": "judged at the bedside",
    }


def _patch_test(generator: "Generator", proto: Proto) -> dict[str, Any]:
    result = proto.get("text", "negative")
    return {
        "date": _dated(generator, proto),
        "patch_test": proto["code"],
        "result": result if result != "other" else "negative",
    }


def _procedure(generator: "Generator", proto: Proto) -> dict[str, Any]:
    event = {"date": _dated(generator, proto), "procedure": proto["code"]}
    return event | ({"result": proto["text"]} if "text" in proto else {})


def _dispensed(generator: "Generator", proto: Proto) -> dict[str, Any]:
    return {"date": _dated(generator, proto), "dispensed": proto["code"], "amount": "100 g", "days": 30}


WRITERS: dict[str, Writer] = {
    "measure": _measure,
    "lab": _lab,
    "score": _score,
    "finding": _finding,
    "exposure": _finding,
    "condition": _condition,
    "treatment": _treatment,
    "allergy": _plain("allergy", status="status"),
    "patch_test": _patch_test,
    "immunisation": _plain("immunised"),
    "procedure": _procedure,
    "preference": _plain("prefers"),
    "dispensing": _dispensed,
    "life_event": _life_event,
    "override": _override,
}
