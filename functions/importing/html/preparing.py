"""A page as a browser would show it once its scripts had run, and without the signs of the system that wrote it."""

import re

from lxml import html

from importing.html.elements import MEDIA
from importing.html.embeds import address_of
from importing.html.parsing import Element, found_in, name_of, names_in
from importing.html.pictures import file_in

_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,500}\]")
_CAPTION_END = "[/caption]"
_SHORTCODE = re.compile(
    r"\[/?(?:gallery|caption|embed|video|audio|playlist|contact-form(?:-7)?|vc_\w+|et_pb_\w+|su_\w+|ad|ads|adsense|sidebar|"
    r"related|newsletter|button|divider|spacer|youtube|wp_ad_camp_\d)(?:\s[^\[\]]{0,1000})?\]"
)
_EMBEDDED = re.compile(r"\[embed\b[^\[\]]{0,200}\]\s*(https?://[^\s\[\]]{1,2000})\s*\[/embed\]")
_FOR_SCREEN_READERS = re.compile(r"off-?screen|sr-only|screen-reader|visually-?hidden", re.IGNORECASE)
_BOXES = frozenset("div p span section ul li a table aside".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def prepare(root: Element) -> None:
    _show_pictures(root)
    _show_delayed_pictures(root)
    _take_out_shortcodes(root)
    _drop_hidden(root)


def drop_unread(root: Element) -> None:
    """What no later step reads: most of a page's bytes are scripts. A script that loads a post stands for it."""
    for element in list(root.iter("script", "style", "link", "meta", "svg", "template")):
        if element.getparent() is not None and not (name_of(element) == "script" and address_of(element, "")):
            element.drop_tree()


def _show_pictures(root: Element) -> None:
    """A picture in `<noscript>` stands for the one before it that a script would load."""
    for element in list(root.iter("noscript")):
        inner = list(element.iter("img", "iframe"))
        if not inner and "<img" in (element.text or ""):
            inner = list(html.fragment_fromstring(element.text or "", create_parent=True).iter("img"))
        before = element.getprevious()
        parent = element.getparent()
        if not inner or parent is None or any(name_of(each) == "head" for each in element.iterancestors()):
            continue
        shown = inner[0]
        shown.tail = element.tail
        element.tail = None
        if before is not None and name_of(before) == name_of(shown):
            for name, value in before.items():
                if name == "alt" and not shown.get("alt"):
                    shown.set("alt", value)
            shown_before = before.tail
            parent.remove(before)
            if (shown_before or "").strip():
                shown.tail = f"{shown_before}{shown.tail or ''}"
        parent.replace(element, shown)


def _show_delayed_pictures(root: Element) -> None:
    """An empty box that names a picture's file is the picture once a script has run; what a figure says to those who
    only hear it, such as `Image caption`, is no caption.
    """
    for element in list(root.iter("div", "span", "a", "p")):
        address = "" if len(element) or (element.text or "").strip() else file_in(element)
        if address:
            picture = html.Element("img", src=address, alt=element.get("data-alt") or element.get("aria-label") or "")
            element.append(picture)
    for figure in list(root.iter("figure")):
        for element in list(figure.iter("span", "div", "p")):
            if _FOR_SCREEN_READERS.search(names_in(element)) and element.getparent() is not None:
                element.drop_tree()


def _take_out_shortcodes(root: Element) -> None:
    for element in found_in(root, "//*[text()[contains(., '[')]]"):
        _take_out(element)


def _take_out(element: Element) -> None:
    """`[caption] picture text[/caption]` becomes a figure; an `[embed]` its address; others go."""
    if name_of(element) in {"script", "style"}:
        return
    if _CAPTION.search(element.text or "") and len(element) and _CAPTION_END in (element[-1].tail or ""):
        last = element[-1]
        described = html.Element("figcaption")
        caption, _, after = (last.tail or "").partition(_CAPTION_END)
        described.text, last.tail = caption, None
        figure = html.Element("figure")
        figure.extend([*element, described])
        figure.tail = after
        element.insert(0, figure)
        element.text = _CAPTION.sub("", element.text or "")
    for each, where in ((element, "text"), *((child, "tail") for child in element)):
        text = getattr(each, where) or ""
        if "[" in text:
            plain = _SHORTCODE.sub("", _EMBEDDED.sub(r" \1 ", text).replace(_CAPTION_END, ""))
            setattr(each, where, plain)


def _drop_hidden(root: Element) -> None:
    """What a browser does not show, except pictures, which scripts show."""
    hiding = "@hidden or contains(@style, 'display') or contains(@style, 'visibility')"
    for element in found_in(root, f"//*[{hiding}]"):
        if name_of(element) not in _BOXES:
            continue
        hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None
        is_paywalled = "paywall" in names_in(element) or "article" in names_in(element)
        if (
            hidden
            and not is_paywalled
            and element.getparent() is not None
            and not any(True for _ in element.iter(*MEDIA))
        ):
            element.drop_tree()
