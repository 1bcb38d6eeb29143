"""Prepares a page: it becomes what a browser shows after its scripts have run, without the markup of the editing
system.
"""

import re

from lxml import html

from importing.html.elements import EMBEDS, MEDIA
from importing.html.embeds import address_of
from importing.html.parsing import Element, found_in, name_of, names_in
from importing.html.pictures import file_in

_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,500}\]")
_CAPTION_END = "[/caption]"
_SHORTCODE = re.compile(
    r"\[/?(?:gallery|caption|embed|video|audio|playlist|contact-form(?:-7)?|vc_\w+|et_pb_\w+|su_\w+|ad|ads|adsense|"
    r"sidebar|related|newsletter|button|divider|spacer|youtube|vimeo|tweet|wp_ad_camp_\d)(?:[\s=][^\[\]]{0,1000})?\]"
)
_EMBEDDED = re.compile(r"\[embed\b[^\[\]]{0,200}\]\s*(https?://[^\s\[\]]{1,2000})\s*\[/embed\]")
_PLAYER = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:youtube(?:-nocookie)?\.com/(?:embed/|watch\?)|youtu\.be/|player\.vimeo\.com/video/|"
    r"rutube\.ru/play/embed/|dailymotion\.com/embed/)\S{1,1000}"
)
_FOR_SCREEN_READERS = re.compile(r"off-?screen|sr-only|screen-reader|visually-?hidden", re.IGNORECASE)
_BOXES = frozenset("div p span section ul li a table aside".split())
_OF_A_TEXT = frozenset("p h1 h2 h3 h4 h5 h6 ul ol figure table section".split())
_IN_PLACE = ("placeholder", "fallback", "overflow")  # attributes of what AMP shows until an embed is there
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def prepare(root: Element) -> None:
    _close_embeds(root)
    _show_pictures(root)
    _show_delayed_pictures(root)
    _take_out_shortcodes(root)
    _drop_hidden(root)


def drop_unread(root: Element) -> None:
    """Removes what no later step reads. Most of a page's bytes are scripts. A script that loads a post is kept, since
    it stands for the post.
    """
    for element in list(root.iter("script", "style", "link", "meta", "svg", "template")):
        if element.getparent() is not None and not (name_of(element) == "script" and address_of(element, "")):
            element.drop_tree()


def _close_embeds(root: Element) -> None:
    """Closes embeds that the page left open, so that the rest of the text is no longer inside them. An embed holds only
    what AMP shows until it is there.
    """
    for element in list(root.iter(*EMBEDS)):
        held = list(element)
        first = next((at for at, each in enumerate(held) if _is_of_the_text(each)), len(held))
        for each in reversed(held[first:]):
            element.addnext(each)


def _is_of_the_text(element: Element) -> bool:
    return name_of(element) in _OF_A_TEXT and all(element.get(name) is None for name in _IN_PLACE)


def _show_pictures(root: Element) -> None:
    """Shows the picture in a `<noscript>` instead of the one before it, which a script would load."""
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
    """Shows the picture or the player that an empty box names, as a script would. Removes texts in a figure for screen
    readers, such as `Image caption`, which are no caption.
    """
    for element in list(root.iter("div", "span", "a", "p")):
        address = "" if len(element) or (element.text or "").strip() else file_in(element)
        if address:
            picture = html.Element("img", src=address, alt=element.get("data-alt") or element.get("aria-label") or "")
            element.append(picture)
        elif not len(element) and (player := next((v for _, v in element.items() if _PLAYER.fullmatch(v)), None)):
            element.append(html.Element("iframe", src=player))
    for figure in list(root.iter("figure")):
        for element in list(figure.iter("span", "div", "p")):
            if _FOR_SCREEN_READERS.search(names_in(element)) and element.getparent() is not None:
                element.drop_tree()


def _take_out_shortcodes(root: Element) -> None:
    for element in found_in(root, "//*[text()[contains(., '[')]]"):
        _take_out(element)


def _take_out(element: Element) -> None:
    """Turns `[caption] picture text[/caption]` into a figure, and an `[embed]` into its address. Removes other
    shortcodes.
    """
    if name_of(element) in {"script", "style"}:
        return
    last = next((child for child in element if _CAPTION_END in (child.tail or "")), None)
    if last is not None and _CAPTION.search(element.text or ""):
        described = html.Element("figcaption")
        caption, _, after = (last.tail or "").partition(_CAPTION_END)
        described.text, last.tail = caption, None
        figure = html.Element("figure")
        figure.extend([*element[: element.index(last) + 1], described])
        figure.tail = after
        element.insert(0, figure)
        element.text = _CAPTION.sub("", element.text or "")
    for each, where in ((element, "text"), *((child, "tail") for child in element)):
        text = getattr(each, where) or ""
        if "[" in text:
            plain = _SHORTCODE.sub("", _EMBEDDED.sub(r" \1 ", text).replace(_CAPTION_END, ""))
            setattr(each, where, plain)


def _drop_hidden(root: Element) -> None:
    """Removes what a browser does not show, except pictures, since scripts show those."""
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
