"""The stages that need Node: locked packages; skipped by name where they cannot run, failed where they must run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import node
from tests.cpg.test_valid import MEDPLUM

ROOT = Path(__file__).resolve().parents[2]


def test_the_packages_are_locked_by_version_and_hash_and_name_no_host() -> None:
    text = (MEDPLUM / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((MEDPLUM / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = {k.removeprefix("node_modules/"): v for k, v in json.loads(text)["packages"].items() if k}
    assert {name: locked[name]["version"] for name in wanted} == wanted
    assert all(each["integrity"].startswith("sha512-") for each in locked.values())
    assert "://" not in text


def test_without_node_a_stage_is_skipped_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv(node.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="node is not installed"):
        node.installed(MEDPLUM)


def test_where_node_is_required_a_stage_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv(node.REQUIRED, "required")
    with pytest.raises(pytest.fail.Exception, match="node is not installed"):
        node.installed(MEDPLUM)


def test_ci_requires_it() -> None:
    assert f"export {node.REQUIRED}=required" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_make_says_what_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "tools/node.py"],
        cwd=ROOT, env={**os.environ, "PATH": "/nowhere"}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "Not installed: node, npm." in done.stderr and "apt-get install nodejs npm" in done.stderr
