"""What is said of a file that no article can be made of."""


class FileRefused(Exception):
    """Why, where in the file, and what to do; nothing of what it names has been imported."""

    def __init__(self, reason: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(": ".join(part for part in (place, reason) if part) + (f". {hint}" if hint else ""))
        self.reason = reason
        self.place = place
        self.hint = hint
