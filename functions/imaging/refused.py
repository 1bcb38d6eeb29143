"""What is said of a file that no picture can be made of."""

_HINT = "Open it in a program for pictures, save it as a JPEG, and upload that."


class PictureRefused(Exception):
    """Why, and what to do."""

    def __init__(self, reason: str, *, hint: str = _HINT) -> None:
        super().__init__(f"{reason}. {hint}")
        self.reason = reason
        self.hint = hint
