"""Where a sentence ends: what ends otherwise is a headline, a caption, a name, or goes on in the next line."""

_CLOSING = "'\"”»’)]"
_ENDS = frozenset(".!?…")
_ENDS_OR_PAUSES = _ENDS | frozenset(":;")


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, quotation marks and brackets after it left aside."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def ends_or_pauses(text: str) -> bool:
    """Likewise, or at a colon or semicolon, after which a new line may begin as well."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS_OR_PAUSES
