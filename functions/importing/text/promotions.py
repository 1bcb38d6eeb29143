"""Finds places where something else interrupts a text: an invitation to a newsletter, or a box about another
article.
"""

from importing.text.units import Unit
from importing.words.furniture import folded, invites
from importing.words.sentences import ends_sentence

LONGEST_NAME = 100  # characters
_TWICE = 2


def starts_promotion(rest: list[Unit], at: int) -> int:
    """How many units from here are a promotion: its name, once or more, and the invitation. 0 if there is none."""
    end = at
    while end < len(rest) and could_be_name(rest[end]) and folded(rest[end].text) == folded(rest[at].text):
        end += 1
    if end < len(rest) and invites(rest[end].text):
        return end - at + 1
    return 0


def starts_box(rest: list[Unit], at: int) -> int:
    """How many units from here are a box about something else: its title as two paragraphs, and its text. The caption
    of a picture is printed twice too, but without a blank line between.
    """
    name = rest[at]
    end = at
    while end < len(rest) and folded(rest[end].text) == folded(name.text):
        end += 1
    if end - at < _TWICE or end == len(rest) or rest[at + 1].line - name.line < _TWICE or not could_be_name(name):
        return 0
    return end - at + 1


def could_be_name(unit: Unit) -> bool:
    return len(unit.text) <= LONGEST_NAME and not ends_sentence(unit.text) and not invites(unit.text)
