"""Where the content comes from: the compiled file of an installed package, or a folder of YAML.

A folder is compiled once and kept in the user's cache under the hash of its bytes.
"""

import os
from functools import cache
from pathlib import Path

import msgspec

from atopy.guideline.compiled import Compiled
from atopy.guideline.files import content_paths

DISEASE = "atopic-dermatitis"
_PACKAGE = Path(__file__).resolve().parent.parent
_REPOSITORY = _PACKAGE.parent.parent


def content_folder() -> Path:
    """The shipped content: beside the code in a checkout, inside the package when installed."""
    in_checkout = _REPOSITORY / "content" / DISEASE
    return in_checkout if in_checkout.is_dir() else _PACKAGE / "_content" / DISEASE


@cache
def load_guideline(folder: Path | str | None = None) -> Compiled:
    """The guideline in *folder*, or the shipped one. Raises SourceError with every problem of the content."""
    if isinstance(folder, str):
        return load_guideline(Path(folder))
    shipped = _PACKAGE / "_content" / DISEASE / "compiled.msgpack"
    if folder is None and not (_REPOSITORY / "content" / DISEASE).is_dir() and shipped.is_file():
        return _decode(shipped.read_bytes())
    return _compiled_once(folder or content_folder())


def _decode(data: bytes) -> Compiled:
    return msgspec.msgpack.decode(data, type=Compiled)


def _compiled_once(folder: Path) -> Compiled:
    cache_folder = _cache_folder()
    kept = cache_folder / f"{_stamp(content_paths(folder))}.msgpack" if cache_folder else None
    if kept and kept.is_file():
        try:
            return _decode(kept.read_bytes())
        except (OSError, msgspec.MsgspecError):
            kept.unlink(missing_ok=True)  # half written, or by an older engine: make it anew
    from atopy.guideline.compile import compile_folder  # parser and lints: for content that has changed

    compiled = compile_folder(folder)
    if kept:
        _keep(kept, msgspec.msgpack.encode(compiled))
    return compiled


def _keep(path: Path, data: bytes) -> None:
    """Write through a temporary file, so that two processes never read half of one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        return  # a read-only home only costs time


def _stamp(files: list[str]) -> str:
    """Names, sizes and times of the content files and of the code that compiles them, hashed."""
    import hashlib

    parts = [_PACKAGE / d for d in ("criteria", "facts", "guideline", "record", "instruments")]
    code = [str(part / name) for part in parts for name in os.listdir(part) if name.endswith(".py")]
    seen = hashlib.sha256()
    for path in [*files, *sorted(code)]:
        stat = os.stat(path)
        seen.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:32]


def _cache_folder() -> Path | None:
    """Where compiled content is kept; None for somebody without a home."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    except RuntimeError:
        return None
    return Path(base) / "atopy"
