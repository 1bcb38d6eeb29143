"""The keys of the table's items, which writers and readers share.

    ARTICLE#<id>                        ARTICLE                 the article
    URL#<address>                       URL                     an address, present or former, to the article's id
    LIST#<language>#<facet>             <published_at>#<id>     a card; facets: all, section#…, tag#…, author#…, type#…
                                                                and topic#…, author_id#…, by the ids of subjects
    LIST#<language>#updated             <updated_at>#<id>       a card, by its last update
    LIST#<language>#breaking            <breaking_until>#<id>   a card while it is breaking news
    CHANGE#<language>                   <number>                a change of what readers may see
    CHANGE#<language>                   LAST                    how many changes there have been
    FRONT#<language>                    FRONT                   what editors chose for the front
    DRAFTS#<language>                   <id>                    a draft, for editors
    EDITS#<language>                    <id>                    the pending edit of a published article, for editors
    SECTIONS, NEWSLETTERS               <language>#<name>       what there is, by language
    TOPICS, AUTHORS, SHOWS              <id>                    a subject (`subjects`), with its names in each language
    MEDIA#<id>                          MEDIA                   a picture: its state, and what readers get of it
    USED#<media id>                     <article id>            that the article shows the picture, or did
    MAKING#<media id>                   <crop>/<width>          that somebody is making files of the picture
    POSTS#<article id>                  <number>                a post of a live blog
    POSTS#<article id>                  LAST                    how many posts there are, and which stand out
    LOG#<day>                           <when>#<id>             what the newsroom did, for editors
    NAMED#<id>                          NAMED                   the articles that name one as their translation

An article's own item is also in the index NEWSROOM, by its language (`desk`) and by when it changed (`changed`).

Instants are as `instants.sortable` has them. `parsing.key_of` says what a key is of.
"""

from __future__ import annotations

from content_api.names.instants import sortable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt

    from content_api.names.subjects import Kind

# Bytes (UTF-8) that a section, a tag, an author or a newsletter may have as it is compared: with its language it is a
# sort key (`quotas.SORT_KEY_BYTES`), and with its language and its kind a partition key.
LONGEST_NAME = 1000

ALL = "all"
BREAKING = "breaking"
UPDATED = "updated"
SECTIONS = "SECTIONS"
NEWSLETTERS = "NEWSLETTERS"
LAST_CHANGE = "LAST"
# An entry of the catalogue has this attribute when no published article names its section or newsletter any more.
EMPTY = "is_empty"

# Kinds of partitions: what stands before the first `#`.
ARTICLE = "ARTICLE"
URL = "URL"
LIST = "LIST"
CHANGE = "CHANGE"
FRONT = "FRONT"
DRAFTS = "DRAFTS"
EDITS = "EDITS"
NAMED = "NAMED"
MEDIA = "MEDIA"
USED = "USED"
MAKING = "MAKING"
LOG = "LOG"
POSTS = "POSTS"
LAST_POST = "LAST"  # sorts behind all numbers
POSTS_OF_A_PAGE = 20

# The index of all articles, whatever their status, which only editors' functions may read: its partition key, and its
# sort key.
NEWSROOM = "newsroom"
DESK = "desk"
CHANGED = "changed"

_LONGEST_ADDRESS = 1024  # bytes, of the 2048 that a partition key may have (`quotas.PARTITION_KEY_BYTES`)
_DIGITS_OF_CHANGES = 12
# The change feed has a change for so long. DynamoDB deletes it some days later.
DAYS_OF_CHANGES = 90
HIGHEST_CHANGE = "9" * _DIGITS_OF_CHANGES


def article_key(article_id: str) -> dict[str, str]:
    return {"pk": f"{ARTICLE}#{article_id}", "sk": ARTICLE}


def named_key(article_id: str) -> dict[str, str]:
    return {"pk": f"{NAMED}#{article_id}", "sk": NAMED}


def media_key(media_id: str) -> dict[str, str]:
    return {"pk": f"{MEDIA}#{media_id}", "sk": MEDIA}


def making_key(media_id: str, crop: str, width: int) -> dict[str, str]:
    return {"pk": f"{MAKING}#{media_id}", "sk": f"{crop}/{width}"}


def used_partition(media_id: str) -> str:
    return f"{USED}#{media_id}"


def used_key(media_id: str, article_id: str) -> dict[str, str]:
    return {"pk": used_partition(media_id), "sk": article_id}


def subject_key(kind: Kind, subject_id: str) -> dict[str, str]:
    return {"pk": kind.partition, "sk": subject_id}


def url_key(address: str) -> dict[str, str]:
    """The key of an address, in the form that `addresses.comparable` gives it."""
    if len(address.encode()) <= _LONGEST_ADDRESS:
        return {"pk": f"{URL}#{address}", "sk": URL}
    from hashlib import sha256  # noqa: PLC0415 - few addresses are so long

    return {"pk": f"{URL}#{sha256(address.encode()).hexdigest()}", "sk": URL}


def front_key(language: str) -> dict[str, str]:
    return {"pk": f"{FRONT}#{language}", "sk": FRONT}


def draft_key(language: str, article_id: str) -> dict[str, str]:
    return {"pk": drafts_partition(language), "sk": article_id}


def drafts_partition(language: str) -> str:
    return f"{DRAFTS}#{language}"


def edit_key(language: str, article_id: str) -> dict[str, str]:
    return {"pk": edits_partition(language), "sk": article_id}


def edits_partition(language: str) -> str:
    return f"{EDITS}#{language}"


def change_key(language: str, number: int) -> dict[str, str]:
    return {"pk": change_partition(language), "sk": change_position(number)}


def last_change_key(language: str) -> dict[str, str]:
    return {"pk": change_partition(language), "sk": LAST_CHANGE}


def change_partition(language: str) -> str:
    return f"{CHANGE}#{language}"


def change_position(number: int) -> str:
    return f"{number:0{_DIGITS_OF_CHANGES}}"


def posts_partition(article_id: str) -> str:
    return f"{POSTS}#{article_id}"


def post_key(article_id: str, number: int) -> dict[str, str]:
    return {"pk": posts_partition(article_id), "sk": f"{number:06d}"}


def last_post_key(article_id: str) -> dict[str, str]:
    return {"pk": posts_partition(article_id), "sk": LAST_POST}


def log_partition(day: str) -> str:
    """`day` is a date in UTC (ISO 8601)."""
    return f"{LOG}#{day}"


def list_partition(language: str, facet: str = ALL) -> str:
    return f"{LIST}#{language}#{facet}"


def catalogue_key(partition: str, language: str, name: str) -> dict[str, str]:
    """The key of a section or a newsletter, in SECTIONS or NEWSLETTERS. Names are compared like values of facets."""
    return {"pk": partition, "sk": facet(language, name)}


def catalogue_span(language: str | None) -> tuple[str, str]:
    """The lowest and the highest sort key of a language's sections or newsletters, or of all."""
    return (f"{language}#", f"{language}#\U0010ffff") if language else ("", "\U0010ffff")


def facet(kind: str, value: str) -> str:
    """One value of a facet: `facet("section", "Culture ")` is `section#culture`. Values are compared whole, without
    regard to case, width and spacing (Unicode NFKC and case folding).
    """
    if not value.isascii():
        from unicodedata import normalize  # noqa: PLC0415 - most values are ASCII

        value = normalize("NFKC", normalize("NFKC", value).casefold())
    return f"{kind}#{' '.join(value.casefold().split())}"


def fits_keys(value: str) -> bool:
    """Whether a facet's value, as it is compared, can stand in a key. Its characters do not tell: a letter takes up to
    four bytes, and Unicode NFKC makes up to 18 letters of one.
    """
    return len(facet("", value).encode()) - 1 <= LONGEST_NAME


def position(at: dt.datetime | None, article_id: str) -> str:
    return f"{sortable(at)}#{article_id}"
