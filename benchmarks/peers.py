"""The peer's own benchmark beside ours, on the same bundles: thirty rules in CQL on cql-execution.

``../shared/peers`` holds the rules and the runner; npm brings the engine, the translator and what it needs, in the
versions of package-lock.json, into .cache/ (nothing of it is kept here). The rules name example codes; they are given
the codes of our bundles, and the day of our plans. Where Node or that folder is missing, the bench says so and goes on.
"""

import ast
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent.parent / "shared" / "peers"
CACHE = HERE.parent / ".cache" / "peers"
MODEL = "node_modules/cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml"

# the rules' example code -> the code of benchmarks/patients.py. What our bundles never hold keeps its example code.
CODES = {
    "easi": "easi", "iga": "viga_ad", "dlqi": "dlqi", "nrs": "pp_nrs", "anc": "751-8", "alc": "731-0", "hb": "718-7",
    "alt": "1742-6", "creat": "2160-0", "egfr": "33914-3", "ldl": "18262-6", "plt": "777-3", "hbsag": "5196-1",
    "igra": "71773-6", "tcs": "D07AD01", "tci": "D11AH01", "csa": "L04AD01", "mtx": "L04AX03", "dupi": "D11AH05",
    "jaki": "L04AF03", "pred": "H02AB06", "cancer": "363346000", "conj": "231899007", "htn": "38341003",
    "eh": "186535001",
}  # fmt: skip
_SYSTEMS = (
    ("http://www.whocc.no/atc", r"[A-Z]\d\d[A-Z]{2}\d*"),
    ("http://loinc.org", r"\d+-\d"),
    ("http://snomed.info/sct", r"\d+"),
    ("urn:atopy:vocabulary", r"[a-z_]+"),
)


@dataclass(frozen=True)
class Peer:
    """One peer's figure: patients a second from FHIR text to verdicts; and how many verdicts were reached."""

    what: str
    per_second: float
    decided: int


class Absent(Exception):
    """Why no peer can be run here."""


def peer_figures(bundles: list[bytes], as_of: date, say: Callable[[str], None]) -> list[Peer]:
    """cql-execution on *bundles*: the rules as written, and tuned by hand as their author would."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Absent("Node is not installed")
    if not (PEERS / "ad_rules.cql").is_file():
        raise Absent("the folder ../shared/peers is not beside the project")
    try:
        say("peers: fetching cql-execution and its translator with npm")
        _install()
        return list(_measured(bundles, as_of, say))
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout or "").strip().splitlines()
        raise Absent(f"{error.cmd[0]} failed: {lines[-1] if lines else error.returncode}") from None
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise Absent(f"it could not be run: {type(error).__name__}: {error}") from None


def _install() -> None:
    """``npm ci`` into the cache, once per lock file."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp, digest = CACHE / "installed", hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, CACHE / name)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    stamp.write_text(digest, encoding="utf-8")


def _measured(bundles: list[bytes], as_of: date, say: Callable[[str], None]) -> Iterator[Peer]:
    data = CACHE / "data"
    data.mkdir(exist_ok=True)
    (data / "bundles.ndjson").write_bytes(b"\n".join(bundles) + b"\n")
    (CACHE / "system.xml").write_text(system_model(), encoding="utf-8")
    (CACHE / "FHIRHelpers.cql").write_text(heads_of_helpers(), encoding="utf-8")
    _run(sys.executable, str(PEERS / "tune_cql.py"), str(PEERS / "ad_rules.cql"), "tuned.cql")
    for name, path in (("as written", PEERS / "ad_rules.cql"), ("tuned by hand", CACHE / "tuned.cql")):
        say(f"peers: cql-execution, rules {name}")
        (CACHE / "rules.cql").write_text(adapted(path.read_text(encoding="utf-8"), as_of), encoding="utf-8")
        translate = str(PEERS / "cql_translate.mjs")
        _run("node", translate, "system.xml", MODEL, "FHIRHelpers.cql", "rules.cql", "elm")
        (CACHE / "elm" / "FHIRHelpers.json").write_text(json.dumps(_helpers()), encoding="utf-8")
        out = json.loads(_run("node", str(PEERS / "cql_bench.cjs"), "elm", "data", str(len(bundles)), "1"))
        counts = json.loads((data / "counts_cql.json").read_text(encoding="utf-8"))
        decided = sum(c["true"] + c["false"] for c in counts.values())
        seconds = (out["parse_ms"] + out["exec_ms"]) / 1000
        yield Peer(f"{out['engine']}, 30 rules {name}", len(bundles) / seconds, decided)


def _run(*command: str, seconds: int = 300) -> str:
    done = subprocess.run(command, cwd=CACHE, check=True, capture_output=True, text=True, timeout=seconds)
    return done.stdout


# -- what the translator needs and no package carries as a file


def system_model() -> str:
    """CQL's own types, which the translator's package holds as one string of its code."""
    code = (CACHE / "node_modules" / "@cqframework" / "cql" / "cql.mjs").read_text(encoding="utf-8")
    found = re.search(r"^systemModelInfoXml = ('(?:[^'\\]|\\.)*');$", code, re.MULTILINE)
    if found is None:
        raise ValueError("the translator holds no model of CQL's own types")
    return str(ast.literal_eval(found[1].replace("\\/", "/")))


def _helpers() -> dict[str, object]:
    """FHIRHelpers as published, translated: what the engine runs."""
    path = CACHE / "node_modules" / "cql-worker" / "src" / "FHIRHelpers-4.0.1.json.js"
    text = path.read_text(encoding="utf-8")
    return dict(json.loads(text[text.index("{") :].rstrip().rstrip(";")))


def heads_of_helpers() -> str:
    """FHIRHelpers in CQL, for the translator to look names up in: only the heads, from the model of FHIR."""
    model = (CACHE / MODEL).read_text(encoding="utf-8")
    heads = ["library FHIRHelpers version '4.0.1'", "using FHIR version '4.0.1'", "context Patient"]
    form = r'<conversionInfo functionName="FHIRHelpers\.(\w+)" fromType="FHIR\.([^"]+)" toType="([^"]+)"'
    heads += [
        f'define function {name}(value FHIR."{kind}"): null as {html.unescape(result)}'
        for name, kind, result in re.findall(form, model)
    ]
    return "\n".join(heads) + "\n"


def adapted(cql: str, as_of: date) -> str:
    """The rules for our bundles: their codes, their resource for a drug taken, their day."""
    systems = "".join(f"codesystem \"S{i}\": '{url}'\n" for i, (url, _) in enumerate(_SYSTEMS))

    def declared(line: re.Match[str]) -> str:
        code = CODES.get(line[2])
        if code is None:
            return line[0]
        number = next(i for i, (_, form) in enumerate(_SYSTEMS) if re.fullmatch(form, code))
        return f'code "{line[1]}": \'{code}\' from "S{number}"'

    cql = re.sub(r"code \"(\w+)\": '(\w+)' from \"AD\"", declared, cql)
    cql = re.sub(r"(Pick\w+\()'(\w+)'", lambda m: f"{m[1]}'{CODES.get(m[2], m[2])}'", cql)
    cql = cql.replace('codesystem "AD"', systems + 'codesystem "AD"').replace(
        "MedicationRequest", "MedicationStatement"
    )
    today = f'define "Today": DateTime({as_of.year}, {as_of.month}, {as_of.day}, 23, 59, 59, 999)\n'
    return cql.replace('parameter "Today" DateTime\n', "").replace(
        "context Patient\n", "context Patient\n\n" + today
    )
