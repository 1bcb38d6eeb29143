"""The fields of the index. Analysis is ours, so each field is a row of finished words, separated by spaces."""

from functools import cache

from tantivy import Document, Schema, SchemaBuilder

from content_search.analysis.stemming import stemming
from content_search.analysis.words import words
from content_search.entries import Entry

HEADLINE = "headline"  # exact words of the headline
HEADLINE_STEMS = "headline_stems"
TEXT = "text"  # exact words of standfirst and body, without positions
TEXT_STEMS = "text_stems"


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("version", stored=True)
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    for name in (HEADLINE, HEADLINE_STEMS, TEXT_STEMS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def document_of(entry: Entry, language: str) -> Document:
    stem = stemming(language)
    headline = [word.text for word in words(entry.headline, language)]
    text = [word.text for word in words(entry.text, language)]
    return Document(
        id=entry.id,
        version=entry.version,
        published=entry.published,
        facet=list(entry.facets),
        headline=" ".join(headline),
        headline_stems=" ".join([stem(word) for word in headline]),
        text=" ".join(text),
        text_stems=" ".join([stem(word) for word in text]),
    )
