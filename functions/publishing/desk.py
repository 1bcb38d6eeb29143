"""What the editorial API works with: a part for each kind of act."""

from typing import TYPE_CHECKING

from publishing.editing import Editing
from publishing.releasing import Releasing

if TYPE_CHECKING:
    from content_api.store.articles import ArticleStore
    from content_api.store.front_choices import FrontChoices
    from content_api.store.verification import Verification
    from publishing.schedules import Schedules
    from publishing.uploads import Uploads


class Desk:
    def __init__(
        self,
        store: "ArticleStore",
        fronts: "FrontChoices",
        schedules: "Schedules",
        verification: "Verification",
        uploads: "Uploads",
    ) -> None:
        self.records = store.records
        self.fronts = fronts
        self.editing = Editing(store)
        self.releasing = Releasing(store, schedules)
        self.verification = verification
        self.uploads = uploads
