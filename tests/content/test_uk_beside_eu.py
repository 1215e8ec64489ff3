"""What binds a patient in the EU binds one in the UK, by the text of the UK or, unread, by that of the EU."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atopy.yaml_source import load_yaml_file

OWN_OR_NONE = {
    "azathioprine-breastfeeding-eu": "the German label alone bars it; elsewhere it is best avoided",
    "crisaborole-age-eu": "not sold in the UK",
    "crisaborole-area-eu": "not sold in the UK",
    "crisaborole-course-eu": "not sold in the UK",
    "crisaborole-eu-limits": "not sold in the UK",
    "nemolizumab-eu": "the UK has a dose of its own",
    "superpotent-eu": "the UK has a dose of its own",
    "systemic-corticosteroid-eu": "recalled, of one European guideline; the general dose stands",
}


def _entries(folder: Path) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each bar, regimen, limit and statement of the EU, with those of the UK in the same place."""
    for path in sorted(folder.glob("*.yaml")):
        data = load_yaml_file(path).data
        for section in ("contraindicated", "interactions", "regimens", "limits", "monitor", "statements"):
            entries = data.get(section, [])
            uk = [e for e in entries if e.get("country") == "uk"]
            yield from ((e, uk) for e in entries if e.get("country") == "eu")


@pytest.fixture(scope="module")
def entries(repository: Path) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    return list(_entries(repository / "content" / "atopic-dermatitis" / "ladder"))


def _binds_alike(entry: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        entry.get(key) == other.get(key) for key in ("when", "bands", "severity", "action", "dose", "maximum")
    )


def test_what_binds_in_the_eu_has_its_like_in_the_uk_or_a_reason(
    entries: list[tuple[dict[str, Any], list[dict[str, Any]]]],
) -> None:
    assert len(entries) >= 80
    alone = {entry["id"] for entry, uk in entries if not any(_binds_alike(entry, one) for one in uk)}
    assert alone == set(OWN_OR_NONE)


def test_the_like_names_a_uk_text_or_says_that_it_was_not_read(
    entries: list[tuple[dict[str, Any], list[dict[str, Any]]]], repository: Path
) -> None:
    sources = load_yaml_file(repository / "content" / "atopic-dermatitis" / "sources.yaml").data

    def of_the_uk(key: str) -> bool:
        return sources[sources[key].get("alias_of", key)]["jurisdiction"] != "eu"

    twins = {one["id"]: one for entry, uk in entries for one in uk if _binds_alike(entry, one)}
    claimed = [
        id_
        for id_, one in twins.items()
        if any(s["verified"] and not of_the_uk(s["source"]) for s in one["sources"])
    ]
    assert claimed == []
