"""Two versions of a content folder: folders as they stand, or revisions of git, unpacked while they are read."""

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from atopy.guideline.compile import compile_content_of, digest
from atopy.guideline.compiled import Compiled
from atopy.guideline.load import Content, load
from atopy.yaml_source import InputError, SourceError


@contextmanager
def opened(spec: str, content: Path) -> Iterator[Path]:
    """The folder that *spec* names: a folder itself, or the content folder *content* as it was in a revision of git.

    ``REVISION:PATH`` names another folder of that revision. Raises ValueError, saying why there is no such version.
    """
    folder = Path(spec)
    if (folder / "guideline.yaml").is_file():
        yield folder
        return
    if folder.is_dir():
        raise InputError(f"'{spec}' is a folder without guideline.yaml: it holds no guideline.")
    revision, _, path = spec.partition(":")
    root = _root(content, spec)
    within = path or content.resolve().relative_to(root).as_posix()
    packed = _archive(root, revision, within, spec)
    with (
        TemporaryDirectory(prefix="atopy-version-") as place,
        tarfile.open(fileobj=io.BytesIO(packed)) as archive,
    ):
        archive.extractall(place, filter="data")
        unpacked = Path(place) / within
        if not (unpacked / "guideline.yaml").is_file():
            raise InputError(f"{revision} holds no guideline in {within}.")
        yield unpacked


def _root(content: Path, spec: str) -> Path:
    """The repository that the content is kept in."""
    said = _git(content, "rev-parse", "--show-toplevel")
    if said is None or said.returncode:
        raise InputError(
            f"'{spec}' is no folder, and {content.name} is not kept in git, so it is no revision either. "
            "Name two folders."
        )
    return Path(said.stdout.decode().strip())


def _archive(root: Path, revision: str, within: str, spec: str) -> bytes:
    known = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if known is None or known.returncode:
        raise InputError(f"'{spec}' is neither a folder nor a revision of git.")
    commit = known.stdout.decode().strip()
    packed = _git(root, "archive", "--format=tar", commit, "--", within)
    if packed is None or packed.returncode:
        raise InputError(f"{revision} holds no folder {within}.")
    return packed.stdout


def since(day: str, content: Path) -> str:
    """The last revision of the content before *day* (an ISO date). Raises ValueError where there is none."""
    root = _root(content, day)
    within = content.resolve().relative_to(root).as_posix()
    revision = _said(root, "rev-list", "-1", f"--before={day}T00:00:00Z", "HEAD", "--", within).strip()
    if not revision:
        raise InputError(f"No version of {within} is older than {day}.")
    return revision


def previous(content: Path) -> str | None:
    """The last revision in which the content had another version number; None where this number is the first.

    Raises ValueError where there is no history to look into.
    """
    root = _root(content, "the version before")
    within = content.resolve().relative_to(root).as_posix()
    file = f"{within}/guideline.yaml"
    now = _version((content / "guideline.yaml").read_text(encoding="utf-8"))
    if _said(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        raise InputError("This clone holds a part of the history only. Fetch all of it, or name a version.")
    last = "HEAD"  # up to here the number was another, once a revision says so
    for revision in _said(root, "rev-list", "HEAD", "--", file).split():
        if _version(_said(root, "show", f"{revision}:{file}")) != now:
            return _said(root, "rev-list", "-1", last, "--", within).strip()
        last = f"{revision}^"
    return None


def _said(root: Path, *words: str) -> str:
    """What git says; nothing where it fails."""
    said = _git(root, *words)
    return said.stdout.decode("utf-8", "replace") if said is not None and not said.returncode else ""


def _version(written: str) -> str:
    """The version number of a guideline.yaml."""
    found = re.search(r"^version:\s*['\"]?([^'\"\s]+)", written, re.MULTILINE)
    return found[1] if found else ""


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes] | None:
    """What git says; None where there is no git."""
    try:
        return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
    except OSError:
        return None


class Side(msgspec.Struct, frozen=True):
    """One version, read and compiled without its lints: an old version need not be written as content is today."""

    content: Content
    compiled: Compiled
    unread: tuple[str, ...]  # files that cannot be read as content is written today


def side(folder: Path) -> Side:
    """The version in *folder*. Raises SourceError where so little can be read that nothing can be said."""
    content = load(folder)
    compiled, problems = compile_content_of(content, digest(folder))
    if compiled is None:
        raise SourceError(problems)
    return Side(content, compiled, tuple(dict.fromkeys(p.file for p in content.problems)))


__all__ = ["Side", "opened", "previous", "side", "since"]
