"""Languages by BCP 47 tag, as CLDR (through Babel) knows them."""

from babel.core import get_global, parse_locale

_SHOWN = 50  # characters of a wrong tag that are quoted


def normalised_language(tag: str) -> str:
    """The tag in its usual case: language, script, region (`sr-Latn`, `pt-BR`). Raises ValueError if the tag is not
    well formed, or if CLDR does not know the language.
    """
    try:
        language, territory, script, _variant, *_modifier = parse_locale(tag, sep="-")
    except ValueError as error:
        raise ValueError(f"{tag[:_SHOWN]!r} is not a BCP 47 language tag, such as en, ru or sr-Latn") from error
    if not _likely_subtags(language):
        raise ValueError(f"{tag[:_SHOWN]!r} names no language known to CLDR")
    return "-".join(part for part in (language, script, territory) if part)


def script_of(tag: str) -> str:
    """The script (ISO 15924) of a language: the one in the tag, or else CLDR's likely one."""
    language, territory, script, *_rest = parse_locale(tag, sep="-")
    # The script may depend on the region: sr is written in Cyrillic, but in Latin in Montenegro (sr-ME).
    likely = (territory and _likely_subtags(f"{language}_{territory}")) or _likely_subtags(language)
    return script or likely.split("_")[1]


def _likely_subtags(language: str) -> str:
    """CLDR's full form of a language with or without a region: `fa` gives `fa_Arab_IR`. Empty if CLDR does not
    know it.
    """
    return get_global("likely_subtags").get(language, "")
