"""The articles that editors choose for the front of a language."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from content_api.content.article import Part
from content_api.content.values import ArticleId, Language, ShortText
from content_api.names.quotas import BATCH_READS

MAXIMUM_ARTICLES = BATCH_READS  # in all parts together, so that one BatchGetItem reads their cards


class FrontSection(Part):
    title: ShortText
    articles: Annotated[tuple[ArticleId, ...], Field(min_length=1)]


class Front(Part):
    """Ids of articles, in the order in which they are shown. Readers do not see those that are withdrawn."""

    language: Language
    top: tuple[ArticleId, ...] = ()
    sections: tuple[FrontSection, ...] = ()

    @model_validator(mode="after")
    def _is_not_too_long(self) -> Self:
        if len(self.top) + sum(len(section.articles) for section in self.sections) > MAXIMUM_ARTICLES:
            raise ValueError(f"a front names at most {MAXIMUM_ARTICLES} articles")
        return self
