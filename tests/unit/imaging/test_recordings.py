"""Recordings and captions are served without what tells of a person, and sound and look as they did. Files made to harm
whoever reads them are refused, within bounds of time and memory.
"""

import io
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.imaging.changed_files import Change, changed, changes
from tests.unit.imaging.sounds import SECRET, TYPES, opened, played, recorded

from content_api.names.media import RECORDED_FILES
from imaging import apart, bounds
from imaging.apart import make_recording_apart
from imaging.recordings.captions import cues_of
from imaging.recordings.making import Recording, make
from imaging.refused import RecordingRefused
from thoroughness import examples

_SECONDS = 10  # that none of these files may take, on a busy machine
_UNREAD = 150  # MB
_WATCHED = r"""
import re, sys, time
from imaging.recordings.__main__ import main
main(*sys.argv[1:])
print("", time.process_time(), re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1], sep="\n", end="")
"""


def box(name: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4) + name + content


def served(content: bytes, folder: Path) -> tuple[Recording, bytes]:
    (folder / "file").write_bytes(content)
    made = make(folder / "file", folder)
    return made, (folder / made.name).read_bytes()


def refused(content: bytes, folder: Path) -> str:
    with pytest.raises(RecordingRefused) as caught:
        served(content, folder)
    return str(caught.value)


@pytest.mark.parametrize("media_type", TYPES)
def test_what_is_served_plays_as_before_and_says_nothing_of_a_person(media_type: str, tmp_path: Path) -> None:
    content = recorded(media_type)
    made, clean = served(content, tmp_path)
    assert (made.media_type, made.name) == (media_type, RECORDED_FILES[media_type])
    assert (made.bytes, made.duration_seconds) == (len(clean), 1)
    assert made.bitrate == pytest.approx(len(clean) * 8, rel=0.1)
    assert (made.width, made.height) == ((160, 120) if media_type.startswith("video/") else (None, None))
    sound, pictures, said = played(content)
    assert "Anna" in said
    assert SECRET in content
    *same, left = played(clean)
    assert same == [sound, pictures]
    for word in ("Anna", "50.07"):
        assert word not in left
        assert word.encode() not in clean


def test_the_codecs_are_named(tmp_path: Path) -> None:
    found = {each: served(recorded(each), tmp_path)[0].codecs for each in TYPES}
    assert found == {
        "audio/mpeg": ("mp3",),
        "audio/mp4": ("aac",),
        "audio/ogg": ("opus",),
        "audio/webm": ("opus",),
        "video/mp4": ("h264", "aac"),
        "video/webm": ("vp8", "opus"),
    }


# ------------------------------------------------------------------------------------------------ each container


def test_tags_of_an_mp3_go_wherever_they_stand(tmp_path: Path) -> None:
    sound, _, _ = played(recorded("audio/mpeg"))
    frames = served(recorded("audio/mpeg"), tmp_path)[1]
    id3 = b"ID3\x04\0\0\0\0\x02\0" + (SECRET * 20 + b"\xff\xfb\x90\0" * 9)[:256].ljust(256, b"\0")
    ape = (
        b"APETAGEX"
        + (2000).to_bytes(4, "little")
        + (300).to_bytes(4, "little")
        + bytes(16)
        + SECRET.ljust(300, b"\xff")
    )
    id3v1 = b"TAG" + SECRET.ljust(125, b"\0")
    tagged = id3 + id3 + frames[:4224] + id3 + frames[4224:] + b"LYRICSBEGIN" + SECRET + b"LYRICS200" + ape + id3v1
    made, clean = served(tagged, tmp_path)
    assert clean == frames
    assert made.duration_seconds == 1
    assert played(clean)[0] == sound


def test_what_a_camera_writes_into_an_mp4_beside_pictures_and_sound_goes(tmp_path: Path) -> None:
    """A track with the camera's places (as phones and action cameras write), boxes of its maker, times, bytes that
    belong to nothing.
    """
    film = recorded("video/mp4")
    _, pictures, _ = played(film)
    at = film.index(b"soun")
    places = film[:at] + b"meta" + film[at + 4 :]  # the second track is of places now
    with opened(io.BytesIO(film)) as file:
        secrets = [bytes(packet) for packet in file.demux(audio=0) if packet.size > 32]
    assert all(each in places for each in secrets)
    told = places + box(b"uuid", bytes(16) + SECRET) + box(b"free", SECRET) + box(b"mdat", SECRET)
    made, clean = served(told, tmp_path)
    assert len(clean) == len(told)  # nothing moves
    assert made.codecs == ("h264",)
    assert SECRET not in clean
    assert not any(each in clean for each in secrets)
    assert played(clean)[:2] == ([], pictures)
    at = clean.index(b"mvhd")
    assert clean[at + 8 : at + 16] == bytes(8)  # when it was recorded


def test_an_mp4_in_fragments_is_read_and_one_with_a_track_of_places_is_refused(tmp_path: Path) -> None:
    film = recorded("video/mp4", option=("movflags", "frag_keyframe+empty_moov"))
    assert b"moof" in film
    sound, pictures, _ = played(film)
    _, clean = served(film, tmp_path)
    assert played(clean)[:2] == (sound, pictures)
    at = film.index(b"soun")
    assert "one of its tracks is no picture" in refused(film[:at] + b"meta" + film[at + 4 :], tmp_path)


def test_comments_of_an_ogg_over_many_pages_go(tmp_path: Path) -> None:
    for codec in ("libopus", "vorbis"):
        content = recorded("audio/ogg", sound=codec, cover="A" * 200_000 + SECRET.decode())
        _, clean = served(content, tmp_path)
        assert len(clean) == len(content)
        assert SECRET not in clean
        assert b"AAAA" not in clean
        assert played(clean)[0] == played(content)[0]


def test_a_webm_that_was_written_live_is_cleaned(tmp_path: Path) -> None:
    """A browser's recorder states no lengths."""
    content = recorded("video/webm", option=("live", "1"))
    tag = b"\x12\x54\xc3\x67" + (0x4000 | len(SECRET)).to_bytes(2) + SECRET
    attachment = b"\x19\x41\xa4\x69" + (0x4000 | 300).to_bytes(2) + SECRET.ljust(300, b"\xff")
    _, clean = served(content + tag + attachment, tmp_path)
    assert SECRET not in clean
    assert played(clean)[:2] == played(content)[:2]


# ------------------------------------------------------------------------------------------------ what is refused


def encrypted() -> bytes:
    return recorded("audio/mp4").replace(b"mp4a", b"enca")


def elsewhere() -> bytes:
    content = recorded("audio/mp4")
    at = content.index(b"url ") + 4
    return content[:at] + bytes(4) + content[at + 4 :]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "WAV": (lambda: recorded("audio/mpeg", container="wav", sound="pcm_s16le"), "WAV"),
    "FLAC": (lambda: recorded("audio/mpeg", container="flac", sound="flac"), "FLAC"),
    "ADTS": (lambda: recorded("audio/mp4", container="adts"), "ADTS"),
    "AVI": (lambda: recorded("video/mp4", container="avi", sound="libmp3lame"), "AVI"),
    "QuickTime": (lambda: recorded("video/mp4", container="mov"), "QuickTime"),
    "Matroska": (lambda: recorded("video/webm", container="matroska"), "Matroska"),
    "MPEG-4 Visual": (lambda: recorded("video/mp4", film="mpeg4"), "MPEG-4 Visual"),
    "FLAC in Ogg": (lambda: recorded("audio/ogg", sound="flac"), "other than Opus or Vorbis"),
    "encrypted": (encrypted, "encrypted"),
    "samples elsewhere": (elsewhere, "another file"),
    "ID3 alone": (lambda: b"ID3\x04\0\0\0\0\0\x0a" + bytes(10), "no sound follows"),
    "a page behind a recording's head": (lambda: b"\xff\xfb\x90\0<html><script>" + b"x" * 5000, "no sound follows"),
    "a zip behind an MP4": (lambda: recorded("audio/mp4") + b"PK\x03\x04" + bytes(100), "damaged"),
    "an EBML head alone": (lambda: recorded("video/webm")[:48], "damaged"),
    "an Ogg page alone": (lambda: recorded("audio/ogg")[:47], "ends before its sound"),
    "captions in Latin-1": (lambda: "WEBVTT\n\n00:01.000 --> 00:02.000\né".encode("latin-1"), "no UTF-8"),
    "captions without text": (lambda: b"WEBVTT\n\nNOTE nothing\n", "no text"),
    "captions in another form": (lambda: b"WEBVTT\n\n1\n00:00:01,000 --> 00:00:02,000\nHello\n", "line 4"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_played_is_refused_with_the_reason(what: str, tmp_path: Path) -> None:
    make_it, reason = REFUSED[what]
    said = refused(make_it(), tmp_path)
    assert reason in said
    assert "upload that" in said or "upload the parts" in said


@pytest.mark.parametrize("media_type", [each for each in TYPES if each != "audio/mpeg"])
def test_a_recording_that_was_cut_off_is_refused(media_type: str, tmp_path: Path) -> None:
    content = recorded(media_type)
    for part in (0.2, 0.6, 0.99):
        refused(content[: int(len(content) * part)], tmp_path)


def table(name: bytes, *numbers: int) -> bytes:
    return box(name, bytes(4) + b"".join(each.to_bytes(4) for each in numbers))


def film_of(*tables: bytes, mdat: int = 64) -> bytes:
    """An MP4 with one track of sound and these tables."""
    handler = box(b"hdlr", bytes(8) + b"soun" + bytes(13))
    trak = box(b"trak", box(b"mdia", handler + box(b"minf", box(b"stbl", b"".join(tables)))))
    return box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", trak) + box(b"mdat", bytes(mdat))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "an MP3 that is noise": lambda: b"\xff\xfb\x90\0" + b"\xff" * 5_000_000,
    "an MP4 of a million boxes": lambda: box(b"ftyp", b"isom\0\0\0\0") + box(b"free") * 1_000_000,
    "an MP4 of boxes within boxes": lambda: box(b"ftyp", b"isom\0\0\0\0") + (b"\0\1\0\0trak" * 500_000),
    "an MP4 that claims four billion samples": lambda: film_of(
        table(b"stsc", 1, 1, 2**31, 1), table(b"stsz", 1, 2**32 - 1), table(b"stco", 1, 0)
    ),
    "an MP4 that claims four billion chunks": lambda: film_of(
        table(b"stsc", 1, 1, 1, 1), table(b"stsz", 1, 2**32 - 1), table(b"stco", 2**32 - 1)
    ),
    "an MP4 whose samples are its own tables, a million times": lambda: film_of(
        table(b"stsc", 1, 1, 1000, 1), table(b"stsz", 1000, 2**32 - 1), table(b"stco", 1_000_000, *[40] * 1_000_000)
    ),
    "an Ogg of 300,000 empty pages": lambda: recorded("audio/ogg")[:47]
    + (b"OggS" + bytes(10) + recorded("audio/ogg")[14:18] + bytes(9)) * 300_000,
    "an Ogg whose comments never end": lambda: recorded("audio/ogg")[:47]
    + (b"OggS\0" + bytes(9) + recorded("audio/ogg")[14:18] + bytes(8) + b"\xff" + b"\xff" * 255 + bytes(65_025)) * 400,
    "a WebM of two million elements": lambda: recorded("video/webm", option=("live", "1")) + b"\xa7\x80" * 2_000_000,
    "a WebM whose track is a million elements": lambda: recorded("video/webm")[:48]
    + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\x16\x54\xae\x6b\x08\0\0\0"[:16] + b"\xec\x80" * 1_000_000,
    "captions of 2 MB in one line": lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000 " + b"a:b " * 450_000,
}  # fmt: skip
_COSTLY = ("an MP3 that is noise", "a WebM of two million elements", "an Ogg whose comments never end")


@pytest.mark.parametrize(
    "file", [pytest.param(each, marks=pytest.mark.thorough) if each in _COSTLY else each for each in HOSTILE]
)
def test_a_hostile_recording_is_refused_within_bounds(file: str, tmp_path: Path) -> None:
    content = HOSTILE[file]()
    (tmp_path / "file").write_bytes(content)
    command = [sys.executable, "-c", _WATCHED, str(tmp_path / "file"), str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    said, seconds, kilobytes = ended.stdout.rsplit("\n", 2)
    assert said.startswith('{"refused": {"reason": "'), said
    assert float(seconds) < _SECONDS
    # Pages of the file that were read count too.
    assert int(kilobytes) / 1024 < _UNREAD + len(content) / 1e6


def test_a_process_that_takes_too_much_is_ended_and_the_recording_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(recorded("audio/mpeg"))
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(RecordingRefused, match="took more than"):
        make_recording_apart(tmp_path / "file", tmp_path)


def test_the_process_that_reads_a_recording_bounds_itself_and_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(recorded("audio/mpeg"))
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os, resource\n"
        f"atexit.register(lambda: open({str(tmp_path / 'seen')!r}, 'w').write("
        "f'{sorted(os.environ)} {resource.getrlimit(resource.RLIMIT_AS)[0]}'))\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(tmp_path), *sys.path])
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        said = make_recording_apart(tmp_path / "file", tmp_path)
    assert (said["name"], said["codecs"]) == ("recording.mp3", ["mp3"])
    seen = (tmp_path / "seen").read_text()
    assert "AWS" not in seen
    assert seen.endswith(f" {bounds.MEMORY}")


@pytest.mark.sampled
@pytest.mark.parametrize("media_type", TYPES)
def test_a_changed_recording_is_read_or_refused_and_never_anything_else(media_type: str, tmp_path: Path) -> None:
    """A fuzzer over each reader: valid files with bytes changed, taken out, repeated and put elsewhere."""
    valid = recorded(media_type, 0.3)
    places = (
        st.integers(0, len(valid) - 1) | st.integers(0, 900) | st.integers(max(0, len(valid) - 900), len(valid) - 1)
    )

    @settings(max_examples=examples(10, 150))
    @given(changes(places))
    def try_one(how: list[Change]) -> None:
        content = changed(valid, how)
        if media_type == "audio/mpeg":
            content[:3] = b"ID3"
        else:
            content[:12] = valid[:12]
        began = time.process_time()
        with suppress(RecordingRefused):
            served(bytes(content), tmp_path)
        assert time.process_time() - began < _SECONDS

    try_one()


# ------------------------------------------------------------------------------------------------ captions

CAPTIONS = """WEBVTT - by Anna
Kind: captions

STYLE
::cue { background: url(https://tracker.example/) }

NOTE
recorded at Anna's flat

1
00:01.000 --> 00:04.000 line:80% align:start
<v Olena>Good evening.
This is the news.

01:00:05.500 --> 01:00:07.000
Добрий вечір.
"""


def test_captions_keep_their_cues_and_nothing_else(tmp_path: Path) -> None:
    made, clean = served(CAPTIONS.replace("\n", "\r\n").encode("utf-8-sig"), tmp_path)
    assert (made.name, made.media_type, made.duration_seconds, made.bytes) == (
        "captions.vtt", "text/vtt", 3607, len(clean),
    )  # fmt: skip
    assert clean.decode() == (
        "WEBVTT\n\n00:01.000 --> 00:04.000 line:80% align:start\n<v Olena>Good evening.\nThis is the news.\n\n"
        "01:00:05.500 --> 01:00:07.000\nДобрий вечір.\n"
    )
    with opened(io.BytesIO(clean), format="webvtt") as file:  # FFmpeg reads the same
        assert [(packet.pts, packet.duration) for packet in file.demux() if packet.size] == [
            (1000, 3000),
            (3605500, 1500),
        ]
    assert cues_of(clean) == (clean.decode(), 3607.0)
