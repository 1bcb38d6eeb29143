"""Reads what stands between the headline and the text: a caption with its credit, and a standfirst. They are often on
one line.
"""

import re
from dataclasses import dataclass

from content_api.content.article import Picture
from importing.words.sentences import ends_sentence

# Sources of pictures that pages of the archive name in brackets, in any case. A name in capitals counts as one too.
_SOURCES = (
    r"afp|ap|epa|reuters|itar-tass|tass|ria(?: novosti)?|novosti|interfax|unian|ctk|rfe/?rl|rfe|rl|voa|un|nato|osce|bbc"
    r"|getty(?: images)?|shutterstock|sputnik|turan|belta|anadolu|official (?:site|website|photo)|public domain"
    r"|wikipedia|wikimedia(?: commons)?|рсе/?рс|итар-тасс|тасс|риа(?: новости)?|интерфакс|уніан|рейтер"
)
_WORDS = (
    r"photo|file|courtesy|archive|images|graphic|illustration|screen ?shot|©"
    r"|фото|архив|архів|снимок|иллюстрация|скриншот"
)
_CAPITALS = r"[^\W\d_a-zа-яёіїєґ]+"
_BRACKETS = re.compile(r" ?[(\[]([^()\[\]]{2,80})[)\]] ?")
_IS_SOURCE = re.compile(
    rf"(?i:{_SOURCES})(?:[\s,/-]+(?i:{_SOURCES}|{_WORDS}))*"
    rf"|(?=[^\W\d_]{{2}}){_CAPITALS}(?:[/&. -]+{_CAPITALS})*"
)
_HAS_WORD = re.compile(rf"(?i:\b(?:{_WORDS})\w*\b|\bwww\.|\.(?:com|org|net|ru|ua|gov)\b)")
_ONLY_FILE = re.compile(
    r"(?i:(?:undated |archive |архивное |архівне )?(?:file )?(?:photo|фото)(?: из архива| з архіву)?|архив|архів)"
)
_POSITION = re.compile(
    r"(?i:(?:(?:second|third|far|top|bottom|from|второй|третий)\s+)*"
    r"(?:left|right|cent(?:er|re)|слева|справа|в центре|ліворуч|праворуч|зліва)\b.*|\d{4}.*)"
)
_NAMED = re.compile(r" ?(?i:photo(?: by)?|foto|credit|фото|снимок|автор фото) ?: ?([^:]{2,80}?)\.?$")
_LONGEST_CAPTION = 400  # characters


@dataclass(frozen=True, slots=True)
class Lead:
    picture: Picture | None
    rest: str


def split_caption(text: str) -> Lead:
    """Caption and credit from the beginning of a line, and the rest: `Two presidents (ITAR-TASS) They meet…`. A caption
    ends in a bracket that names a source of pictures, and not in one that says who stands where. At the very end of a
    line that is no sentence, a bracket may name anybody. If nothing ends a caption, there is none.
    """
    at = 0
    while match := _BRACKETS.search(text, at):
        caption, inside, rest = text[: match.start()].strip(), match[1].strip(), text[match.end() :]
        if len(caption) > _LONGEST_CAPTION:
            break
        is_followed_by_text = bool(re.match(r"[\"“«„'‘(\[]?[^\W_a-zа-яёіїєґ]", rest))
        if (not rest or is_followed_by_text) and _ends_caption(inside, is_last=not rest, caption=caption):
            return _lead(caption, [inside], rest)
        at = match.end()
    if named := _NAMED.search(text):
        return _lead(text[: named.start()].strip(), [named[1].strip()], "")
    return Lead(None, text)


def _lead(caption: str, marks: list[str], rest: str) -> Lead:
    """Splits `(file photo) (AFP)`: the first bracket says what the picture is, and the second whose it is."""
    while (more := _BRACKETS.match(rest)) and _ends_caption(more[1].strip(), is_last=True, caption=""):
        marks.append(more[1].strip())
        rest = rest[more.end() :]
    for inside in marks:
        if _ONLY_FILE.fullmatch(inside):
            caption = f"{caption} ({inside})"
    sources = [inside for inside in marks if not _ONLY_FILE.fullmatch(inside)]
    caption = caption.strip(" -–—")
    return Lead(Picture(caption=caption or None, credit=", ".join(sources) or None), rest.strip())


def _ends_caption(inside: str, *, is_last: bool, caption: str) -> bool:
    if _POSITION.fullmatch(inside) or _abbreviates(inside, caption):
        return False
    if _IS_SOURCE.fullmatch(inside) or _HAS_WORD.search(inside):
        return True
    return is_last and bool(caption) and not ends_sentence(caption) and inside[0].isupper()


def _abbreviates(inside: str, before: str) -> bool:
    """Whether the bracket is an abbreviation of the words before it: `… for War and Peace Reporting (IWPR)`."""
    initials = iter("".join(word[0] for word in re.findall(r"\w+", before)[-10:]).casefold())
    return len(inside) > 1 and inside.isalpha() and all(letter in initials for letter in inside.casefold())
