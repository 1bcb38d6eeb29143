"""What editors choose for the front of one language."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from content_api.content.article import ArticleId, Language, Part, ShortText

MAXIMUM_ARTICLES = 100  # of all parts together: what DynamoDB gives in one BatchGetItem


class FrontSection(Part):
    title: ShortText
    articles: Annotated[tuple[ArticleId, ...], Field(min_length=1)]


class Front(Part):
    """Articles by id, in the order in which they are shown. What is withdrawn falls out by itself."""

    language: Language
    top: tuple[ArticleId, ...] = ()
    sections: tuple[FrontSection, ...] = ()

    @model_validator(mode="after")
    def _is_not_too_long(self) -> Self:
        if len(self.top) + sum(len(section.articles) for section in self.sections) > MAXIMUM_ARTICLES:
            raise ValueError(f"a front names at most {MAXIMUM_ARTICLES} articles")
        return self
