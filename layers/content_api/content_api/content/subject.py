"""What a topic, an author or another subject is: in the form in which editors send it, and in the one that readers get.

Nothing here depends on the kind of subject (`names.subjects`).
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from content_api.content.article import Part, Picture
from content_api.content.direction import direction
from content_api.content.document import compact_json
from content_api.content.values import (
    EMAIL_PATTERN,
    GUID_PATTERN,
    ArticleId,
    HttpUrl,
    Language,
    Name,
    ShortText,
    Truth,
    printable,
)

MAXIMUM_NAMES = 60  # no publisher has more languages
MAXIMUM_ALIASES = 20
# An item holds 400 KB (`quotas.ITEM_BYTES`), and has a subject twice: as editors and as readers get it.
MAXIMUM_BYTES = 150_000

type SubjectId = ArticleId
# Apple Podcasts categories (podcasters.apple.com, "Apple Podcasts categories"), which other directories take, too.
type Category = Literal[
    "Arts", "Business", "Comedy", "Education", "Fiction", "Government", "History", "Health & Fitness", "Kids & Family",
    "Leisure", "Music", "News", "Religion & Spirituality", "Science", "Society & Culture", "Sports", "Technology",
    "True Crime", "TV & Film",
]  # fmt: skip
type Description = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), AfterValidator(printable)
]


class NameInLanguage(Part):
    """What a subject is called in a language. `url` is the address of its page on the publisher's site there."""

    language: Language
    name: Name
    description: Description | None = None
    url: HttpUrl | None = None


class Owner(Part):
    """Whom directories of podcasts write to. Both are in the feed, for everybody to read."""

    name: Name
    email: Annotated[str, StringConstraints(pattern=EMAIL_PATTERN, max_length=254)]


class Podcast(Part):
    """What a show's feed says of the show to podcast apps. `category` and `subcategory` are of Apple's list. `kind` is
    `serial` if its episodes are to be heard from the first one on. `guid` is the podcast:guid that the show has at its
    old home; without one, the show's own is made from its id. `trailer` and the like are said of each episode.
    """

    kind: Literal["episodic", "serial"] = "episodic"
    category: Category = "News"
    subcategory: ShortText | None = None
    explicit: Truth = False
    author: Name | None = None
    owner: Owner | None = None
    copyright: ShortText | None = None
    guid: Annotated[str, StringConstraints(pattern=GUID_PATTERN)] | None = None


class Subject(Part):
    """`names` are in the order in which editors put them: where a language has none, the first one stands in.
    `aliases` are the words in articles that mean it, though the articles do not name its id: tags for a topic or a
    show, names in bylines for an author. Only a show has a `podcast`.
    """

    id: SubjectId
    names: Annotated[tuple[NameInLanguage, ...], Field(min_length=1, max_length=MAXIMUM_NAMES)]
    picture: Picture | None = None
    aliases: Annotated[tuple[Name, ...], Field(max_length=MAXIMUM_ALIASES)] = ()
    podcast: Podcast | None = None

    @model_validator(mode="after")
    def _has_one_name_a_language(self) -> Self:
        languages = [each.language for each in self.names]
        twice = next((each for each in languages if languages.count(each) > 1), None)
        if twice:
            raise ValueError(f"has two names in {twice}: leave one of them out, or make it an alias")
        return self

    @model_validator(mode="after")
    def _names_the_files_of_its_picture(self) -> Self:
        """Which article shows an uploaded picture is kept with the article, so that the picture can be taken back. A
        subject has no such record.
        """
        if self.picture and self.picture.media:
            raise ValueError("has a picture that names media, which only articles do: name its files in renditions")
        return self

    @model_validator(mode="after")
    def _fits_an_item(self) -> Self:
        size = len(compact_json(self.model_dump(mode="json")))
        if size > MAXIMUM_BYTES:
            raise ValueError(f"takes {size:,} bytes of JSON, and may take {MAXIMUM_BYTES:,}: shorten its descriptions")
        return self


def public_subject(subject: Subject, replaces: tuple[str, ...]) -> dict[str, Any]:
    """What readers get of a subject, as JSON values. `replaces` are the ids of those that were merged into it."""
    fields = subject.model_dump(mode="json")
    names = [
        {"language": each["language"], "direction": direction(each["language"]), **each} for each in fields["names"]
    ]
    made = {
        "id": subject.id,
        "names": names,
        "picture": fields["picture"],
        "aliases": fields["aliases"],
        "replaces": [*replaces],
    }
    return made | ({"podcast": fields["podcast"]} if subject.podcast else {})
