"""Tells where a sentence ends. A text with another end is a headline, a caption or a name, or goes on in the next
line.
"""

_CLOSING = "'\"”»’)]"
_ENDS = frozenset(".!?…")
_ENDS_OR_PAUSES = _ENDS | frozenset(":;")


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does. Quotation marks and brackets at the end do not count."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def ends_or_pauses(text: str) -> bool:
    """As `ends_sentence`, but a colon or semicolon counts too, since a new line may begin after it."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS_OR_PAUSES
