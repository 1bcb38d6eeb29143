"""What one function answers in all: its routes, its parameters, and the paths that another function answers."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.reader_api.parameters import Vocabulary
    from content_api.reader_api.routes import Route


class Surface:
    """All that one function answers. `others` are the paths that another function answers: the function behind
    `$default` needs them to tell a wrong method (405) from a wrong path (404). `folders` are paths with a slash at the
    end that lead to their `index.html`. They come to `$default`, since API Gateway has no route with such a slash.
    """

    __slots__ = ("folders", "others", "routes", "vocabulary")

    def __init__(
        self,
        routes: tuple[Route, ...],
        vocabulary: Vocabulary,
        *,
        others: tuple[str, ...] = (),
        folders: tuple[str, ...] = (),
    ) -> None:
        self.routes = routes
        self.vocabulary = vocabulary
        self.others = others
        self.folders = folders
