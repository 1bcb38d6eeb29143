"""Takes the cues out of captions (WebVTT, https://www.w3.org/TR/webvtt1/): when a text is shown, where, and what it
says.

Comments (NOTE), styles and what stands in the head are left out: they are not shown, and may say who made the file.
"""

import re

from imaging.refused import RecordingRefused

_STAMP = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMES = re.compile(rf"\s*({_STAMP})\s+-->\s+({_STAMP})((?:\s+[a-z]+:[\w.,%:-]+)*)\s*", re.ASCII)
_LONGEST_LINE = 2000  # characters
_HINT = "Export it as WebVTT (UTF-8) again, and upload that."


def cues_of(content: bytes) -> tuple[str, float]:
    """WebVTT with the cues alone, and the second at which the last one ends. Raises RecordingRefused, which names the
    line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordingRefused(f"byte {error.start:,} of these captions is no UTF-8", hint=_HINT) from error
    lines = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept, end = ["WEBVTT"], 0.0
    for begun, block in _blocks(lines):
        times_at = next((at for at, line in enumerate(block[:2]) if "-->" in line), None)
        if times_at is None:
            if begun == 0 or block[0].split(" ", 1)[0] in {"NOTE", "STYLE", "REGION"}:
                continue
            raise _refused(begun + 1, "no times stand above this text")
        times = _TIMES.fullmatch(block[times_at][:_LONGEST_LINE])
        if begun == 0 or times is None or len(block[times_at]) > _LONGEST_LINE:
            raise _refused(begun + times_at + 1, "this is no time such as 00:01.000 --> 00:04.000")
        if _seconds(times[2]) <= _seconds(times[1]):
            raise _refused(begun + times_at + 1, "this text ends before it begins")
        said = block[times_at + 1 :]
        for at, line in enumerate(said):
            if len(line) > _LONGEST_LINE or "-->" in line:
                raise _refused(begun + times_at + 2 + at, "this is no line of a text")
        end = max(end, _seconds(times[2]))
        kept.append("\n".join([f"{times[1]} --> {times[2]}{times[3]}", *said]))
    if len(kept) == 1:
        raise RecordingRefused("these captions have no text", hint=_HINT)
    return "\n\n".join(kept) + "\n", end


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Lines that follow each other without an empty one, with the number of the first."""
    found: list[tuple[int, list[str]]] = []
    is_new = True
    for number, line in enumerate(lines):
        if not line:
            is_new = True
        elif is_new:
            found.append((number, [line]))
            is_new = False
        else:
            found[-1][1].append(line)
    return found


def _seconds(stamp: str) -> float:
    *hours, minutes, seconds = stamp.split(":")
    return (int(hours[0]) * 60 if hours else 0) * 60 + int(minutes) * 60 + float(seconds)


def _refused(line: int, reason: str) -> RecordingRefused:
    return RecordingRefused(f"line {line:,} of these captions: {reason}", hint=_HINT)
