"""Which lines of a message only repeat an earlier one: to be folded, never dropped.

A customer may write between the lines that they quote, below them, or words that look like the
beginning of a quotation. So only what carries a sign of its own counts as quoted: lines behind a
``>``, the line that introduces them, and the block of headers that some mail programs put above a
whole earlier mail.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_MARKED: Final = re.compile(r"\s{0,3}>")
_RULE: Final = re.compile(
    r"\s*(?:[-_*=]{5,}|-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande"
    r"|oryginalna wiadomość|исходное сообщение|元のメッセージ|原始邮件|원본 메시지)\s*-{2,})\s*",
    re.IGNORECASE,
)
_LABELS: Final = tuple(
    frozenset(words.split())
    for words in (
        "from von de da van från fra od lähettäjä от 差出人 发件人 보낸사람",
        "sent date gesendet datum envoyé enviado fecha inviato data verzonden skickat sendt"
        " wysłano lähetetty отправлено дата 送信日時 发送时间 보낸날짜",
        "to an à para a aan till til do vastaanottaja кому 宛先 收件人 받는사람",
        "subject betreff objet asunto oggetto onderwerp ämne emne temat aihe тема 件名 主题 제목",
    )
)
"""What mail programs write before sender, time, recipient and subject, in several languages."""
_FIELD: Final = re.compile(r"\s*[*_]{0,2}([^\s:：*_][^:：*_]{0,20})[*_]{0,2}\s?[:：]")
_FEWEST_FIELDS: Final = 3
_INTRODUCTION_AT_MOST: Final = 3
_LONGEST_INTRODUCTION: Final = 300
_SAYS_WHEN: Final = re.compile(r"\d{1,2}.*(?:\d{4}|\d{1,2}[:.h]\d{2})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a message that belong together; ``quoted`` says that they repeat an earlier one."""

    lines: tuple[str, ...]
    quoted: bool


def passages(text: str, *, opens: bool = False) -> tuple[Passage, ...]:
    """Return a message in passages; all of their lines together are its own, none is left out.

    ``opens`` says that it opens its conversation: then what stands below a block of headers was
    passed on, and is what the message is about.
    """
    lines = text.split("\n")
    quoted = quoted_lines(lines, opens=opens)
    return tuple(
        Passage(tuple(line for line, _ in group), is_quoted)
        for is_quoted, group in groupby(zip(lines, quoted, strict=True), key=lambda pair: pair[1])
    )


def quoted_lines(lines: Sequence[str], *, opens: bool = False) -> list[bool]:
    """Return of each line whether it only repeats an earlier message; see ``passages``."""
    quoted = [_MARKED.match(line) is not None for line in lines]
    for start in _beginnings(quoted):
        for number in _introduction(lines, start):
            quoted[number] = True
    if not opens:
        start = _block_of_headers(lines)
        quoted[start:] = [True] * (len(lines) - start)
    return _with_gaps(lines, quoted)


def _beginnings(quoted: Sequence[bool]) -> list[int]:
    return [
        number
        for number, is_quoted in enumerate(quoted)
        if is_quoted and (number == 0 or not quoted[number - 1])
    ]


def _introduction(lines: Sequence[str], start: int) -> range:
    """Return the lines that introduce the quotation at ``start``: "On … somebody wrote:".

    They end with a colon and say when: a customer's own "as you wrote:" is theirs.
    """
    end = start
    while end > 0 and not lines[end - 1].strip() and start - end < 1:
        end -= 1
    if end == 0 or not lines[end - 1].rstrip().endswith((":", "：")):
        return range(0)
    for first in range(end - 1, max(-1, end - 1 - _INTRODUCTION_AT_MOST), -1):
        said = " ".join(lines[first:end])
        if not lines[first].strip() or len(said) > _LONGEST_INTRODUCTION:
            break
        if _SAYS_WHEN.search(said) and (first == 0 or not lines[first - 1].strip()):
            return range(first, start)
    return range(0)


def _block_of_headers(lines: Sequence[str]) -> int:
    """Return where a whole earlier mail begins, with the rule above its headers; else the end."""
    for number, line in enumerate(lines):
        if _label(line) == 0 and _fields_from(lines, number) >= _FEWEST_FIELDS:
            above = number
            while above > 0 and not lines[above - 1].strip():
                above -= 1
            is_ruled = above > 0 and _RULE.fullmatch(lines[above - 1]) is not None
            return above - 1 if is_ruled else number
    return len(lines)


def _fields_from(lines: Sequence[str], start: int) -> int:
    """Return how many kinds of header stand from a line on, one a line."""
    kinds: set[int] = set()
    for line in lines[start : start + 8]:
        kind = _label(line)
        if kind is not None:
            kinds.add(kind)
        elif line.strip() and not line.startswith((" ", "\t")) and _FIELD.match(line) is None:
            break
    return len(kinds)


def _label(line: str) -> int | None:
    found = _FIELD.match(line)
    if found is None:
        return None
    word = found.group(1).replace(" ", "").casefold()
    return next((kind for kind, words in enumerate(_LABELS) if word in words), None)


def _with_gaps(lines: Sequence[str], quoted: list[bool]) -> list[bool]:
    """Return the same, with the empty lines between two quoted ones quoted, too."""
    last = -1
    for number, is_quoted in enumerate(quoted):
        if not is_quoted:
            continue
        between = range(last + 1, number)
        if last >= 0 and not any(lines[each].strip() for each in between):
            for each in between:
                quoted[each] = True
        last = number
    return quoted
