"""The paths of the files that readers get of what was uploaded."""

from __future__ import annotations

from content_api.reader_api.parameters import Vocabulary
from content_api.reader_api.routes import Route
from content_api.reader_api.surface import Surface

ROUTES = (
    Route("/media/{id}/{crop}/{file}", "imaging.serving.pictures.get_picture"),
    Route("/media/{id}/{file}", "imaging.serving.recordings.get_recording"),
)
SURFACE = Surface(ROUTES, Vocabulary({}))
