"""What JSON-LD says of recordings and of the publisher's logo."""

import json
from collections.abc import Callable

from content_api.content.article import Article
from content_api.content.document import public_fields
from reading.structured_data import news_article

FILE = {"url": "https://media.example.org/a.mp4", "media_type": "video/mp4", "width": 1280, "height": 720}
PICTURE = {"renditions": [{"url": "https://media.example.org/a.webp", "media_type": "image/webp"}]}


def test_recordings_have_what_search_engines_ask_for(an_article: Callable[..., Article]) -> None:
    article = an_article(
        headline="Of Trains",
        standfirst="They run.",
        lead_image=PICTURE,
        body=[
            {"type": "video", "duration_seconds": 75, "renditions": [FILE]},
            {"type": "audio", "title": "Listen", "renditions": [{**FILE, "media_type": "audio/mpeg"}]},
        ],
    )
    fields = json.loads(json.dumps(public_fields(article, 1))) | {"translations": []}
    shown = json.loads(f"{{{news_article(fields, publisher='P', logo='', usage=[])}}}")
    (video,), (audio,) = shown["video"], shown["audio"]
    assert video == {
        "@type": "VideoObject",
        "name": "Of Trains",
        "description": "They run.",
        "contentUrl": "https://media.example.org/a.mp4",
        "encodingFormat": "video/mp4",
        "width": 1280,
        "height": 720,
        "duration": "PT75S",
        "thumbnailUrl": ["https://media.example.org/a.webp"],
        "uploadDate": "2025-11-20T08:00:00Z",
        "inLanguage": "en",
    }
    assert (audio["@type"], audio["name"], "duration" in audio) == ("AudioObject", "Listen", False)
    assert "logo" not in shown["publisher"]
