"""HTML mail as text to be read in a terminal.

html-to-markdown does the reading, in its plain form: of the four that were tried it alone neither
stumbled over Outlook's markup, nor over tags a thousand deep, nor is under a licence that would
bind ours; and it says so when it has left something out. What its plain form drops and a reader
needs, quotations and where links lead, is marked before and put back after.
"""

import html
import re
from html.parser import HTMLParser
from typing import Final

_OPEN, _CLOSE, _LINK, _LINK_END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS: Final = re.compile("[\ue000-\ue003]")
_TAG: Final = re.compile(r"<(/?)(a|blockquote)(?=[\s>])([^<>]{0,4000})>", re.IGNORECASE)
_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LEADS_TO: Final = re.compile(f"{_LINK}([^{_LINK}{_LINK_END}]*){_LINK_END}")
_MARKS_OF_LINKS: Final = re.compile(f"[{_LINK}{_LINK_END}]")
_QUOTE_MARK: Final = re.compile(f"([{_OPEN}{_CLOSE}])")
_INVISIBLE: Final = re.compile("[\u00a0\u00ad\u200b\u2060\ufeff]")
_LONGEST: Final = 2_000_000
_LONGEST_LINK: Final = 300
_DEEPEST_QUOTE: Final = 20
_NOT_READ: Final = frozenset({"script", "style", "head", "title", "template"})
_BREAKS: Final = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "blockquote"})


def html_text(markup: str) -> str:
    """Return what HTML says, as plain text: quotations behind ``>``, links with their address.

    Only the first two million characters of it are read.
    """
    marked = _marked(_MARKS.sub("", markup[:_LONGEST]))
    return _unmarked(_INVISIBLE.sub(_visible, _converted(marked)))


def _visible(found: re.Match[str]) -> str:
    return " " if found.group() == "\u00a0" else ""


def _converted(markup: str) -> str:
    # Late, as it takes a while to come and most mails bring plain text.
    from html_to_markdown import (  # noqa: PLC0415 - see above
        ConversionOptions,
        OutputFormat,
        convert,
    )

    options = ConversionOptions(
        output_format=OutputFormat.PLAIN, extract_metadata=False, include_document_structure=False
    )
    try:
        result = convert(markup, options)
    except Exception:  # whatever the library stumbles over, the words are read
        return _words_alone(markup)
    return _words_alone(markup) if result.warnings else result.content or ""


def _words_alone(markup: str) -> str:
    """Return the words of markup that is too odd for more: tags are dropped, lines kept."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return "\n".join(lines)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - the parser's signature
    ) -> None:
        self._silent += tag in _NOT_READ
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _NOT_READ))
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _marked(markup: str) -> str:
    leads_to, depth = "", 0

    def mark(found: re.Match[str]) -> str:
        nonlocal leads_to, depth
        ends, name, rest = found.group(1), found.group(2).lower(), found.group(3)
        if name == "a":
            link, leads_to = leads_to, "" if ends else _web_link(rest)
            return f"{_LINK}{html.escape(link)}{_LINK_END}</a>" if ends and link else found.group()
        depth = max(0, depth + (-1 if ends else 1))
        if depth + bool(ends) > _DEEPEST_QUOTE:
            return found.group()
        sign = f"<div>{_CLOSE if ends else _OPEN}</div>"
        return f"{sign}{found.group()}" if ends else f"{found.group()}{sign}"

    return _TAG.sub(mark, markup)


def _web_link(attributes: str) -> str:
    found = _HREF.search(attributes)
    if found is None:
        return ""
    link = html.unescape(next(filter(None, found.groups()), "")).strip()
    if not link.lower().startswith(("http://", "https://")) or not link.isprintable():
        return ""
    return link if len(link) <= _LONGEST_LINK else f"{link[:_LONGEST_LINK]}…"


def _unmarked(text: str) -> str:
    """Put links and quotations where the marks are."""
    depth, lines = 0, list[tuple[int, str]]()
    for line in _with_links(text).split("\n"):
        for piece in _QUOTE_MARK.split(line):
            if piece in (_OPEN, _CLOSE):
                depth = max(0, depth + (1 if piece == _OPEN else -1))
            elif piece.strip() or piece == line:
                lines.append((depth, piece.rstrip()))
    return "\n".join(_quoted(*line) for line in _tidied(lines)).strip("\n")


def _tidied(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return lines with at most one empty one between two, none where a quotation begins."""
    kept = [(0, "")]
    for depth, line in lines:
        if not line:
            if kept[-1][1]:
                kept.append((depth, line))
            continue
        while not kept[-1][1] and kept[-1][0] != depth and len(kept) > 1:
            kept.pop()
        if depth < kept[-1][0]:
            kept.append((depth, ""))
        kept.append((depth, line))
    while len(kept) > 1 and not kept[-1][1]:
        kept.pop()
    return kept


def _quoted(depth: int, line: str) -> str:
    return f"{'>' * depth} {line}".rstrip() if depth else line


def _with_links(text: str) -> str:
    shown, at = list[str](), 0
    for found in _LEADS_TO.finditer(text):
        before = text[at : found.start()]
        shown.append(before)
        link = found.group(1)
        if not before.rstrip().endswith((link, link.partition("://")[2].rstrip("/"))):
            shown.append(f" <{link}>" if link.isprintable() else "")
        at = found.end()
    shown.append(text[at:])
    return _MARKS_OF_LINKS.sub("", "".join(shown))
