"""What `make bench` prints and draws, from figures that are given; nothing is timed here."""

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from benchmarks import patients, peers, picture, report
from benchmarks.measure import Figure, Target, figure

ROOT = Path(__file__).resolve().parents[2]
FIGURES = [
    figure("atopy plan, whole process, cold", [0.4, 0.5, 0.45], Target("p50_ms", 500)),
    Figure("YAML record, read and planned", 12.0, 20.0, 80.0, (Target("p50_ms", 10), Target("p95_ms", 25))),
    Figure("FHIR bundle, verdicts without reasons", 0.7, 0.9, 1400.0, (Target("per_second", 1000),)),
]
PEERS = [peers.Peer("cql-execution 3.3.2, 30 rules tuned by hand", 76.4, 6728)]


def test_half_and_95_of_100_runs() -> None:
    one = figure("x", [i / 1000 for i in range(1, 101)])
    assert (round(one.p50_ms, 1), round(one.p95_ms)) == (50.5, 95)
    assert round(one.per_second, 2) == 19.80


def test_a_promise_is_met_at_its_bound() -> None:
    kept = Figure("x", 10.0, 25.0, 150.0)
    assert Target("p50_ms", 10).ratio(kept) == Target("per_second", 150).ratio(kept) == 1
    assert Target("p95_ms", 24).ratio(kept) < 1 < Target("per_second", 149).ratio(kept)


def test_the_table_fits_a_terminal() -> None:
    rows = [report.HEAD, *(line for f in FIGURES for line in report.lines(f)), report.peer_line(PEERS[0])]
    assert max(map(len, rows)) <= report.WIDTH
    assert [row.split("  ")[-1].strip() for row in rows[2:4]] == ["NOT MET", "met"]


def test_a_busy_machine_is_named() -> None:
    assert "2.3 processors" in report.busy(2.34) and report.busy(0.2) == ""


def test_the_picture_is_drawn_and_marks_what_is_not_met() -> None:
    drawn = picture.picture(FIGURES, PEERS, "a < b & c")
    root = ElementTree.fromstring(drawn)
    texts = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "a < b & c" in texts and PEERS[0].what in texts
    assert drawn.count(picture._BAD) == 1


def test_results_say_what_they_depend_on() -> None:
    where = report.surroundings("atopic-dermatitis 2026.11", date(2026, 11, 20))
    result = report.as_json(where, FIGURES, PEERS, "")
    assert {"machine", "load", "content", "commit", "day", "as_of", "figures", "peers"} <= set(result)
    assert json.loads(json.dumps(result)) == result


def test_the_peers_are_locked_by_version_and_hash_and_name_no_host() -> None:
    lock = json.loads((ROOT / "benchmarks" / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "benchmarks" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    installed = {name: p for name, p in lock["packages"].items() if name}
    assert all(p["integrity"].startswith("sha512-") and "resolved" not in p for p in installed.values())
    assert {name: installed[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_the_rules_get_the_codes_and_the_day_of_our_bundles() -> None:
    given = (
        'codesystem "AD": \'http://example.org/ad\'\ncode "ANC": \'anc\' from "AD"\ncode "BSA": \'bsa\' from "AD"\n'
        'parameter "Today" DateTime\n\ncontext Patient\n\ndefine "x": [MedicationRequest: "ANC"]\n'
    )
    rules = peers.adapted(given, date(2026, 11, 20))
    assert 'code "ANC": \'751-8\' from "S1"' in rules and "codesystem \"S1\": 'http://loinc.org'" in rules
    assert 'code "BSA": \'bsa\' from "AD"' in rules
    assert "DateTime(2026, 11, 20," in rules and "parameter" not in rules and "MedicationRequest" not in rules


def test_each_code_given_to_the_rules_is_in_our_bundles() -> None:
    everything = b"".join(patients.bundles(60)).decode()
    there = set(re.findall(r'"code":"([^"]+)"', everything))
    assert set(peers.CODES.values()) <= there
