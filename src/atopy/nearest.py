"""What a mistyped word was perhaps meant to be."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], most: int = 3, like: float = 0.6) -> list[str]:
    """Up to *most* of the *known* words that are at least so *like* it (0 to 1), the likest first."""
    from difflib import get_close_matches  # only the mistaken pay for it

    return get_close_matches(word, sorted(known), n=most, cutoff=like)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", like: float = 0.6) -> str:
    """`` Did you mean a or b?``, to stand behind a sentence; *otherwise* where no known word is like it."""
    return meant(nearest(word, known, like=like)) or otherwise


def meant(words: Iterable[str]) -> str:
    """`` Did you mean a or b?`` of words that are found; of none, nothing."""
    listed = " or ".join(words)
    return f" Did you mean {listed}?" if listed else ""


__all__ = ["did_you_mean", "meant", "nearest"]
