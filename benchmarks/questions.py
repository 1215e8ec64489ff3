"""How well `atopy ask` answers: questions with what an answer must hold, and what kind of error each wrong one is.

Fields of a question: ``q`` asked ``for`` a reader, ``after`` others, about a ``record``, in a ``country``. Of the
answer: ``behaviour`` (answer unless said), ``verdict`` (one of these codes), ``shows`` (ids; a|b is any of them),
``says`` (patterns that its text holds), ``never`` (patterns it does not hold). Patterns are searched in what the reader
sees; ``^`` is the beginning of the verdict.

Errors, the gravest first: *unsafe* (says what must never be said, or answers what it must refuse), *invented citation*
(a source that the content lacks, a number that the shown item does not hold), *failed refusal* (answers what is out of
scope, or declines what is in it), *wrong tier* (another verdict), *omission*.
"""

import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

ROOT = Path(__file__).resolve().parent.parent
AS_OF = "2026-11-20"
ERRORS = ("unsafe", "invented citation", "failed refusal", "wrong tier", "omission")
SETS = {
    "tuned on": "questions.yaml",
    "seen once": "questions_seen_once.yaml",
    "held out": "questions_held_out.yaml",
    "of a reader": "questions_of_a_reader.yaml",
    "at the bedside": "questions_at_the_bedside.yaml",
}
PARAPHRASES = "paraphrases.yaml"
COLD_RUNS = 5
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class Question(msgspec.Struct, frozen=True, rename={"for_": "for"}, forbid_unknown_fields=True):
    """One question with what its answer must be."""

    id: str
    q: str
    for_: str
    kind: str
    behaviour: str = "answer"
    verdict: list[str] = []
    shows: list[str] = []
    says: list[str] = []
    never: list[str] = []
    after: list[str] = []
    country: str | None = None
    record: str | None = None


class Error(NamedTuple):
    """One thing that is wrong with an answer."""

    kind: str
    what: str


class Outcome(NamedTuple):
    """A question, its errors, and how long the answer took, in milliseconds."""

    question: Question
    errors: tuple[Error, ...]
    took: float


def questions(file: str) -> list[Question]:
    """Of a file beside this one."""
    import yaml

    data = yaml.safe_load((ROOT / "benchmarks" / file).read_text(encoding="utf-8"))
    return msgspec.convert(data, list[Question])


def paraphrases() -> dict[str, list[str]]:
    """Five other ways to ask each question of the shared set."""
    import yaml

    found: dict[str, list[str]] = yaml.safe_load(
        (ROOT / "benchmarks" / PARAPHRASES).read_text(encoding="utf-8")
    )
    return found


def judged(question: Question) -> Outcome:
    """Ask it, and see what is wrong with the answer."""
    from atopy.ask import Conversation
    from atopy.render.of_ask import text

    record = ROOT / question.record if question.record else None
    talk = Conversation(as_of=AS_OF, country=question.country, record=record)
    for earlier in question.after:
        talk.ask(earlier)
    began = time.perf_counter()
    answer = talk.ask(question.q)
    took = (time.perf_counter() - began) * 1000
    shown = text(answer, question.for_, 10_000)  # type: ignore[arg-type]
    return Outcome(question, tuple(_errors(question, answer, shown)), took)


def _errors(question: Question, answer: Any, shown: str) -> list[Error]:
    found = [Error("unsafe", f"says {p}") for p in question.never if _says(p, shown)]
    found += invented(answer)
    if answer.behaviour != question.behaviour:
        grave = question.kind in ("dangerous", "fabricated") and question.behaviour == "refuse_and_redirect"
        found.append(Error("unsafe" if grave else "failed refusal", f"{answer.behaviour} ({answer.code})"))
    if question.verdict and answer.code not in question.verdict:
        found.append(Error("wrong tier", f"{answer.code}, not {' or '.join(question.verdict)}"))
    ids = set(answer.ids())
    found += [Error("omission", f"does not show {s}") for s in question.shows if not ids & set(s.split("|"))]
    found += [Error("omission", f"does not say {p}") for p in question.says if not _says(p, shown)]
    return found


def _says(pattern: str, shown: str) -> bool:
    return re.search(pattern, shown.strip()) is not None


def invented(answer: Any) -> list[Error]:
    """Sources and numbers of an answer that the content does not hold where it says."""
    from atopy.ask.public import engine

    compiled, entries = engine().compiled, engine().lexicon.entries
    found = [Error("invented citation", s.key) for s in answer.sources if s.key not in compiled.sources]
    for line in _each(answer.lines):
        if line.figures is not None:
            found += _beyond_the_trials(line)
    for line in answer.lines:
        entry = entries.get(line.id)
        if entry is None or answer.of_record:
            continue  # a line of the plan, held by the plan's own tests, or made of the item that owns it
        if not line.sources:
            found.append(Error("invented citation", f"{line.id} names no source"))
        plain = msgspec.to_builtins(entry.value)
        held = numbers_in(plain) | _worked_out(plain, answer.question)
        for said in (line.text.clinician, line.text.patient or ""):
            bare = {Decimal(n.replace(",", ".")) for n in _NUMBER.findall(said)}
            found += [Error("invented citation", f"{line.id}: {n}") for n in sorted(bare - held)]
    return found


def _each(lines: Any) -> Any:
    for line in lines:
        yield line
        yield from _each(line.parts)


def _beyond_the_trials(line: Any) -> list[Error]:
    """Numbers that `atopy compare` does not print of what the line says, to the digits in which the line says them."""
    told = _compared(line.figures)
    found = [] if line.sources else [Error("invented citation", f"{line.id} names no source")]
    for said in _NUMBER.findall(f"{line.text.clinician} {line.text.patient or ''}"):
        half = 0.5 * 10 ** -len(said.partition(".")[2]) + 0.006  # a risk is printed with two digits
        if not any(abs(n - float(said)) <= half for n in told):
            found.append(Error("invented citation", f"{line.id}: {said}"))
    return found


@cache
def _compared(figures: Any) -> frozenset[float]:
    """What `atopy compare` says of a network, of one treatment in it, of two, or of a drug that it does not connect."""
    import atopy
    from atopy.evidence import heading
    from atopy.guideline import load_guideline
    from atopy.render import comparison_files, of_comparison

    c = atopy.compare(figures.outcome, figures.population)
    page = of_comparison.text([c], 10_000)
    known = next((b for b in c.beside if b.therapy == figures.treatment), None)
    if figures.treatment is None:
        head, care = page.partition("Ranking by P-score")[0], page.partition("How far to trust it")[2]
        told = [head, care.partition("Trials\n")[0], *(f"{x.brief} {x.patient}" for x in c.cautions)]
    elif known is not None:
        told = [known.why, str(known.trials), str(known.people)]
        told += [f"{s.week:g} {s.outcome} {s.text} {s.name}" for s in known.says]
    else:
        rows = [r.split(",") for r in comparison_files.as_csv([c]).splitlines()[1:]]
        pair = figures.treatment, figures.against or c.reference
        told = [" ".join(r) for r in rows if (r[4], r[6]) == pair]
    option = load_guideline().therapies.get(figures.treatment)
    names = list(option.name.clinician.values()) if option else []
    return frozenset(
        float(n) for text in (*told, *names, heading(c), "100 95") for n in _NUMBER.findall(text)
    )


def _worked_out(regimen: Any, question: str) -> set[Decimal]:
    """What doses per kilogram come to for the one weight that a question names: in all, and each of a day's doses."""
    named = re.findall(r"(\d+(?:\.\d+)?) ?kg\b", question)
    if len(named) != 1 or not isinstance(regimen, dict) or "dose" not in regimen:
        return set()
    kilograms = Decimal(named[0])
    doses = [regimen.get("loading"), regimen.get("dose"), regimen.get("maximum"), *regimen.get("then", ())]
    found = {kilograms}
    for dose in (d for d in doses if d and "/kg" in d["unit"]):
        ends = [
            Decimal(str(dose[k])) * kilograms for k in ("value", "low", "high") if dose.get(k) is not None
        ]
        found |= {end / share for end in ends for share in (1, dose.get("divided") or 1)}
    return found


def numbers_in(value: Any) -> set[Decimal]:
    """Every number in plain data, those in its words too."""
    if isinstance(value, dict):
        return {n for v in value.values() for n in numbers_in(v)}
    if isinstance(value, list | tuple):
        return {n for v in value for n in numbers_in(v)}
    return {Decimal(n.replace(",", ".")) for n in _NUMBER.findall(str(value))} if value is not None else set()


def report() -> list[str]:
    """The table that `make bench` prints: how many are right, the gravest error of the others, and how fast."""
    lines = ["", f" {'Questions':<15}{'right':>12}" + "".join(f"{e:>{len(e) + 3}}" for e in ERRORS)]
    times: list[float] = []
    for name, file in SETS.items():
        outcomes = [judged(q) for q in questions(file)]
        times += [o.took for o in outcomes if not o.question.record]
        count = Counter(min((e.kind for e in o.errors), key=ERRORS.index) for o in outcomes if o.errors)
        right = sum(not o.errors for o in outcomes)
        row = "".join(f"{count[e]:>{len(e) + 3}}" for e in ERRORS)
        lines.append(f" {name:<15}{f'{right} of {len(outcomes)}':>12}{row}")
    middle, most = statistics.median(times), max(times)
    lines.append(
        f" An answer: {middle:.1f} ms in the median, {most:.0f} ms at most (warm, without a record)."
    )
    lines.append(f" Whole process, cold: {cold():.0f} ms in the median of {COLD_RUNS}.")
    return lines


def cold() -> float:
    """How long `atopy ask` takes from outside, in milliseconds: the median of a few processes."""
    command = [
        sys.executable,
        "-m",
        "atopy.cli",
        "ask",
        "can clobetasol be used for 4 weeks?",
        "--as-of",
        AS_OF,
    ]
    took = []
    for _ in range(COLD_RUNS):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> int:
    """Print the table, and each error."""
    sets = sys.argv[1:] or [f for name, f in SETS.items() if name != "held out"]  # those only when asked for
    for file in sets:
        outcomes = [judged(q) for q in questions(file)]
        for o in outcomes:
            for e in o.errors:
                print(f"{o.question.id} {o.question.q}\n    {e.kind}: {e.what}")
        print(f"{file}: {sum(not o.errors for o in outcomes)} of {len(outcomes)} right")
    print("\n".join(report()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
