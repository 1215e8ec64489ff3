"""Reads the content folder: every file to its Struct, every problem with file and line, all at once."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from atopy.facts.declare import Fact
from atopy.guideline.amounts import KINDS
from atopy.guideline.asking import Asking
from atopy.guideline.bibliography import Reference
from atopy.guideline.compiled import SourceInfo
from atopy.guideline.files import content_files
from atopy.guideline.rule_properties import FORMS
from atopy.guideline.schema import (
    Allergen,
    Disagreement,
    Factor,
    Guideline,
    Judgement,
    Mimic,
    Phrases,
    RedFlag,
    Therapy,
    Topic,
)
from atopy.guideline.trials import Evidence, Trial
from atopy.instruments import FOLDERS, Library
from atopy.record import Term
from atopy.yaml_source import Document, Problem, SourceError, convert, load_yaml_file

T = TypeVar("T")

FORMAT = 1


class Item(msgspec.Struct, frozen=True):
    """One value of the content with the document and path it was read from."""

    id: str
    value: Any
    document: Document
    path: tuple[str | int, ...] = ()

    def problem(self, part: str, message: str) -> Problem:
        """A problem in *part* of this item, at its line."""
        steps = tuple(
            int(s) if s.isdigit() else s for s in part.replace("[", ".").replace("]", "").split(".") if s
        )
        return self.document.problem((*self.path, *steps), message)

    def problem_in(self, path: tuple[str | int, ...], message: str) -> Problem:
        """A problem in the part of this item that *path* leads to, at its line."""
        return self.document.problem((*self.path, *path), message)

    def problem_at(self, text: str, message: str) -> Problem:
        """A problem with *text*, at the line where it is written."""
        return self.document.problem(path_of(self.document.data, text) or self.path, message)


def path_of(data: Any, text: str, path: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """Where *text* stands in plain data, for a message about it."""
    if data == text:
        return path
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(data, dict):
        pairs = data.items()
    elif isinstance(data, list):
        pairs = enumerate(data)
    for key, value in pairs:
        found = path_of(value, text, (*path, key))
        if found is not None:
            return found
    return None


class Content(msgspec.Struct):
    """Everything in a content folder, as written."""

    folder: str
    meta: Item
    phrases: Item
    facts: dict[str, Item]
    terms: dict[str, Item]
    therapies: dict[str, Item]
    factors: dict[str, Item]
    allergens: dict[str, Item]
    mimics: dict[str, Item]
    red_flags: dict[str, Item]
    topics: dict[str, Item]
    disagreements: dict[str, Item]
    amounts: dict[str, Item]
    judgements: dict[str, Item]
    properties: dict[str, Item]
    asking: dict[str, Item]  # by file: what is in ask/
    instruments: Library
    sources: dict[str, SourceInfo]
    references: dict[str, dict[str, Any]]
    evidence: Item | None
    trials: dict[str, Item]
    problems: list[Problem]


def load(folder: Path) -> Content:
    """Read *folder*. Raises SourceError only when there is no guideline in it; other problems are kept."""
    if not (folder / "guideline.yaml").is_file():
        mend = "A content folder holds guideline.yaml, facts/, decisions/, ladder/ ..."
        raise SourceError([Problem(str(folder), None, "", "holds no guideline.yaml.", mend)])
    reader = _Folder(folder)
    meta = reader.one("guideline.yaml", Guideline)
    phrases = reader.one("phrases.yaml", Phrases)
    if meta is None or phrases is None:
        raise SourceError(reader.problems)
    content = Content(
        str(folder),
        meta,
        phrases,
        reader.mapping(["facts", "decisions"], Fact),
        reader.listed("vocabulary", "terms", Term),
        reader.each("ladder", Therapy),
        reader.each("factors", Factor),
        reader.each("allergens", Allergen),
        reader.each("assessment/mimics", Mimic),
        reader.each("assessment/red_flags", RedFlag),
        reader.topics(),
        reader.each("disagreements", Disagreement),
        reader.amounts(),
        reader.each("courses", Judgement),
        reader.properties(),
        reader.asking(),
        reader.library(),
        reader.sources(),
        reader.references(),
        reader.maybe("evidence.yaml", Evidence),
        reader.each("trials", Trial),
        reader.problems,
    )
    reader.leave_nothing_unread()
    return content


class _Folder:
    """Reads files of one content folder, collecting problems."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.read: set[Path] = set()

    def document(self, path: Path) -> Document | None:
        self.read.add(path)
        try:
            return load_yaml_file(path, str(path.relative_to(self.folder)))
        except SourceError as error:
            self.problems += error.problems
            return None

    def documents(self, sub: str, deep: bool = False) -> Iterator[Document]:
        base = self.folder / sub
        for path in sorted(base.rglob("*.yaml") if deep else base.glob("*.yaml")):
            document = self.document(path)
            if document is not None:
                yield document

    def typed(
        self, document: Document, data: Any, kind: type[T], path: tuple[str | int, ...] = ()
    ) -> T | None:
        value, problems = convert(document, data, kind, path)
        self.problems += problems
        return value

    def one(self, name: str, kind: type[T]) -> Item | None:
        document = self.document(self.folder / name)
        value = self.typed(document, document.data, kind) if document else None
        return Item(name, value, document) if document and value is not None else None

    def maybe(self, name: str, kind: type[Any]) -> Item | None:
        """A file that a guideline may do without."""
        return self.one(name, kind) if (self.folder / name).is_file() else None

    def each(self, sub: str, kind: type[Any]) -> dict[str, Item]:
        """One object a file; the id inside must be the file's name."""
        found = (self.named(document, document.data, kind) for document in self.documents(sub))
        return self.collect(item for item in found if item is not None)

    def named(self, document: Document, data: Any, kind: type[Any]) -> Item | None:
        """The one object of a file, whose id is the file's name."""
        value = self.typed(document, data, kind)
        if value is None:
            return None
        stem = Path(document.file).stem
        if value.id != stem:
            self.problems.append(document.problem(("id",), f"'{value.id}' is not the file's name '{stem}'."))
        return Item(value.id, value, document)

    def amounts(self) -> dict[str, Item]:
        """Tables of amounts: ``kind`` says which of the shapes a file has."""
        items: list[Item] = []
        for document in self.documents("amounts"):
            data = dict(self.keyed(document))
            kind = KINDS.get(str(data.pop("kind", "")))
            if kind is None:
                mend = f"Write one of: {', '.join(KINDS)}."
                self.problems.append(document.problem(("kind",), "says no kind of table.", mend))
                continue
            item = self.named(document, data, kind)
            items += [item] if item is not None else []
        return self.collect(items)

    def properties(self) -> dict[str, Item]:
        """What is to be proved, by name; ``form`` says which of the general forms each has."""
        items: list[Item] = []
        for document in self.documents("properties"):
            for name, given in self.keyed(document).items():
                data = dict(given) if isinstance(given, dict) else {}
                form = FORMS.get(str(data.pop("form", "")))
                if form is None:
                    mend = f"Write 'form:' and one of: {', '.join(FORMS)}."
                    self.problems.append(document.problem((name,), "has no form that is known.", mend))
                    continue
                value = self.typed(document, data, form, (name,))
                items += [Item(name, value, document, (name,))] if value is not None else []
        return self.collect(items)

    def asking(self) -> dict[str, Item]:
        """The files on questions; what each holds stands together in the end."""
        found: list[Item] = []
        for document in self.documents("ask"):
            value = self.typed(document, document.data or {}, Asking)
            if value is not None:
                found.append(Item(document.file, value, document))
        return self.collect(found)

    def library(self) -> Library:
        """The instruments and what stands beside them (targets, conversions ...), one sub-folder each."""
        found: dict[str, tuple[Any, ...]] = {}
        for name, kind in FOLDERS.items():
            sub = "instruments" if name == "instruments" else f"instruments/{name}"
            found[name] = tuple(item.value for item in self.each(sub, kind).values())
        return Library(**found)

    def topics(self) -> dict[str, Item]:
        folders = [self.each(sub, Topic) for sub in ("assessment", "care", "review")]
        return self.collect(item for items in folders for item in items.values())

    def mapping(self, subs: list[str], kind: type[Any]) -> dict[str, Item]:
        items: list[Item] = []
        for sub in subs:
            for document in self.documents(sub):
                for name, data in self.keyed(document).items():
                    value = self.typed(document, data, kind, (name,))
                    if value is not None:
                        items.append(Item(name, value, document, (name,)))
        return self.collect(items)

    def keyed(self, document: Document) -> dict[str, Any]:
        """The mapping that a file must be; an empty file is an empty one."""
        if isinstance(document.data, dict) or document.data is None:
            return document.data or {}
        self.problems.append(document.problem((), "is no mapping.", "Write 'name: {...}' for each."))
        return {}

    def listed(self, sub: str, key: str, kind: type[Any]) -> dict[str, Item]:
        items: list[Item] = []
        for document in self.documents(sub):
            data = self.keyed(document)
            for other in [k for k in data if k != key]:
                self.problems.append(
                    document.problem((other,), f"'{other}' is not known here.", f"Write '{key}:'.")
                )
            entries = data.get(key) or []
            if not isinstance(entries, list):
                self.problems.append(document.problem((key,), "is no list.", "Begin each with '- id:'."))
                continue
            for i, entry in enumerate(entries):
                value = self.typed(document, entry, kind, (key, i))
                if value is not None:
                    items.append(Item(value.id, value, document, (key, i)))
        return self.collect(items)

    def collect(self, items: Iterable[Any]) -> dict[str, Item]:
        """By id; an id used twice is a problem, not an overwrite."""
        found: dict[str, Item] = {}
        for item in items:
            if item.id in found:
                first = found[item.id]
                self.problems.append(
                    item.problem("", f"'{item.id}' is already defined in {first.document.file}.")
                )
            found[item.id] = item
        return found

    def leave_nothing_unread(self) -> None:
        """A file in a folder of another name would be ignored in silence."""
        for path in content_files(self.folder):
            if path not in self.read and path.parent.name != "reviews":
                name = str(path.relative_to(self.folder))
                mend = "Its folder is not one of a guideline: facts, decisions, ladder, factors, courses, care ..."
                self.problems.append(Problem(name, None, "", "is read by nothing.", mend))

    def sources(self) -> dict[str, SourceInfo]:
        path = self.folder / "sources.yaml"
        document = self.document(path) if path.is_file() else None
        found: dict[str, SourceInfo] = {}
        for key, data in (self.keyed(document) if document else {}).items():
            given = {"id": key, **data} if isinstance(data, dict) else data
            value = self.typed(document, given, SourceInfo, (key,)) if document else None
            found[key] = value or SourceInfo(key)  # once said to be wrong, not said to be missing as well
        return found

    def references(self) -> dict[str, dict[str, Any]]:
        path = self.folder / "references.json"
        document = self.document(path) if path.is_file() else None
        entries = document.data if document else []
        found: dict[str, dict[str, Any]] = {}
        if document and not isinstance(entries, list):
            self.problems.append(document.problem((), "is no list of CSL-JSON items."))
            return found
        for i, entry in enumerate(entries):
            key = entry.get("id") if isinstance(entry, dict) else None
            if document and (key is None or key in found):
                message = "has no 'id'." if key is None else f"the reference '{key}' is given twice."
                self.problems.append(document.problem((i,), message))
            elif document and self.typed(document, entry, Reference, (i,)) is not None:
                found[str(key)] = entry
        return found
