"""Every predicate in plain English, for reviewers: generated from the tree, so words cannot drift from logic."""

from collections.abc import Callable

from atopy.criteria.nodes import And, AtLeast, Compare, Constant, Is, Missing, Node, Not, OneOf, Or, Ref

Words = Callable[[Ref], tuple[str, str | None]]
"""A term's own words and its unit."""

_OPS = {"=": "is", "<>": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}


_OPPOSITE: dict[str, str] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

_KNOWN = {True: "known to hold", False: "ruled out", None: "not known"}
_NOT_KNOWN = {True: "not known to hold", False: "not ruled out", None: "known either way"}


def plain_words(ref: Ref) -> tuple[str, str | None]:
    """A term without a vocabulary: its name, spaced."""
    base = ref.name.replace("_", " ")
    return (f"{base} ({', '.join(a.replace('_', ' ') for a in ref.args)})" if ref.args else base), None


def english(node: Node, words: Words = plain_words) -> str:
    """*node* as an English clause."""
    if isinstance(node, Ref):
        return words(node)[0]
    if isinstance(node, Constant):
        return "always" if node.truth else "never"
    if isinstance(node, Compare):
        return _comparison(node, words)
    if isinstance(node, OneOf):
        options = [v.replace("_", " ") for v in node.values]
        return f"{words(node.ref)[0]} is {_listed(options, 'or')}"
    if isinstance(node, Missing):
        return f"{words(node.ref)[0]} is not known"
    if isinstance(node, Is):
        return f"{_KNOWN[node.truth]}: {_bracket(node.part, words)}"
    if isinstance(node, Not) and isinstance(node.part, Is):
        return f"{_NOT_KNOWN[node.part.truth]}: {_bracket(node.part.part, words)}"
    if isinstance(node, Not):
        return _opposite(node.part, words)
    if isinstance(node, AtLeast):
        return f"at least {node.needed} of: {'; '.join(english(p, words) for p in node.parts)}"
    return _listed([_bracket(p, words) for p in node.parts], "and" if isinstance(node, And) else "or")


def _opposite(node: Node, words: Words) -> str:
    """What is not so, without a double negative."""
    if isinstance(node, Missing):
        return f"{words(node.ref)[0]} is known"
    if isinstance(node, Compare):
        return _comparison(node, words, _OPPOSITE[node.op])
    if isinstance(node, OneOf):
        options = [v.replace("_", " ") for v in node.values]
        return f"{words(node.ref)[0]} is not {_listed(options, 'or')}"
    if isinstance(node, Not):
        return english(node.part, words)
    return f"not: {_bracket(node, words)}"


def _comparison(node: Compare, words: Words, op: str | None = None) -> str:
    name, unit = words(node.left)
    how = _OPS[op or node.op]
    if isinstance(node.right, Ref):
        return f"{name} {how} {words(node.right)[0]}"
    shown = str(node.right.value).replace("_", " ")
    return f"{name} {how} {shown}{f' {unit}' if unit else ''}"


def _bracket(node: Node, words: Words) -> str:
    text = english(node, words)
    return f"({text})" if isinstance(node, And | Or | AtLeast) else text


def _listed(items: list[str], word: str) -> str:
    return f" {word} ".join(items)
