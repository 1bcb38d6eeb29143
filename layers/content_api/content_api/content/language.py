"""Languages by BCP 47 tag, as far as CLDR (through Babel) knows them."""

from babel.core import get_global, parse_locale


def normalised_language(tag: str) -> str:
    """The tag in its usual case: language, script, region (`sr-Latn`, `pt-BR`).

    Raises ValueError where it is not a well-formed tag of a language that CLDR knows.
    """
    try:
        language, territory, script, _variant, *_modifier = parse_locale(tag, sep="-")
    except ValueError as error:
        raise ValueError(f"{tag!r} is not a BCP 47 language tag, such as en, ru or sr-Latn") from error
    if not _likely_subtags(language):
        raise ValueError(f"{tag!r} names no language known to CLDR")
    return "-".join(part for part in (language, script, territory) if part)


def script_of(tag: str) -> str:
    """The script (ISO 15924) that a language is written in: the tag's own, else CLDR's likely one."""
    language, territory, script, *_rest = parse_locale(tag, sep="-")
    # The region may decide: sr is written in Cyrillic, and in Latin in Montenegro (sr-ME).
    likely = (territory and _likely_subtags(f"{language}_{territory}")) or _likely_subtags(language)
    return script or likely.split("_")[1]


def _likely_subtags(language: str) -> str:
    """CLDR's fuller form of a language, territory or not: `fa` gives `fa_Arab_IR`; empty for an unknown one."""
    return get_global("likely_subtags").get(language, "")
