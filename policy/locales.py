"""The locales that are known, with no more of Babel than what says so."""

from functools import cache

from babel import Locale, UnknownLocaleError


def is_locale(name: str) -> bool:
    """Return whether a locale of this name is known: de, pt_BR, or as languages are tagged."""
    try:
        return bool(locale_named(name))
    except (UnknownLocaleError, ValueError):
        return False


@cache
def locale_named(name: str) -> Locale:
    """Return the locale of a name; raises UnknownLocaleError or ValueError for what is none."""
    return Locale.parse(name.replace("-", "_"))
