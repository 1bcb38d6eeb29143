"""What an article and a list are, for the peers that validate what they answer."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, Field


class LegalNotice(BaseModel):
    id: str
    version: int
    language: str
    text: str
    html: str
    more_information_url: str
    placement: str
    must_display: bool
    restricted_actions: list[str]
    reason: str


class Author(BaseModel):
    name: str
    url: str | None


class Dateline(BaseModel):
    place: str | None
    date: dt.date | None
    agency: str | None


class Rendition(BaseModel):
    url: str
    media_type: str
    width: int | None
    height: int | None


class Picture(BaseModel):
    alt: str
    caption: str | None
    credit: str | None
    renditions: list[Rendition]


class Paragraph(BaseModel):
    type: Literal["paragraph"]
    html: str


class Heading(BaseModel):
    type: Literal["heading"]
    level: int
    text: str


class Quote(BaseModel):
    type: Literal["quote"]
    html: str
    attribution: str | None


class Promotion(BaseModel):
    type: Literal["promotion"]
    kind: str
    name: str
    description: str | None
    url: str | None


type Block = Annotated[Paragraph | Heading | Quote | Promotion, Field(discriminator="type")]


class Card(BaseModel):
    id: str
    version: int
    type: str
    language: str
    direction: Literal["ltr", "rtl"]
    url: str | None
    headline: str
    standfirst: str | None
    byline: list[Author]
    section: str | None
    published_at: dt.datetime | None
    updated_at: dt.datetime | None
    breaking_until: dt.datetime | None
    lead_image: Picture | None


class Translation(BaseModel):
    id: str
    language: str


class Correction(BaseModel):
    at: dt.datetime
    text: str


class Article(BaseModel):
    legal_notices: list[LegalNotice] = []
    translations: list[Translation]
    id: str
    version: int
    status: str
    type: str
    language: str
    direction: Literal["ltr", "rtl"]
    url: str | None
    aliases: list[str]
    headline: str
    standfirst: str | None
    byline: list[Author]
    dateline: Dateline | None
    section: str | None
    tags: list[str]
    published_at: dt.datetime | None
    updated_at: dt.datetime | None
    lead_image: Picture | None
    images: list[Picture]
    body: list[Block]
    rights: str | None
    corrections: list[Correction]
    breaking_until: dt.datetime | None


class ArticleList(BaseModel):
    legal_notices: list[LegalNotice]
    articles: list[Card]
    next_cursor: str | None
