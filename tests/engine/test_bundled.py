"""Where content comes from: a folder compiled once and kept, or the compiled file of an installed package."""

import shutil
from pathlib import Path

import msgspec
import pytest
from tests.engine.plans import compiled
from tests.spec.engines import TOY

from atopy.guideline import bundled, compile_content, content_folder, load_guideline
from atopy.guideline.compile import compile_folder, digest
from atopy.guideline.compiled import Compiled


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    load_guideline.cache_clear()
    yield tmp_path / "cache" / "atopy"
    load_guideline.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "hiccups"))


def test_a_folder_is_compiled_once_and_kept(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_guideline(folder)
    (kept,) = cache.iterdir()
    load_guideline.cache_clear()
    monkeypatch.setattr("atopy.guideline.compile.compile_folder", None)  # a second compilation would fail
    assert load_guideline(folder) == first
    assert [*cache.iterdir()] == [kept]


def test_an_edit_is_seen(cache: Path, folder: Path) -> None:
    before = load_guideline(folder).hash
    path = folder / "care" / "advice.yaml"
    path.write_text(path.read_text().replace("quiet room", "silent room"))
    load_guideline.cache_clear()
    assert load_guideline(folder).hash != before


def test_a_sign_off_is_seen(cache: Path, folder: Path) -> None:
    load_guideline(folder)
    (folder / "reviews").mkdir()
    (folder / "reviews" / "one.yaml").write_text("[]\n")
    load_guideline.cache_clear()
    load_guideline(folder)
    assert len([*cache.iterdir()]) == 2


def test_a_spoilt_file_in_the_cache_is_made_anew(cache: Path, folder: Path) -> None:
    first = load_guideline(folder)
    (kept,) = cache.iterdir()
    kept.write_bytes(b"half a fi")
    load_guideline.cache_clear()
    assert load_guideline(folder) == first


def test_a_home_that_cannot_be_written_only_costs_time(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    load_guideline.cache_clear()
    assert load_guideline(folder).meta.id == "hiccups"
    load_guideline.cache_clear()


def test_without_a_home_there_is_no_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    load_guideline.cache_clear()
    assert load_guideline(folder).meta.id == "hiccups"
    load_guideline.cache_clear()


def test_an_installed_package_reads_its_compiled_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No checkout beside the code: the shipped file is decoded, and no YAML is read."""
    expected = compiled().hash
    shipped = tmp_path / "site" / "atopy" / "_content" / bundled.DISEASE
    compile_content(TOY, shipped / "compiled.msgpack")
    monkeypatch.setattr(bundled, "_PACKAGE", tmp_path / "site" / "atopy")
    monkeypatch.setattr(bundled, "_REPOSITORY", tmp_path / "nowhere")
    monkeypatch.setattr("atopy.guideline.compile.compile_folder", None)
    load_guideline.cache_clear()
    assert load_guideline().hash == expected
    assert content_folder() == shipped
    load_guideline.cache_clear()


def test_compiled_content_reads_back_as_it_was() -> None:
    made = compile_folder(TOY)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Compiled) == made


def test_the_hash_names_every_byte_of_the_content(folder: Path) -> None:
    before = digest(folder)
    (folder / "care" / "advice.yaml").write_text((folder / "care" / "advice.yaml").read_text() + "# more\n")
    assert digest(folder) != before


def test_a_reference_is_found_by_its_alias() -> None:
    assert (compiled().csl("handbook_table_two") or {})["id"] == "handbook"
    assert compiled().csl("label") is None
