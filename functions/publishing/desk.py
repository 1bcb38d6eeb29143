"""The parts of the editorial API that carry out requests."""

from typing import TYPE_CHECKING

from publishing.drafting import Drafting
from publishing.editing import Editing
from publishing.releasing import Releasing

if TYPE_CHECKING:
    from content_store.articles import ArticleStore
    from content_store.front_choices import FrontChoices
    from content_store.subjects import Subjects
    from content_store.verification import Verification
    from publishing.schedules import Schedules
    from publishing.uploads import Uploads


class Desk:
    def __init__(
        self,
        store: "ArticleStore",
        fronts: "FrontChoices",
        subjects: "Subjects",
        schedules: "Schedules",
        verification: "Verification",
        uploads: "Uploads",
    ) -> None:
        self.records = store.records
        self.fronts = fronts
        self.subjects = subjects
        self.editing = Editing(store, subjects)
        self.drafting = Drafting(store, self.editing)
        self.releasing = Releasing(store, schedules)
        self.verification = verification
        self.uploads = uploads
        self.newsroom = store.newsroom
        self.posts = store.posts
