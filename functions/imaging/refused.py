"""Why a file cannot be accepted."""

_HINT = "Open it in a program for pictures, save it as a JPEG, and upload that."


class UploadRefused(Exception):
    """Says why, and what to do."""

    def __init__(self, reason: str, *, hint: str) -> None:
        super().__init__(f"{reason}. {hint}")
        self.reason = reason
        self.hint = hint


class PictureRefused(UploadRefused):
    def __init__(self, reason: str, *, hint: str = _HINT) -> None:
        super().__init__(reason, hint=hint)


class RecordingRefused(UploadRefused):
    """A recording or captions."""
