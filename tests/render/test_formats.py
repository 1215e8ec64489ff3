"""What each format owes its reader: the answer first, nothing invented, nothing kept from who must know."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import msgspec
import pytest

import atopy
from atopy import render
from atopy.criteria import Ref
from atopy.facts.fields import FIELDS, LABELS
from atopy.plan import Case, Cited, Line, Plan, json_schema
from atopy.plan.references import short_label
from atopy.render.answer import FIRST, answer, listed, recommended_by, short
from atopy.render.view import Numbered, Seen, View, cited, day_words, evidence, graded, is_open

NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")
FORMATS = {"text": render.text, "markdown": render.markdown, "html": render.html}


def numbers(text: str) -> set[str]:
    """The numbers in a text, tags and styles left out."""
    bare = re.sub(r"<style.*?</style>|<head>.*?</head>|<[^>]+>", " ", text, flags=re.DOTALL)
    return set(NUMBER.findall(bare.replace("\\", "")))


@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("width", [60, 100, 120])
def test_text_holds_its_width(plan: Plan, audience: render.Audience, width: int) -> None:
    assert max(len(line) for line in render.text(plan, audience, width).splitlines()) <= width


@pytest.mark.parametrize("format_", FORMATS)
def test_the_patients_numbers_are_the_clinicians(plan: Plan, format_: str) -> None:
    show = FORMATS[format_]
    whole = numbers(render.markdown(plan, "clinician")) | numbers(show(plan, "clinician"))
    assert numbers(show(plan, "patient")) - whole - order_numbers() == set()


def order_numbers() -> set[str]:
    """The numbers of list items, and counts of what is listed elsewhere."""
    return {str(n) for n in range(1, 7)}


@pytest.mark.parametrize("format_", FORMATS)
def test_each_reader_sees_the_headline_review_state_and_disclaimer(plan: Plan, format_: str) -> None:
    for audience, headline, disclaimer in (
        ("clinician", plan.headline.clinician, plan.disclaimer),
        ("patient", plan.headline.patient, plan.patient_disclaimer),
    ):
        shown = plain(FORMATS[format_](plan, audience))  # type: ignore[arg-type]
        assert plain(headline).lower() in shown.lower()
        assert "no clinician has reviewed it" in shown
        assert plain(disclaimer) in shown
        assert plan.provenance.plan_hash[:12] in shown


def plain(text: str) -> str:
    """Without tags, escapes and line breaks."""
    import html

    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text.replace("\\", ""))).split())


def test_text_is_short_enough_to_read(plans: dict[str, Plan]) -> None:
    lengths = {name: len(render.text(p).splitlines()) for name, p in plans.items()}
    for_patients = {name: len(render.text(p, "patient").splitlines()) for name, p in plans.items()}
    assert max(lengths.values()) < 410
    assert max(for_patients.values()) < 200
    assert all(for_patients[name] < lengths[name] for name in lengths)


def test_an_emergency_comes_first_and_in_full(plans: dict[str, Plan]) -> None:
    shown = render.text(plans["emergency-herpeticum"])
    assert shown.splitlines()[2].strip() == "EMERGENCY: ACT TODAY"
    assert shown.index("aciclovir") < shown.index("Severity")


def test_an_empty_record_recommends_nothing(plans: dict[str, Plan]) -> None:
    plan = plans["empty"]
    assert plan.headline.code == "not-enough-data"
    assert "recommended now" not in render.text(plan)
    assert "advised now" not in render.text(plan, "patient")


def test_what_bars_a_drug_is_said(plans: dict[str, Plan]) -> None:
    shown = " ".join(render.text(plans["adult-severe"]).split())
    assert "contraindicated: A pregnancy is planned" in shown
    assert "because: Worse after a product or topical treatment, 2 Nov 2026" in shown


@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_day_is_written_as_it_is_read(plan: Plan, format_: str, audience: render.Audience) -> None:
    shown = re.sub(r"<style.*?</style>|<[^>]+>", " ", FORMATS[format_](plan, audience), flags=re.DOTALL)
    assert re.findall(r"(?<![\w/.-])(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?(?![\w-])", shown) == []


@pytest.mark.parametrize("format_", FORMATS)
def test_a_patient_is_told_what_to_be_careful_with(format_: str, tmp_path: Path) -> None:
    """A man of 71 who takes naproxen: of each choice that is open to him, the first cautions, in every format."""
    base = (Path(__file__).parents[1] / "scenarios/bases/adult_worked_up.yaml").read_text()
    older = base.replace("1985-03-14", "1955-03-14")
    record = tmp_path / "r.yaml"
    record.write_text(older + "  - {from: 2026-10-01, treat: naproxen, status: current}\n")
    plan = atopy.plan(record, as_of="2026-11-20")
    options = [o for o in View(plan, "patient").lines("ladder") if is_open(o)]
    cautions = [p for o in options for p in o.of("safety", "interaction") if p.status == "caution"]
    assert {c.id.split("-")[0] for c in cautions} == {"ciclosporin", "methotrexate"} and len(cautions) == 3
    shown = plain(FORMATS[format_](plan, "patient"))
    assert [c.text for c in cautions if c.text.rstrip(".") not in shown] == []
    assert all(c.text not in shown.split(plan.section("assessment").patient)[0] for c in cautions), (
        "not on the first screen"
    )


def test_json_follows_the_schema_and_is_stable(plan: Plan) -> None:
    written = render.json(plan)
    jsonschema.validate(msgspec.json.decode(written), json_schema())
    assert written == render.json(plan)
    assert written.endswith("}\n")


def test_html_is_one_safe_accessible_page(plan: Plan) -> None:
    hostile = msgspec.structs.replace(
        plan, headline=msgspec.structs.replace(plan.headline, clinician="<script>x</script>")
    )
    page = render.html(hostile)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'lang="en"' in page
    assert not re.search(r'(?:src|href)="(?!https?://|#)', page)
    assert "url(" not in page
    reader = Outline()
    reader.feed(page)
    assert reader.headings[0] == 1
    assert all(
        after <= before + 1 for before, after in zip(reader.headings, reader.headings[1:], strict=False)
    )
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.open == []


class Outline(HTMLParser):
    """Headings, ids, and elements that nobody closed."""

    void = ("meta", "link", "br", "hr", "img", "input")

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# -- the two readers


def a_line(**changes: object) -> Line:
    return msgspec.structs.replace(
        Line("x", "tell", "tell", "for the clinician", "for the patient"), **changes
    )


def with_lines(plan: Plan, *lines: Line) -> Plan:
    """*plan* with these lines alone in the section "tell"."""
    sections = tuple(msgspec.structs.replace(s, lines=lines if s.id == "tell" else ()) for s in plan.sections)
    return msgspec.structs.replace(plan, sections=sections)


@pytest.mark.parametrize(
    "line",
    [a_line(clinician_first=True), a_line(patient=None)],
    ids=["clinician first", "no text for the patient"],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_not_for_the_patient_is_not_shown(plans: dict[str, Plan], line: Line, format_: str) -> None:
    inside = msgspec.structs.replace(line, parts=(a_line(patient="deep within", clinician="deep within"),))
    plan = with_lines(plans["empty"], inside)
    assert "for the clinician" in FORMATS[format_](plan, "clinician")
    shown = FORMATS[format_](plan, "patient")
    assert "for the patient" not in shown.replace("for the patient,", "")
    assert "deep within" not in shown


def test_a_section_with_nothing_for_a_reader_is_left_out(plans: dict[str, Plan]) -> None:
    plan = with_lines(plans["empty"], a_line(patient=None))
    assert [s.id for s, _ in View(plan, "patient").sections()] == []
    assert [s.id for s, _ in View(plan, "clinician").sections()] == ["tell"]


def test_a_reader_is_one_of_two(plans: dict[str, Plan]) -> None:
    with pytest.raises(ValueError, match="clinician or patient"):
        View(plans["empty"], "nurse")  # type: ignore[arg-type]


def test_every_headline_has_an_answer(plans: dict[str, Plan]) -> None:
    for code in FIRST:
        for plan in plans.values():
            headline = msgspec.structs.replace(plan.headline, code=code)
            for audience in ("clinician", "patient"):
                made = answer(View(msgspec.structs.replace(plan, headline=headline), audience))
                assert len(made.first) <= 6


def test_next_is_not_what_was_judged_long_ago() -> None:
    on_dupilumab = (
        Path(__file__).resolve().parents[1] / "scenarios" / "bases" / "controlled_on_dupilumab.yaml"
    )
    plan = atopy.plan(on_dupilumab, as_of="2026-11-20")
    assert plan.line("dupilumab").status == "in_place"
    for audience, judged in (("clinician", "judge its effect"), ("patient", "give it time")):
        assert not [said for said in answer(View(plan, audience)).next if judged in said]


def test_an_unverified_dose_says_check_the_label(plans: dict[str, Plan]) -> None:
    source = Cited("memory", verified=False)
    dose = a_line(id="d", section="ladder", clinician="Five drops", group="dose", sources=(source,))
    option = Line(
        "o", "ladder", "start", "Drops", "Drops", status="recommended_now", group="skin_care", parts=(dose,)
    )
    plan = plans["empty"]
    sections = tuple(
        msgspec.structs.replace(s, lines=(option,) if s.id == "ladder" else ()) for s in plan.sections
    )
    plan = msgspec.structs.replace(plan, sections=sections)
    for show in FORMATS.values():
        assert "unverified: check the label" in show(plan, "clinician")
    statement = with_lines(plan, a_line(sources=(source,)))
    for show in FORMATS.values():
        assert "not verified" in show(statement, "clinician")


# -- small things


def test_sources_are_numbered_with_their_grades() -> None:
    strong = Numbered(3, Cited("aad-2024", True, direction="for", strength="strong", certainty="high"))
    against = Numbered(4, Cited("jtf-2023", False, direction="against", strength="conditional"))
    plain_one = Numbered(5, Cited("x", True))
    assert cited((strong, against, strong)) == "[3, 4]"
    assert cited(()) == graded(()) == ""
    assert graded((plain_one,)) == "[5]"
    assert graded((strong, against)) == "[3 strong, high certainty; 4 conditional against, not verified]"


def test_guidelines_have_the_names_people_use() -> None:
    assert short_label("aad-2024-systemic") == "AAD 2024"
    assert short_label("euroguiderm-2022-p1") == "Euroguiderm 2022"
    assert short_label("memory") == "Memory"


def test_only_verified_advice_recommends() -> None:
    sources = (
        Numbered(1, Cited("aad-2024", True, direction="for", strength="conditional")),
        Numbered(2, Cited("jtf-2023", False, direction="for", strength="strong")),
    )
    assert recommended_by(Seen("x", "X", "start", sources=sources)) == "conditional: AAD 2024 [1]"


def test_dates_are_as_exact_as_they_were_given() -> None:
    assert [day_words(d) for d in ("2026-11-20", "2025-01", "1993")] == ["20 Nov 2026", "Jan 2025", "1993"]
    assert evidence(None) == ()


def test_text_is_cut_at_a_sentence_or_a_word() -> None:
    assert short("All of it.", 20) == "All of it"
    assert short("One thing. And quite another thing.", 20) == "One thing"
    assert short("one two three four five", 12) == "one two…"


@pytest.mark.parametrize(
    ("state", "reason", "code", "said"),
    [
        ("in place", "taken now", "taken-now", ""),
        ("did not work before", "it did not work before", "failed-before", ""),
        ("not recorded", "not recorded; could change: Severity", None, "could change: Severity"),
        ("option", "a stronger recommendation exists for another open option", "weaker-recommendation", None),
        (None, "a reason", None, "a reason"),
    ],
)
def test_a_reason_is_said_where_the_state_does_not_say_it(
    state: str | None, reason: str, code: str | None, said: str | None
) -> None:
    line = Seen("x", "X", "start", state=state, reason=reason, code=code)
    assert line.why == (reason if said is None else said)


def test_a_detail_is_said_where_the_text_does_not_hold_it() -> None:
    assert Seen("x", "Put it on once a day.", "start", detail="Once a day").more == ""
    assert Seen("x", "Put it on.", "start", detail="once a day").more == "once a day"


def test_names_that_hold_a_comma_stand_apart() -> None:
    assert listed(("UVA1", "PUVA")) == "UVA1, PUVA"
    assert listed(("UVB, UVA or both", "PUVA")) == "UVB, UVA or both; PUVA"


def test_a_field_of_a_course_has_words(case: Case) -> None:
    words = [case.explainer.words(Ref(name, event=True)) for name in ("days_long", "dose_mg_day", "response")]
    assert words == [("length", "days"), ("dose", "mg/day"), ("response", None)]
    assert case.explainer.words(Ref("belongs", ("dupilumab",), event=True)) == ("is one of Dupilumab", None)
    assert set(LABELS) <= set(FIELDS)
