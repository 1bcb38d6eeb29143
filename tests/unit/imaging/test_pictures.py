"""What becomes of a picture: what it is taken for, what is made of it, and what is left out of all that readers get."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import blurhash  # pyright: ignore[reportMissingTypeStubs] - it has no types
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from tests.unit.imaging.files import FILES, KINDS, SECRET, as_file, drawn, exif_of

from content_api.content.crops import Size, box, height_at, widths
from content_api.names.media import (
    MEDIA_TYPES,
    SHAPES,
    UPLOADED_TYPES,
    WIDTHS,
    Crop,
    Rendition,
    crop_named,
    rendition_named,
)
from imaging.kinds import Kind, kind_of
from imaging.making import make
from imaging.refused import PictureRefused
from thoroughness import examples

# What metadata begin with, wherever they stand: EXIF, XMP, IPTC in Photoshop's block, colour profiles, GPS as text.
TELLTALES = (
    b"Exif",
    b"EXIF",
    b"http://ns.adobe.com/xap",
    b"xmpmeta",
    b"Photoshop 3.0",
    b"8BIM",
    b"ICC_PROFILE",
    b"acsp",
)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + SECRET + b"</rdf:RDF></x:xmpmeta>"


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., dict[str, Image.Image]]:
    """The renditions that are made of a file, by name, as Pillow reads them."""

    def renditions(content: bytes, *wanted: str) -> dict[str, Image.Image]:
        (tmp_path / "file").write_bytes(content)
        asked = [each for name in wanted if (each := rendition_named(name))]
        made = make(tmp_path / "file", tmp_path, asked)
        found: dict[str, Image.Image] = {}
        for each in made.files:
            image = Image.open(tmp_path / each.name)
            image.load()
            assert (image.width, image.height) == (each.width, each.height)
            assert (tmp_path / each.name).stat().st_size == each.bytes
            found[each.name] = image
        return found

    return renditions


# ------------------------------------------------------------------------------------------------ What a file is


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_avif_webp_and_jpeg(kind: Kind, taken: Callable[..., dict[str, Image.Image]]) -> None:
    assert kind_of(FILES[kind]) == kind
    made = taken(FILES[kind])
    assert {name: image.format for name, image in made.items()} == {
        "original/320.avif": "AVIF",
        "original/320.webp": "WEBP",
        "original/320.jpg": "JPEG",
    }
    for image in made.values():
        assert image.convert("RGB").getpixel((300, 20)) == pytest.approx((200, 40, 40), abs=12)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<!-- a comment --><svg:svg >", "SVG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "film"),
        (b"\x00\x00\x00\x18ftypavis\x00\x00\x00\x00avisavif", "moves"),
        (b"%PDF-1.7", "PDF"),
        (b"BM" + bytes(60), "BMP"),
        (b"", "empty"),
        (b"hello", "no picture"),
        (b"RIFF\x00\x00\x00\x00WAVE", "no picture"),
    ],
)
def test_what_is_no_picture_is_refused_and_named(content: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused, match=reason) as refused:
        kind_of(content)
    assert refused.value.hint


def _with_zip(content: bytes) -> bytes:
    archive = io.BytesIO(content)
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("run.js", "alert(1)")
    return archive.getvalue()


POLYGLOTS: dict[str, Callable[[bytes], bytes]] = {
    "a zip archive behind it": _with_zip,
    "a page behind it": lambda content: content + b"<HTML><body>",
    "a script behind it": lambda content: content + b"\n<script>alert(1)</script>",
    "PHP in its middle": lambda content: content[:100] + b"<?php system($_GET[0]); ?>" + content[100:],
    "a PDF in its head": lambda content: content[:60] + b"%PDF-1.4" + content[60:],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", POLYGLOTS)
def test_a_picture_that_is_something_else_as_well_is_refused(kind: Kind, other: str) -> None:
    with pytest.raises(PictureRefused, match="at once"):
        kind_of(POLYGLOTS[other](FILES[kind]))


def test_each_kind_that_is_read_is_taken_in() -> None:
    assert {*KINDS} == UPLOADED_TYPES.keys()


# ------------------------------------------------------------------------------------------------ What is left out


def _with_everything(kind: Kind) -> bytes:
    """With each kind of metadata that the format takes, and Pillow writes; IPTC in Photoshop's block by hand."""
    profile = _profile()
    match kind:
        case "jpeg":
            content = as_file(kind, exif=exif_of(), xmp=XMP, icc_profile=profile, comment=SECRET)
            iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(SECRET) + 5) + b"\x1c\x02\x50"
            iptc += struct.pack(">H", len(SECRET)) + SECRET + b"\x00"
            return content[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + content[2:]
        case "png":
            text = PngImagePlugin.PngInfo()
            text.add_text("Author", SECRET.decode())
            text.add_itxt("XML:com.adobe.xmp", XMP.decode())
            return as_file(kind, exif=exif_of(), pnginfo=text, icc_profile=profile)
        case "gif":
            return as_file(kind, comment=SECRET)
        case "tiff":
            return as_file(kind, exif=exif_of(), icc_profile=profile, description=SECRET.decode())
        case _:
            return as_file(kind, exif=exif_of(), xmp=XMP, icc_profile=profile)


def _profile() -> bytes:
    """Of Display P3, as libvips has it."""
    image = pyvips.Image.black(1, 1, bands=3).copy(interpretation="srgb").icc_transform("p3", input_profile="srgb")
    profile = image.get("icc-profile-data")
    assert isinstance(profile, bytes)
    return profile


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_picture_states_beside_its_pixels_is_served(
    kind: Kind, tmp_path: Path, taken: Callable[..., dict[str, Image.Image]]
) -> None:
    content = _with_everything(kind)
    assert SECRET in content
    for name, image in taken(content).items():
        served = (tmp_path / name).read_bytes()
        assert not [each for each in (*TELLTALES, SECRET) if each in served], name
        assert not dict(image.getexif()), name
        assert not {*image.info} & {"exif", "xmp", "icc_profile", "photoshop", "comment", "XML:com.adobe.xmp"}, name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(orientation: int, taken: Callable[..., dict[str, Image.Image]]) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = drawn().transpose(undo[orientation]) if orientation in undo else drawn()
    image = taken(as_file("jpeg", stored, exif=exif_of(orientation)), "original/320.jpg")["original/320.jpg"]
    assert image.size == (320, 240)
    assert image.getpixel((20, 20)) == pytest.approx((40, 200, 40), abs=12)
    assert image.getpixel((300, 20)) == pytest.approx((200, 40, 40), abs=12)


def test_colours_of_another_space_become_srgb(taken: Callable[..., dict[str, Image.Image]]) -> None:
    plain = pyvips.Image.black(400, 300, bands=3).linear([1, 1, 1], [200, 50, 50]).cast("uchar")
    other = plain.copy(interpretation="srgb").icc_transform("p3", input_profile="srgb")
    assert other.getpoint(5, 5) != [200, 50, 50]
    made = taken(bytes(other.pngsave_buffer()), "original/320.jpg", "original/320.webp", "original/320.avif")
    for image in made.values():
        assert image.convert("RGB").getpixel((50, 50)) == pytest.approx((200, 50, 50), abs=8)


def test_printers_colours_grey_and_sixteen_bits_become_srgb(taken: Callable[..., dict[str, Image.Image]]) -> None:
    cmyk = taken(as_file("jpeg", drawn().convert("CMYK")), "original/320.jpg")["original/320.jpg"]
    assert cmyk.mode == "RGB"
    assert cmyk.getpixel((300, 20)) == pytest.approx((200, 40, 40), abs=60)  # inks have no such red
    grey = taken(as_file("png", drawn().convert("I;16")), "original/320.avif", "original/320.jpg")
    assert {image.mode for image in grey.values()} <= {"RGB", "L"}


def test_what_is_transparent_stays_so_but_in_jpeg_where_it_is_white(
    taken: Callable[..., dict[str, Image.Image]],
) -> None:
    made = taken(as_file("png", Image.new("RGBA", (400, 300), (0, 0, 0, 0))))
    assert made["original/320.webp"].convert("RGBA").getpixel((9, 9))[3] == 0  # pyright: ignore[reportIndexIssue, reportOptionalSubscript] - of four bands
    assert made["original/320.avif"].convert("RGBA").getpixel((9, 9))[3] == 0  # pyright: ignore[reportIndexIssue, reportOptionalSubscript] - as above
    assert made["original/320.jpg"].getpixel((9, 9)) == pytest.approx((255, 255, 255), abs=2)


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_of_a_picture_that_moves_the_first_is_shown(kind: Kind, taken: Callable[..., dict[str, Image.Image]]) -> None:
    more = [Image.new("RGB", (400, 300), "white") for _ in range(2)]
    content = as_file(kind, save_all=True, append_images=more)
    for image in taken(content).values():
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").getpixel((300, 20)) == pytest.approx((200, 40, 40), abs=12)


def test_a_placeholder_tells_the_colours(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(FILES["png"])
    shown = make(tmp_path / "file", tmp_path).placeholder
    assert len(shown) == 28
    decoded: Any = blurhash
    pixels = decoded.decode(shown, 4, 4)
    assert pixels[0][3][0] > pixels[0][3][2]  # red above
    assert pixels[3][3][2] > pixels[3][3][0]  # blue below


# ------------------------------------------------------------------------------------------------ Crops and names

_sizes = st.builds(Size, st.integers(1, 30_000), st.integers(1, 30_000))
_crops = st.builds(Crop, st.sampled_from(sorted(SHAPES)), st.integers(0, 100), st.integers(0, 100))


@given(_sizes, _crops)
def test_a_crop_lies_in_the_picture_has_its_shape_and_keeps_its_point_in_sight(whole: Size, crop: Crop) -> None:
    part = box(whole, crop)
    assert 0 <= part.left <= part.left + part.width <= whole.width
    assert 0 <= part.top <= part.top + part.height <= whole.height
    assert part.width == whole.width or part.height == whole.height
    across, down = SHAPES[crop.shape] or (whole.width, whole.height)
    assert abs(part.width * down - part.height * across) <= max(across, down)
    assert part.left - 1 <= whole.width * crop.x / 100 <= part.left + part.width + 1
    assert part.top - 1 <= whole.height * crop.y / 100 <= part.top + part.height + 1
    assert all(width <= part.width for width in widths(whole, crop))


@given(_crops, st.sampled_from(WIDTHS), st.sampled_from(sorted(MEDIA_TYPES)))
def test_a_name_says_what_it_was_made_of_and_each_file_has_one(crop: Crop, width: int, kind: str) -> None:
    read = rendition_named(Rendition(crop, width, kind).name)
    assert read is not None
    assert (read.width, read.format, read.name) == (width, kind, Rendition(crop, width, kind).name)
    assert crop.shape == "original" or read.crop == crop


@pytest.mark.parametrize(
    "name",
    [
        "16x9-50-50/320.jpg", "16x9-05-50/320.jpg", "16x9-101-5/320.jpg", "original-10-10/320.jpg",
        "original/0320.jpg", "original/320.png", "original/320", "original/320.jpg.jpg", "original/320.JPG",
        "../320.jpg", "original/320.jpg/", "/original/320.jpg", "original//320.jpg", "16x9-10/320.jpg",
        "16x9-١-1/320.jpg", "original/321.jpg", "4x3/320.jpg", "",
    ],
)  # fmt: skip
def test_what_is_no_name_names_nothing(name: str) -> None:
    assert rendition_named(name) is None


@pytest.mark.sampled
@settings(max_examples=examples(8, 25))
@given(st.integers(160, 700), st.integers(1, 700), _crops)
def test_each_width_that_a_crop_has_is_made_at_its_size(tmp_path: Path, width: int, height: int, crop: Crop) -> None:
    crop = crop_named(crop.name) or crop
    whole = Size(width, height)
    wanted = [Rendition(crop, each, "jpg") for each in widths(whole, crop)[:2]]
    if not wanted:
        return
    (tmp_path / "file").write_bytes(as_file("jpeg", drawn(width, height)))
    for file in make(tmp_path / "file", tmp_path, wanted).files:
        with Image.open(tmp_path / file.name) as image:
            assert image.size == (file.width, height_at(whole, crop, file.width))


def test_a_crop_shows_what_lies_around_its_point(taken: Callable[..., dict[str, Image.Image]]) -> None:
    content = as_file("jpeg", drawn(400, 800))
    made = taken(content, "1x1-50-0/320.jpg", "1x1-50-100/320.jpg")
    assert made["1x1-50-0/320.jpg"].getpixel((20, 20)) == pytest.approx((40, 200, 40), abs=12)
    assert made["1x1-50-100/320.jpg"].getpixel((20, 300)) == pytest.approx((40, 40, 200), abs=12)


def test_no_rendition_is_larger_than_what_it_shows(taken: Callable[..., dict[str, Image.Image]]) -> None:
    assert {*taken(FILES["png"])} == {f"original/320.{kind}" for kind in MEDIA_TYPES}
    assert {*taken(as_file("png", drawn(200, 100)))} == {f"original/160.{kind}" for kind in MEDIA_TYPES}
    with pytest.raises(PictureRefused, match="narrower than 640"):
        taken(FILES["png"], "original/640.jpg")
    with pytest.raises(PictureRefused, match="narrowest that is shown has 160"):
        taken(as_file("png", drawn(159, 900)))
