"""What changed between two versions, in words, with before and after; and what the change does."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.alive.conftest import edit
from tests.cli.conftest import Typed
from tests.engine.plans import ADULT, READY
from tests.spec.engines import TOY

from atopy.guideline import content_folder
from atopy.guideline.changes import Change, changes, entries
from atopy.guideline.load import Content, Item, load
from atopy.guideline.versions import since

Command = Callable[..., Typed]


@pytest.fixture
def diff(command: Command, folder: Path) -> Callable[..., str]:
    """``atopy guideline diff`` from the toy to the one that was changed, as one line of words."""

    def run(*words: str) -> str:
        said = command("guideline", "diff", str(TOY), str(folder), *words)
        assert said.code == 0, said.err
        return " ".join(said.out.split())

    return run


# -- in words


def test_what_is_equal_differs_in_nothing(diff: Callable[..., str]) -> None:
    assert "Nothing differs." in diff()


def test_layout_and_comments_are_no_change(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "rung: calmers", '# a comment\nrung:   "calmers"')
    assert "Nothing differs." in diff()


def test_a_predicate_is_told_in_english(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    said = diff()
    assert "changed contraindication stillin-potassium ladder/stillin.yaml:21" in said
    assert "when: potassium is below 3.5 mmol/L → potassium is below 3.4 mmol/L" in said


def test_a_dose_is_told_as_a_dose(diff: Callable[..., str], folder: Path) -> None:
    edit(
        folder, "ladder/stillin.yaml", "low: 2, high: 3, unit: mg/kg/day", "low: 1, high: 2, unit: mg/kg/day"
    )
    said = diff()
    assert "dose: 2 to 3 mg/kg/day, in 2 doses a day (with food)" in said
    assert "→ 1 to 2 mg/kg/day, in 2 doses a day (with food)" in said


def test_a_number_of_a_text_is_told_in_its_text(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "value: 3.5, unit", "value: 3.6, unit")
    assert "for the clinician: potassium below 3.5 mmol/L → potassium below 3.6 mmol/L" in diff()


def test_a_text_is_told_for_its_reader(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "a low blood salt", "too little salt in the blood")
    assert "for the patient: a low blood salt → too little salt in the blood" in diff()


def test_a_source_that_comes_or_goes_is_named(diff: Callable[..., str], folder: Path) -> None:
    old, new = "sources: [{source: label, verified: true}]", "sources: [{source: handbook, verified: false}]"
    edit(folder, "ladder/stillin.yaml", old, new)
    said = diff()
    assert "source handbook: not verified" in said and "source label (no longer): read there" in said


def test_a_new_recommendation_is_added_whole(diff: Callable[..., str], folder: Path) -> None:
    grade = "{id: placatol-new, source: society, direction: for, strength: strong, verified: true, "
    grade += "when: age_years >= 18}"
    edit(folder, "ladder/placatol.yaml", "recommended:\n", f"recommended:\n  - {grade}\n")
    said = diff()
    assert "1 added." in said
    assert "added recommendation placatol-new" in said
    assert "direction: for" in said and "strength: strong" in said
    assert "when: age in years is at least 18" in said or "is at least 18" in said


def test_what_is_withdrawn_says_what_it_said(diff: Callable[..., str], folder: Path) -> None:
    (folder / "factors" / "hurried_meals.yaml").unlink()
    said = diff()
    assert "2 withdrawn." in said
    assert (
        "withdrawn statement meals-ask" in said and "for the clinician (no longer): Ask about meals." in said
    )


def test_what_moved_to_another_file_is_the_same_statement(folder: Path, diff: Callable[..., str]) -> None:
    text = (folder / "care" / "advice.yaml").read_text(encoding="utf-8")
    start = text.index("- id: advice-quiet")
    end = text.index("- id: advice-us")
    (folder / "care" / "advice.yaml").write_text(
        text[:start].rstrip() + "\n  " + text[end:], encoding="utf-8"
    )
    more = "  " + text[start:end].rstrip() + "\n"
    path = folder / "review" / "referral.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + more, encoding="utf-8")
    assert "Nothing differs." in diff()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("facts/record.yaml", "valid_for: 1 year", "valid_for: 2 years", "valid for: 1 year → 2 years"),
        ("sources.yaml", "kind: label, read: false", "kind: label, read: true", "changed source label"),
        ("guideline.yaml", 'version: "1.0"', 'version: "1.1"', "changed version"),
        ("phrases.yaml", "en: The ladder", "en: The steps", "The ladder → The steps"),
        ("vocabulary/terms.yaml", "en: HICS", "en: Hiccup score", "changed word hics"),
        ("instruments/hics.yaml", "topic: how bad", "topic: how loud", "changed instrument hics"),
        ("decisions/options.yaml", "otherwise: open", "otherwise: not_now", "otherwise: open → not_now"),
    ],
)  # fmt: skip
def test_facts_words_and_tables_are_compared_too(
    file: str, old: str, new: str, told: str, diff: Callable[..., str], folder: Path
) -> None:
    edit(folder, file, old, new)
    assert told in diff()


def test_a_row_of_a_decision_table_is_told_in_english(diff: Callable[..., str], folder: Path) -> None:
    row = "{when: standing(option) = 'in_place', then: in_place, unknown: needs_information}"
    edit(folder, "decisions/options.yaml", row, row.replace("then: in_place", "then: optimise"))
    said = diff()
    assert "changed fact option_status" in said
    assert "is in place: in place (where unknown: needs information) → optimise (where unknown: needs" in said
    assert "standing(option)" not in said


def test_a_figure_of_a_trial_is_told_by_arm_and_outcome(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "trials/calm1.yaml", "events: 50, of: 100, percent: 50", "events: 51, of: 100, percent: 51")
    said = diff()
    assert "quiet at week 1, stillin: 50 of 100, percent 50.0, counted reported, read there" in said
    assert "→ 51 of 100, percent 51.0, counted reported, read there" in said
    assert "quiet at week 1, water" not in said


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("ladder/stillin.yaml", "It can be stopped at once.", "It is stopped slowly.",
         "stop for the clinician: It can be stopped at once. → It is stopped slowly."),
        ("ladder/stillin.yaml", "how: at once", "how: taper", "stop: how: at once → taper"),
        ("ladder/stillin.yaml", "bands: {age_years: {low: 12}}", "bands: {age_years: {low: 12, high: 65}}",
         "from 12 years → from 12 below 65 years"),
        ("ladder/stillin.yaml", "when: age_years >= 12}\n", "when: age_years >= 14}\n", "licence EU"),
        ("ladder/stillin.yaml", "when: age_years >= 65\n", "when: age_years >= 70\n", "is at least 65"),
        ("ladder/stillin.yaml", "group: calmer", "group: other", "group: calmer → other"),
        ("ladder/stillin.yaml", "strengths: [25, 50]", "strengths: [25, 75]", "strengths 25, 75"),
    ],
)  # fmt: skip
def test_every_part_of_an_option_has_words(
    file: str, old: str, new: str, told: str, diff: Callable[..., str], folder: Path
) -> None:
    edit(folder, file, old, new)
    said = diff()
    assert told in said and "1 changed." in said


def test_a_side_of_a_disagreement_is_told_with_its_numbers(diff: Callable[..., str], folder: Path) -> None:
    text = (folder / "disagreements" / "drops.yaml").read_text(encoding="utf-8")
    position = text.split("position:", 1)[1].split("en:", 1)[1].split("\n")[0].strip(" {}")
    edit(folder, "disagreements/drops.yaml", position, "Otherwise")
    said = diff()
    assert "changed disagreement disagreement-drops" in said and "side a" in said and "Otherwise" in said


def test_what_is_in_no_text_is_told_as_it_is_written(diff: Callable[..., str], folder: Path) -> None:
    """The order of rows of a table: no word of any row changes."""
    path = folder / "decisions" / "options.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if "standing(option) = 'in_place'" in line)
    lines[first], lines[first + 1] = lines[first + 1], lines[first]
    path.write_text("".join(lines), encoding="utf-8")
    said = diff()
    assert "changed fact option_status" in said and "cases[2].then: in place" in said.replace(
        "in_place", "in place"
    )


def test_what_moved_and_changed_says_from_where(diff: Callable[..., str], folder: Path) -> None:
    text = (folder / "care" / "advice.yaml").read_text(encoding="utf-8")
    start, end = text.index("- id: advice-quiet"), text.index("- id: advice-us")
    (folder / "care" / "advice.yaml").write_text(
        text[:start].rstrip() + "\n  " + text[end:], encoding="utf-8"
    )
    more = "  " + text[start:end].rstrip().replace("asks: tell", "asks: note") + "\n"
    assert "asks: note" in more
    path = folder / "review" / "referral.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + more, encoding="utf-8")
    assert "(was in care/advice.yaml)" in diff()


def test_words_of_questions_and_answers_are_compared_too() -> None:
    kinds = {kind for kind, _ in entries(load(content_folder()))}
    assert {
        "answer",
        "sentence of answers",
        "question word",
        "question words",
        "trial",
        "instrument",
    } <= kinds


def test_only_what_belongs_to_one_thing_can_be_asked_for(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    edit(folder, "guideline.yaml", 'version: "1.0"', 'version: "1.1"')
    assert "1 changed." in diff("--about", "stillin")
    assert "Nothing differs." in diff("--about", "placatol")


def test_an_unknown_id_to_ask_about(command: Command, folder: Path) -> None:
    said = command("guideline", "diff", str(TOY), str(folder), "--about", "nobody")
    assert said.code == 2 and "--about 'nobody' is no id of either version." in said.err


def test_for_a_machine(diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    (change,) = json.loads(diff("--format", "json"))["changes"]
    assert (change["how"], change["kind"], change["id"], change["owner"]) == (
        "changed", "contraindication", "stillin-potassium", "stillin",
    )  # fmt: skip
    assert change["fields"] == [
        {"label": "when", "before": "potassium is below 3.5 mmol/L", "after": "potassium is below 3.4 mmol/L"}
    ]


@pytest.mark.parametrize("style", ["markdown", "html"])
def test_in_other_formats(style: str, diff: Callable[..., str], folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    assert "potassium is below 3.4 mmol/L" in diff("--format", style).replace("&lt;", "<")


def test_what_is_new_is_for_readers(command: Command, folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    edit(folder, "guideline.yaml", 'version: "1.0"', 'version: "1.1"')
    said = " ".join(
        command("guideline", "whats-new", "--since", str(TOY), "--content", str(folder)).out.split()
    )
    assert "What is new in hiccups 1.1 since" in said
    assert "1 changed." in said and "changed contraindication stillin-potassium · when" in said


def test_what_only_orders_and_dates_is_no_news(command: Command, folder: Path) -> None:
    edit(folder, "ladder/stillin.yaml", 'review_by: "2027-12-31"', 'review_by: "2028-12-31"')
    assert "review by: 2027-12-31 → 2028-12-31" in " ".join(
        command("guideline", "diff", str(TOY), str(folder)).out.split()
    )
    assert (
        "Nothing differs."
        in command("guideline", "whats-new", "--since", str(TOY), "--content", str(folder)).out
    )
    said = command(
        "guideline", "whats-new", "--since", str(TOY), "--content", str(folder), "--format", "json"
    )
    assert json.loads(said.out)["changes"]


# -- versions


@pytest.fixture
def kept(folder: Path) -> Path:
    """The toy in git: a first version, and a second with another threshold."""

    def git(*words: str) -> None:
        named = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(folder.parent), *named, *words], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one", "--date", "2026-01-01T12:00:00Z")
    git("tag", "v1")
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    git("commit", "-q", "-a", "-m", "two")
    return folder


@pytest.mark.parametrize("words", [("v1",), ("v1", "HEAD"), ("HEAD~1",), ("v1:hiccups", "main:hiccups")])
def test_revisions_of_git_are_versions(words: tuple[str, ...], command: Command, kept: Path) -> None:
    said = command("guideline", "diff", *words, "--content", str(kept))
    assert said.code == 0, said.err
    assert "potassium is below 3.5 mmol/L → potassium is below 3.4 mmol/L" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("v9", "'v9' is neither a folder nor a revision of git."),
        ("--output=x", "'--output=x' is neither a folder nor a revision of git."),
        ("v1:nowhere", "v1 holds no folder nowhere."),
        ("v1:hiccups/ladder", "v1 holds no guideline in hiccups/ladder."),
    ],
)
def test_a_version_that_there_is_not(spec: str, message: str, command: Command, kept: Path) -> None:
    said = command("guideline", "diff", "--content", str(kept), "--", spec)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def test_a_folder_that_is_no_guideline(command: Command, folder: Path) -> None:
    said = command("guideline", "diff", str(folder / "ladder"), "--content", str(folder))
    assert said.code == 2 and "is a folder without guideline.yaml" in said.err


def test_content_that_is_not_in_git_has_no_revisions(command: Command, folder: Path) -> None:
    said = command("guideline", "diff", "v1", "--content", str(folder))
    assert said.code == 2
    assert "'v1' is no folder, and hiccups is not kept in git" in said.err


def test_the_version_of_a_day_is_the_last_before_it(kept: Path) -> None:
    with pytest.raises(ValueError, match="No version of hiccups is older than 1999-01-01"):
        since("1999-01-01", kept)
    assert since("2090-01-01", kept)


def test_what_an_old_version_holds_that_cannot_be_read_is_named(
    command: Command, folder: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(folder, tmp_path / "old"))
    edit(old, "ladder/tonic.yaml", "rung:", "step:")
    said = " ".join(command("guideline", "diff", str(old), str(folder)).out.split())
    assert "Not compared, because it cannot be read as content is written today: ladder/tonic.yaml." in said


# -- what it does to plans


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """Two records: one whom Stillin is open to, and one with little potassium."""
    folder = tmp_path / "records"
    folder.mkdir()
    low = (*READY, "{date: 2026-11-01, lab: potassium, value: 3.45 mmol/L}")
    for name, events in (("open", READY), ("low", low)):
        listed = "".join(f"  - {event}\n" for event in events)
        (folder / f"{name}.yaml").write_text(f"atopy: 1\n{ADULT}\nevents:\n{listed}", encoding="utf-8")
    return folder


def test_a_change_shows_which_plans_change(diff: Callable[..., str], folder: Path, cohort: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.4")
    said = diff("--records", str(cohort), "--as-of", "2026-11-20")
    assert "Of 2 records the plan of 1 differs." in said
    assert "Plan of low.yaml" in said and "Plan of open.yaml" not in said
    assert "Stillin: " in said and "1 patient" in said


def test_a_change_that_touches_nobody_says_so(diff: Callable[..., str], folder: Path, cohort: Path) -> None:
    edit(folder, "ladder/stillin.yaml", "potassium < 3.5", "potassium < 3.3")
    edit(folder, "ladder/stillin.yaml", "potassium < 3.3", "potassium < 3.5")
    assert "The plans of 2 records are the same by both versions." in diff(
        "--records", str(cohort), "--as-of", "2026-11-20"
    )


def test_a_new_recommendation_turns_an_option(
    command: Command, folder: Path, cohort: Path, tmp_path: Path
) -> None:
    edit(
        folder,
        "ladder/stillin.yaml",
        "direction: for, strength: strong",
        "direction: for, strength: conditional",
    )
    weak = Path(shutil.copytree(folder, tmp_path / "weak"))
    grade = "{id: stillin-yes, source: handbook, direction: for, strength: strong, verified: true}"
    edit(folder, "ladder/stillin.yaml", "recommended:\n", f"recommended:\n  - {grade}\n")
    words = ("--records", str(cohort), "--as-of", "2026-11-20", "--format", "json")
    told = json.loads(command("guideline", "diff", str(weak), str(folder), *words).out)
    assert [(c["how"], c["id"]) for c in told["changes"]] == [("added", "stillin-yes")]
    assert told["cohort"]["total"] == 2
    assert told["cohort"]["turns"] == [
        {"option": "Stillin", "before": "option", "after": "recommended now", "patients": 1}
    ]


def test_records_may_be_lines_and_one_that_cannot_be_read_is_named(
    diff: Callable[..., str], folder: Path, cohort: Path, tmp_path: Path
) -> None:
    lines = tmp_path / "cohort.ndjson"
    record = {"atopy": 1, "patient": {"birth_date": "1990-01-01", "sex": "male"}, "events": []}
    lines.write_text("\n".join([json.dumps(record), "", json.dumps(record | {"evnts": []})]) + "\n")
    edit(folder, "guideline.yaml", 'version: "1.0"', 'version: "1.1"')
    said = diff("--records", str(lines), "--as-of", "2026-11-20")
    assert "The plans of 1 record are the same by both versions. 1 could not be read." in said
    assert "cohort.ndjson:3" in said and "'evnts'" in said


@pytest.mark.parametrize("where", ["ladder", "nowhere.ndjson"])
def test_a_path_without_records(where: str, command: Command, folder: Path) -> None:
    (folder / "empty").mkdir()
    path = folder / ("empty" if where == "ladder" else where)
    said = command("guideline", "diff", str(TOY), str(TOY), "--records", str(path))
    assert said.code == 2 and "records" in said.err


# -- what it does to pooled estimates


def test_a_changed_trial_shows_the_pooled_estimates_before_and_after(
    diff: Callable[..., str], folder: Path
) -> None:
    trial = next(p for p in sorted((folder / "trials").glob("*.yaml")) if "verified: true" in p.read_text())
    text = trial.read_text(encoding="utf-8")
    trial.write_text(
        re.sub(r"events: (\d+), of: (\d+)", lambda m: f"events: {int(m[1]) + 1}, of: {m[2]}", text, count=1)
    )
    said = diff()
    assert f"changed trial {trial.stem}" in said
    assert "Pooled: " in said and "95 % intervals" in said
    moved = json.loads(diff("--format", "json"))["pooled"]
    assert moved and all(shift["before"] != shift["after"] for pool in moved for shift in pool["shifts"])


def test_figures_that_nobody_read_move_nothing_by_default_and_the_page_says_so(
    diff: Callable[..., str], folder: Path
) -> None:
    trial = next(p for p in sorted((folder / "trials").glob("*.yaml")) if "verified: true" in p.read_text())
    new = folder / "trials" / "later.yaml"
    text = (
        trial.read_text(encoding="utf-8")
        .replace(f"id: {trial.stem}\n", "id: later\n")
        .replace("verified: true", "verified: false")
    )
    new.write_text(text, encoding="utf-8")
    said = diff()
    assert "added trial later" in said
    assert "Only with figures that nobody read yet" in said


def test_a_network_that_is_new_has_no_estimate_before(command: Command, folder: Path, tmp_path: Path) -> None:
    old = Path(shutil.copytree(folder, tmp_path / "old"))
    for trial in (old / "trials").glob("*.yaml"):
        trial.unlink()
    (old / "evidence.yaml").unlink()
    said = command("guideline", "diff", str(old), str(folder))
    assert "not in the network → " in " ".join(said.out.split())
    back = json.loads(command("guideline", "diff", str(folder), str(old), "--format", "json").out)["pooled"]
    assert back and all(shift["after"] is None for pool in back for shift in pool["shifts"])


# -- laws

TOY_CONTENT = load(TOY)
KEYS = sorted(TOY_CONTENT.therapies)


def without(content: Content, ids: set[str]) -> Content:
    """The content without some options."""
    kept = {id_: item for id_, item in content.therapies.items() if id_ not in ids}
    return msgspec.structs.replace(content, therapies=kept)


def reordered(content: Content, numbers: dict[str, int]) -> Content:
    """The content with another order of some options."""
    changed: dict[str, Item] = {
        id_: msgspec.structs.replace(item, value=msgspec.structs.replace(item.value, order=numbers[id_]))
        if id_ in numbers
        else item
        for id_, item in content.therapies.items()
    }
    return msgspec.structs.replace(content, therapies=changed)


VERSIONS = st.builds(
    lambda gone, order: without(reordered(TOY_CONTENT, order), gone),
    st.sets(st.sampled_from(KEYS)),
    st.dictionaries(st.sampled_from(KEYS), st.integers(0, 3)),
)


@given(VERSIONS)
@settings(max_examples=25)
def test_a_version_differs_in_nothing_from_itself(content: Content) -> None:
    assert changes(content, content) == ()


@given(VERSIONS, VERSIONS)
@settings(max_examples=25)
def test_backwards_everything_added_is_withdrawn(one: Content, other: Content) -> None:
    def turned(change: Change) -> Change:
        return msgspec.structs.replace(change, before=change.after, after=change.before)

    there = {(c.kind, c.id): c for c in changes(one, other)}
    back = {(c.kind, c.id): c for c in changes(other, one)}
    assert set(there) == set(back)
    for key, change in there.items():
        assert (turned(change).before, turned(change).after) == (back[key].before, back[key].after)


@given(VERSIONS, VERSIONS)
@settings(max_examples=25)
def test_what_is_not_named_is_the_same_in_both(one: Content, other: Content) -> None:
    named = {(c.kind, c.id) for c in changes(one, other)}
    old, new = entries(one), entries(other)
    assert set(old) ^ set(new) <= named
    for key in (set(old) & set(new)) - named:
        assert old[key][1].value is new[key][1].value or old[key][0] == new[key][0]


def test_a_day_needs_a_date(command: Command, folder: Path) -> None:
    said = command("guideline", "diff", str(TOY), str(folder), "--records", "x", "--as-of", "soon")
    assert said.code == 2 and "--as-of 'soon' is not a day" in said.err
