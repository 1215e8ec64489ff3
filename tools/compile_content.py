"""Compile each disease of ``content/`` into its ``compiled.msgpack``, as the build of a wheel does."""

from __future__ import annotations

from pathlib import Path

from atopy.guideline import compile_content

ROOT = Path(__file__).resolve().parent.parent

for guideline in sorted(ROOT.glob("content/*/guideline.yaml")):
    compile_content(guideline.parent, guideline.parent / "compiled.msgpack")
    print(f"compiled {guideline.parent.relative_to(ROOT)}")
