"""A text written in the person's own editor, and not lost when something is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import click

from policy.refusal import Refusal
from store.file_access import OWNERS_ALONE


def kept_file(folder: Path, place: str, ticket_id: int) -> Path:
    """Return where the text about a ticket is kept while it is written, in the state folder."""
    return folder / "context" / f"{_short(place)}-{ticket_id}.txt"


def kept_notice(folder: Path, place: str, drafted: str) -> Path:
    """Return where a notice is kept while it is written; one drafted otherwise begins anew.

    What was written of an arrival that is no longer the next would promise what is not kept.
    """
    return folder / "notices" / f"{_short(place)}-{_short(drafted)}.txt"


def kept_answer(folder: Path, place: str, ticket_id: int, *, public: bool) -> Path:
    """Return where an answer, or an internal note, is kept while it is written."""
    kind = "answer" if public else "note"
    return folder / "answers" / f"{_short(place)}-{ticket_id}-{kind}.txt"


def kept_on_board(folder: Path, place: str, ticket_id: int) -> Path:
    """Return where what is in the board's editor is while the person's own has it."""
    return folder / "answers" / f"{_short(place)}-{ticket_id}-board.txt"


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def write_in_editor(file: Path, text: str) -> None:
    """Let the person write ``file`` in $VISUAL or $EDITOR; it begins as ``text``.

    A text that was kept the last time is gone on with.

    Raises:
        Refusal: the file cannot be written, or the editor failed.
    """
    try:
        if not file.exists():
            _write(file, text)
        click.edit(filename=str(file))
    except click.ClickException as error:
        raise _kept(error.message, file) from None
    except ValueError:  # a quotation mark that is never closed, or a letter that is none
        raise _kept("$VISUAL or $EDITOR cannot be read as a command", file) from None
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror or type(error).__name__}") from None


def put_down(file: Path, text: str, *, before: str | None) -> None:
    """Keep a draft for the person to go on with in their editor; ``before`` is that put down last.

    Raises:
        Refusal: the person has written there themselves, or the file cannot be written.
    """
    try:
        if file.exists() and file.read_text(encoding="utf-8", errors="replace") != before:
            raise Refusal(f"{file}: a text is begun there, which is not written over")
        _write(file, text)
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror or type(error).__name__}") from None


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=OWNERS_ALONE)
    file.write_text(text, encoding="utf-8")


@contextmanager
def written(file: Path) -> Iterator[str]:
    """Give what the person wrote; the file goes once the ``with`` block has taken it.

    Raises:
        Refusal: the text is not UTF-8, or the block refused; the line says where it is kept.
    """
    try:
        yield file.read_text(encoding="utf-8")
    except Refusal as refusal:
        raise _kept(refusal.reason, file) from None
    except UnicodeDecodeError:
        raise _kept("the text is not UTF-8", file) from None
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror or type(error).__name__}") from None
    file.unlink(missing_ok=True)


def _kept(reason: str, file: Path) -> Refusal:
    return Refusal(f"{reason.rstrip('.')}; your text is kept in {file}, and edited from there")
