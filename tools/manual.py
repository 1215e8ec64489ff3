"""Render the specification into ``docs/manual/``: its tables are the tests, so the manual cannot say what is not so.

python tools/manual.py          write the pages
python tools/manual.py --check  say which pages differ, and fail if any does
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.spec.engines import tree  # noqa: E402
from tests.spec.examples import Chapter, Example, chapters  # noqa: E402

from atopy.criteria import english  # noqa: E402
from atopy.truth import AND, NAMES, NOT, OR, VALUES, Truth, at_least  # noqa: E402
from atopy.yaml_source import load_yaml_file  # noqa: E402

MANUAL = ROOT / "docs" / "manual"
MADE = "<!-- Made by tools/manual.py from tests/; edit there. -->\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {
        "index.md": index(),
        "truth-tables.md": truth_tables(),
        "predicates.md": predicates(),
        "facts.md": facts(),
        "messages.md": messages(),
    }


# -- pages


def index() -> str:
    """What the manual holds."""
    return page(
        "Manual",
        "How a guideline's content is written: every page here is made from the tests of the engine. Each table "
        "is run as it stands, so what it says is so.",
        """\
| page | says |
|---|---|
| [Truth tables](truth-tables.md) | what AND, OR and NOT make of an unknown |
| [Predicates](predicates.md) | every operation of the language that rules are written in |
| [Facts](facts.md) | every way to derive a fact from a record |
| [Messages](messages.md) | every mistake that the check of the content names, with the wrong and the right version |
""",
    )


def truth_tables() -> str:
    """Every combination of NOT, AND, OR and at least."""
    binary = "\n".join(
        f"| {name(a)} | {name(b)} | {name(AND[a, b])} | {name(OR[a, b])} | {name(at_least(2, [a, b]))} |"
        for a in VALUES
        for b in VALUES
    )
    unary = "\n".join(
        f"| {name(a)} | {name(NOT[a])} | {name(a is True)} | {name(a is False)} | {name(a is None)} |"
        for a in VALUES
    )
    return page(
        "Truth tables",
        "A predicate is met, not met, or cannot be decided because a fact is unknown. The tables are written out in "
        "`atopy.truth`; every engine is tested against each row.",
        f"""\
## NOT, and questions about knowledge

| p | NOT p | p IS TRUE | p IS FALSE | p IS NULL |
|---|---|---|---|---|
{unary}

## AND, OR, at least

| p | q | p AND q | p OR q | at_least(2, p, q) |
|---|---|---|---|---|
{binary}

Of no parts, AND is met and OR is not met. `at_least(n, ...)` is met when n parts are, not met when too few
could still be, and otherwise cannot be decided.
""",
    )


def predicates() -> str:
    """Every operation of the predicate language."""
    body = "\n".join(predicate_chapter(chapter) for chapter in chapters("criteria"))
    return page(
        "Predicates", "Rules are written in a small part of SQL. A dash stands for an unknown value.", body
    )


def facts() -> str:
    """Every way to derive a fact."""
    body = "\n".join(fact_chapter(chapter) for chapter in chapters("facts"))
    about = (
        "A fact is declared in `facts/`: its type, where its value comes from, how old it may be, and what it "
        "means when nothing is on record. The records here are in Atopy's own format; the terms are those of a toy."
    )
    return page("Facts", about, body)


def messages() -> str:
    """Every message of the content check."""
    files = sorted((ROOT / "tests" / "lints").glob("*.yaml"))
    body = "\n".join(message_chapter(load_yaml_file(path).data) for path in files)
    about = (
        "`atopy guideline check` names every problem of the content at once, each with its file, line and the way "
        "to mend it. These are the messages, with a wrong version and a right one."
    )
    return page("Messages of the content check", about, body)


# -- chapters


def predicate_chapter(chapter: Chapter) -> str:
    """One chapter of predicates, with what is refused."""
    parts = [f"## {chapter.title}\n\n{chapter.about.strip()}\n"]
    parts += [predicate_example(example) for example in chapter.examples]
    refused = chapter.data.get("refused", ())
    if refused:
        rows = "\n".join(f"| {code(r['expression'])} | {cell(r['message'])} |" for r in refused)
        parts.append(f"Refused when the content loads:\n\n| written | message |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def predicate_example(example: Example) -> str:
    """One expression, in words, and its verdict for each patient."""
    node = tree(example.data["expression"], example.chapter, example.data.get("bound"))
    columns = list(dict.fromkeys(k for p in example.patients for k in p if k != "verdict"))
    head = "".join(f"| {code(c)} " for c in columns) + "| verdict |"
    line = "|---" * (len(columns) + 1) + "|"
    rows = "\n".join(
        "".join(f"| {value(p.get(c))} " for c in columns) + f"| {name(p['verdict'])} |"
        for p in example.patients
    )
    bound = "".join(f" with {k} = {v}" for k, v in example.data.get("bound", {}).items())
    return (
        f"**{example.says}**\n\n    {example.data['expression']}{bound}\n\n"
        f"In words: {english(node)}.\n\n{head}\n{line}\n{rows}\n"
    )


def fact_chapter(chapter: Chapter) -> str:
    """One chapter of facts."""
    about = f"{chapter.about.strip()} Here the day of the plan is {chapter.data['as_of']}."
    return "\n".join([f"## {chapter.title}\n\n{about}\n", *(fact_example(e) for e in chapter.examples)])


def fact_example(example: Example) -> str:
    """One declaration, and what it is worth for each record."""
    declared = {**example.data.get("with", {}), "example": example.data["fact"]}
    yaml = "\n".join(f"{fact}: {flow(data)}" for fact, data in declared.items())
    asked = f"\nAsked for `example({example.data['argument']})`.\n" if "argument" in example.data else ""
    rows = "\n".join(
        f"| {cell(p['who'])} | {record(p)} | {value(p['value'])} | {p['state']} |" for p in example.patients
    )
    return (
        f"**{example.says}**\n\n```yaml\n{yaml}\n```\n{asked}\n"
        f"| patient | record | value | because |\n|---|---|---|---|\n{rows}\n"
    )


def message_chapter(chapter: Mapping[str, Any]) -> str:
    """One chapter of messages."""
    return "\n".join(
        [f"## {chapter['title']}\n\n{chapter['about'].strip()}\n", *map(message, chapter["cases"])]
    )


def message(case: Mapping[str, Any]) -> str:
    """One message, with what is wrong and what is right."""
    said = case["problem"] + ("" if case["problem"].endswith((".", ")", "]", "'", "y")) else " ...")
    parts = [f"### {case['name'][:1].upper()}{case['name'][1:]}\n\n> `{case['file']}`: {cell(said)}\n"]
    if case["wrong"] is None:
        return "\n".join([*parts, "The file is not there.\n"])
    wrong = (case["wrong"] + case.get("ends", "")).rstrip() or "(nothing)"
    parts.append(f"Wrong:\n\n```yaml\n{wrong}\n```\n")
    if "right" in case and "ends" not in case:
        parts.append(f"Right:\n\n```yaml\n{case['right'].rstrip()}\n```\n")
    return "\n".join(parts)


# -- small pieces


def page(title: str, about: str, body: str) -> str:
    """A whole page."""
    return f"{MADE}\n# {title}\n\n{about}\n\n{body.strip()}\n"


def name(truth: Truth) -> str:
    """A truth as the plan names it."""
    return NAMES[truth]


def value(given: Any) -> str:
    """A value in a cell; a dash for an unknown one."""
    return "–" if given is None else cell(scalar(given))


def code(text: str) -> str:
    """Text as code that stays within its cell."""
    return "`" + text.replace("|", "\\|") + "`" if text else "(nothing)"


def cell(text: str) -> str:
    """Text that stays within its cell."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def record(patient: Mapping[str, Any]) -> str:
    """The events of a patient, one a line."""
    lines = [flow({k: patient[k]}, bare=True) for k in ("patient", "attested") if patient.get(k)]
    lines += [flow(event) for event in patient.get("events", ())]
    return "<br>".join(code(line) for line in lines) or "nothing"


def flow(data: Any, bare: bool = False) -> str:
    """Data as YAML in one line."""
    if isinstance(data, Mapping):
        inner = ", ".join(f"{k}: {flow(v)}" for k, v in data.items())
        return inner if bare else f"{{{inner}}}"
    if isinstance(data, list):
        return f"[{', '.join(flow(one) for one in data)}]"
    return quoted(data) if isinstance(data, str) else scalar(data)


def quoted(text: str) -> str:
    """A string as YAML needs it in a flow: bare where it can stand so."""
    plain = not any(c in text for c in ",[]{}#:'\"&*!|>%@") and text not in ("true", "false", "null", "")
    return text if plain else '"' + text.replace('"', '\\"') + '"'


def scalar(given: Any) -> str:
    """A plain value as YAML writes it."""
    if isinstance(given, bool):
        return str(given).lower()
    return str(given) if isinstance(given, int | str | Decimal) else "null"


# -- command line


def differing(folder: Path = MANUAL) -> list[str]:
    """The pages in *folder* that are not what the tests say."""
    made = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(n for n in made.keys() | there.keys() if made.get(n) != there.get(n))


def write(made: Iterable[tuple[str, str]], folder: Path = MANUAL) -> None:
    """Write pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in made:
        (folder / file).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that differ."""
    if "--check" in arguments:
        different = differing()
        for file in different:
            print(
                f"docs/manual/{file} is not what the tests say: run python tools/manual.py", file=sys.stderr
            )
        return 1 if different else 0
    write(pages().items())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
