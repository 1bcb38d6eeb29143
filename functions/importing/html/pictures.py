"""Pictures of a page. Takes the largest file that any attribute names, even an attribute for lazy loading."""

import re
from collections.abc import Iterator

from pydantic import ValidationError

from content_api.content.article import Picture, PictureRendition
from importing.html.addresses import completed, media_type_of
from importing.html.parsing import Element, name_of

# Attributes in which pages keep the address of a picture for lazy loading, by the usual scripts.
_LAZY = (
    "data-src data-lazy-src data-original data-lazy data-url data-image data-img-src data-full-src "
    "data-hi-res-src data-large_image data-orig-file data-large-file data-echo data-actualsrc".split()
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:spacer|blank|placeholder|pixel|transparent|clear|lazy|lazyload|loading|loader|grey|gray|1x1|empty|"
    r"default|fallback|dummy)(?:[_.-][\w.-]*)?\.(?:gif|png|svg|jpe?g|webp)$",
    re.IGNORECASE,
)
# An address ends at white space. It is the whole candidate if it ends in a comma.
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:(?<=,)|([^,]*),?)")
_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif)$", re.IGNORECASE)
_WIDTH = re.compile(r"\d{1,5}", re.ASCII)
_DENSITY = re.compile(r"\d{1,2}(?:\.\d{1,2})?", re.ASCII)
_LONGEST_ALT = 1000  # characters
_LONGEST_CAPTION = 10_000
_LONGEST_CREDIT = 500


def picture_in(element: Element, *, base: str, caption: str = "", credit: str = "") -> Picture | None:
    """The picture in an `img`, `amp-img` or `picture`. None if it has no address, is a placeholder, or counts
    readers.
    """
    image = element if name_of(element) in {"img", "amp-img"} else next(element.iter("img", "amp-img"), None)
    if image is not None and _is_pixel(image):
        return None
    width, height = (None, None) if image is None else (_pixels(image.get(name)) for name in ("width", "height"))
    address = next(_addresses(element, image, base), "")
    if not address:
        return None
    alt = "" if image is None else (image.get("alt") or "")
    return picture_at(address, alt=alt, caption=caption, credit=credit, width=width, height=height)


def is_counter(image: Element) -> bool:
    """Whether a picture is a single pixel, which counts readers, or a placeholder."""
    return _is_pixel(image) or _is_placeholder(image.get("src") or "")


def _is_pixel(image: Element) -> bool:
    return min(_pixels(image.get(name)) or 2 for name in ("width", "height")) < 2  # noqa: PLR2004 - one pixel


def picture_at(  # noqa: PLR0913 - all that is said of a picture
    address: str,
    *,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    media_type: str = "",
    width: int | None = None,
    height: int | None = None,
) -> Picture | None:
    """The picture at an address. None if nobody could follow the address."""
    try:
        rendition = PictureRendition(
            url=address, media_type=media_type or media_type_of(address), width=width, height=height
        )
        return Picture(
            alt=" ".join(alt.split())[:_LONGEST_ALT],
            caption=" ".join(caption.split())[:_LONGEST_CAPTION] or None,
            credit=" ".join(credit.split())[:_LONGEST_CREDIT] or None,
            renditions=(rendition,),
        )
    except ValidationError:
        return None


def _addresses(element: Element, image: Element | None, base: str) -> Iterator[str]:
    """Every usable address, the best first: that for a script, then the largest of a set, then `src`."""
    named = [] if image is None else [image.get(name) for name in _LAZY]
    sources = [image] if image is not None else []
    sources += [each for each in element.iter("source") if each not in sources]
    sets = [each.get(name) or "" for each in sources for name in _SETS]
    src = "" if image is None else image.get("src") or ""
    largest = sorted((found for each in sets for found in _candidates(each)), reverse=True)
    own = [src] if src and not _is_placeholder(src) else []
    others = [] if image is None else [value for name, value in image.items() if _is_file(name, value)]
    for stated in (*named, *own, *(address for _, address in largest), *others):
        if (
            stated
            and not _is_placeholder(stated)
            and (address := completed(stated, base))
            and not is_page(address, base)
        ):
            yield address


def is_page(address: str, page: str) -> bool:
    """Whether an address is that of the page itself. An empty `src`, or one with `?` only, is completed to it."""
    return address.partition("#")[0].partition("?")[0] == page.partition("#")[0].partition("?")[0]


def file_in(element: Element) -> str:
    """The file that any `data-` attribute names, for scripts that are not known here. Empty if none does."""
    return next((value for name, value in element.items() if _is_file(name, value)), "")


def _is_file(name: str, value: str) -> bool:
    return name.startswith("data-") and _FILE.search(value[-2048:].partition("?")[0]) is not None and " " not in value


def _candidates(stated: str) -> Iterator[tuple[float, str]]:
    """The width or density of each file of a `srcset`, and its address (HTML, section 4.8.4.2.1)."""
    for address, size in _CANDIDATE.findall(stated):
        number = size.strip()[:-1]
        if address.endswith(","):
            number = ""  # the next candidate follows without a space
        is_size = _DENSITY.fullmatch(number) or _WIDTH.fullmatch(number)
        yield (float(number) if is_size else 1.0), address.rstrip(",")


def _is_placeholder(address: str) -> bool:
    return address.startswith(("data:", "about:", "#")) or bool(_PLACEHOLDER.search(address.partition("?")[0][-200:]))


def _pixels(stated: str | None) -> int | None:
    return int(stated) or 1 if stated and _WIDTH.fullmatch(stated) else None
