"""Tags of languages, such as de or pt-BR."""

import re
from typing import Final

_LANGUAGE: Final = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)


def language_tag(written: str) -> str | None:
    """Return a language's tag in the usual case, of scripts as Latn, of countries as BR; or None.

    None is for what is no tag.
    """
    if not _LANGUAGE.fullmatch(written):
        return None
    first, *others = written.lower().split("-")
    usual = {2: str.upper, 4: str.title}
    return "-".join([first, *(usual.get(len(each), str)(each) for each in others)])
