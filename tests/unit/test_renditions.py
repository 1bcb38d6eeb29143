"""Which files an uploaded picture has, and which of them serves where."""

from typing import Any

import pytest

from content_api.content import pictures
from content_api.content.article import Article
from content_api.content.cards import card
from content_api.content.document import compact_json, public_fields
from content_api.content.rendering import picture_html
from content_api.content.renditions import files_used
from content_api.names.media import rendition_named

HOST = "https://content.example.org"
BRIDGE = "5d" * 32


def uploaded(**members: Any) -> dict[str, Any]:
    """What the public JSON says of an uploaded picture of 2,000 × 1,000 pixels."""
    return _fields(members)["lead_image"]


def _fields(members: dict[str, Any]) -> dict[str, Any]:
    stated = {"media": BRIDGE, "alt": "A bridge", "width": 2000, "height": 1000, **members}
    words: dict[str, Any] = {"id": "a", "language": "en", "headline": "A", "body": [{"type": "paragraph", "html": "A"}]}
    return public_fields(Article.model_validate(words | {"lead_image": stated}), 1)


def test_each_format_width_and_crop_is_listed_with_its_size_and_none_is_enlarged() -> None:
    files = uploaded()["renditions"]
    assert len(files) == 3 * (5 + 5 + 3)  # the square is 1,000 pixels wide
    for each in files:
        media, _, name = each["url"].removeprefix("/media/").partition("/")
        named = rendition_named(name)
        assert media == BRIDGE
        assert named is not None
        assert (named.crop.shape, named.width) == (each["crop"], each["width"])
    sizes = {(each["crop"], each["width"]): each["height"] for each in files}
    assert (sizes["original", 320], sizes["16x9", 320], sizes["1x1", 640]) == (160, 180, 640)


def test_another_focal_point_is_another_address_and_the_whole_picture_keeps_its_own() -> None:
    names = files_used(_fields({"focal_point": {"x": 0.301, "y": 0.7}}))
    assert names == {BRIDGE: ["original/1600", "16x9-30-70/1600", "1x1-30-70/640"]}
    assert files_used(_fields({"focal_point": {"x": 0.5, "y": 0.5}})) == files_used(_fields({}))


def test_the_host_comes_into_addresses_and_into_no_text() -> None:
    said = 'He wrote "url":"/media/x" and {"url":"/media/y"}'
    text = compact_json(_fields({"caption": said})).decode()
    picture = pictures.own_addresses(text, HOST)
    assert f'"url":"{HOST}/media/{BRIDGE}/' in picture
    assert picture.count(HOST) == len(uploaded()["renditions"])
    assert compact_json(said).decode() in picture


def test_browsers_choose_a_format_and_programs_get_a_jpeg() -> None:
    html = picture_html(uploaded())
    assert html.index("image/avif") < html.index("image/webp") < html.index("<img")
    assert f'<img src="/media/{BRIDGE}/original/1600.jpg"' in html
    assert html.count("320w") == 3
    assert html.count(" sizes=") == 3
    assert "16x9" not in html


def test_a_file_of_unknown_width_is_named_without_one() -> None:
    files = [
        {"url": f"https://a.example/{name}", "media_type": f"image/{name}", "width": None, "height": None}
        for name in ("webp", "jpeg")
    ]
    html = picture_html({"alt": "A", "caption": None, "credit": None, "renditions": files})
    assert '<source type="image/webp" srcset="https://a.example/webp">' in html
    assert '<img src="https://a.example/jpeg" alt="A"' in html


def test_lists_get_small_files_and_a_square() -> None:
    shown = card(_fields({}))["lead_image"]
    assert {(each["crop"], each["width"]) for each in shown["renditions"]} == {
        ("original", 320), ("original", 640), ("1x1", 160),
    }  # fmt: skip
    assert set(shown) == {"alt", "caption", "credit", "placeholder", "renditions"}
    assert card(_fields({"width": 200, "height": 160}))["lead_image"]["renditions"]


def test_one_file_serves_each_purpose() -> None:
    picture = uploaded()
    feed = pictures.in_feeds(picture)
    small = pictures.thumbnail(picture, 640, 300)
    assert feed
    assert small
    assert (feed["media_type"], feed["width"]) == ("image/jpeg", 1080)
    assert (small["media_type"], small["width"]) == ("image/jpeg", 320)
    assert pictures.thumbnail(picture, 100, 100) is None
    assert [(each["crop"], each["width"]) for each in pictures.for_search_engines(picture)] == [
        ("original", 1600), ("16x9", 1600), ("1x1", 640),
    ]  # fmt: skip


def test_pictures_that_were_not_uploaded_keep_what_was_handed_in() -> None:
    files = [
        {"url": f"https://i.example/{width}", "media_type": "image/webp", "width": width, "height": None}
        for width in (900, 300)
    ]
    picture: dict[str, Any] = {"renditions": files, "alt": ""}
    assert pictures.in_feeds(picture) == files[0]
    assert pictures.plain_file(picture) == files[0]
    assert pictures.for_search_engines(picture) == files
    assert [each["width"] for each in pictures.in_lists(picture)] == [300, 900]
    assert pictures.plain_file({"renditions": []}) is None
    assert pictures.in_feeds({"renditions": []}) is None


@pytest.mark.parametrize(
    "members",
    [
        {"renditions": [{"url": "https://i.example/a", "media_type": "image/png"}]},
        {"decorative": True},
        {"media": None, "focal_point": {"x": 0, "y": 0}},
        {"focal_point": {"x": 1.01, "y": 0}},
        {"focal_point": {"x": 0.5}},
        {"media": "bridge.jpg"},
    ],
)
def test_what_does_not_agree_with_itself_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="lead_image"):
        _fields(members)
