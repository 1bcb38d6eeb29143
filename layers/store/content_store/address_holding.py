"""Who holds an address. An address leads to one article, and is never lost: one that its article stops naming still
leads to it. It can be given to another, though, by these rules:

- a published article holds what it names, as its address or as an alias;
- what an article names no more, another takes by naming it;
- what a withdrawn article was found at, an editor gives to another article by naming it there. No file does: an archive
  that is imported once more would bring back under another id what was withdrawn.
"""

from content_api.content.article import Article
from content_store.current import WITHDRAWN, Current
from content_store.placement import addresses


def gives_up(holder: Current, article: Article | None, address: str, *, to_a_file: bool) -> bool:
    """Whether the article that an address leads to leaves it to another; `article` is what it says, None for a
    tombstone, and `address` is comparable.
    """
    if not holder.version:
        return True
    if holder.status == WITHDRAWN:
        return not to_a_file
    return article is None or holder.placement is None or address not in addresses(article)
