"""Compile each disease of ``content/`` into ``build/content/``, as the build of a wheel does, and say its size.

A checkout needs no such step: there the first plan after a change compiles the content into the user's cache.
"""

from __future__ import annotations

from pathlib import Path

from atopy.guideline import compile_content

ROOT = Path(__file__).resolve().parent.parent

for guideline in sorted(ROOT.glob("content/*/guideline.yaml")):
    out = ROOT / "build" / "content" / f"{guideline.parent.name}.msgpack"
    compile_content(guideline.parent, out)
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size:,} bytes")
