"""``policy new``: asks question after question at the terminal, and writes the file they make.

Plain lines, so that it works anywhere, and in a pipe: then the answers are echoed. Nothing is
written before the last answer, and no transaction is open while somebody thinks.
"""

import io
import os
import shlex
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy.refusal import Refusal
from tui.cli.draft_effects import DraftEffects, DraftQueue
from tui.cli.invocation import Invocation
from tui.cli.render import draft_lines
from tui.cli.render.printing import Printer, print_file, printer
from tui.cli.text_files import STANDARD_INPUT
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.drafting.policy_answers import PolicyAnswers
    from policy.drafting.policy_question import Chapter, PolicyQuestion

# The rulebook is heavy, and so is the store: each function imports what it needs.
# ruff: noqa: PLC0415

BACK: Final = "<"
"""What goes back one question."""

_YEARS_OF_HOLIDAYS: Final = 2

_WELCOME: Final = (
    "A policy of your own, question by question. Enter takes what stands in brackets; < goes back"
    " one question; ctrl+c leaves, and nothing is written before the last answer."
)


class _StoppedError(Exception):
    """The person has stopped, or the answers of a pipe have come to their end."""


def new_policy(invocation: Invocation, file: str) -> None:
    """Ask for a policy and write it into a new file.

    Raises:
        Refusal: there is a file already, none can be made there, or the person has stopped; then
            nothing was written.
    """
    from policy.drafting.policy_text import policy_text

    path = Path(file)
    _check_is_new(path)
    _take_any_bytes()
    queue = DraftQueue.of(invocation)
    out = printer(invocation.zone, lambda: queue.in_force.vocabulary)
    asking = _Asking(effects=DraftEffects(queue=queue, out=out), out=out)
    try:
        answers = asking.answers()
    except _StoppedError as stopped:
        raise Refusal(f"{file}: not written, as {stopped}") from None
    text = policy_text(answers)
    try:
        _write_new(path, text)
    except Refusal:
        print_file(text)  # what was typed is never lost
        raise
    asking.tell_what_next(file)


def _check_is_new(path: Path) -> None:
    """Refuse a file that is there, or that cannot be made, before anything is asked."""
    if str(path) == STANDARD_INPUT:
        raise Refusal(f"{path}: expected the name of a new file, such as ours.toml")
    try:
        with suppress(FileNotFoundError):
            path.lstat()
            raise _exists(path)
        folder = path.parent.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unwritable(path, error) from None
    if not stat.S_ISDIR(folder.st_mode):
        raise _unwritable(path, NotADirectoryError(0, f"{path.parent} is no folder"))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _unwritable(path, PermissionError(0, f"nothing may be written in {path.parent}"))


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; what cannot be written whole is not left behind.

    Raises:
        Refusal: there is one by now, or it cannot be written.
    """
    try:
        out = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except BaseException as error:
        with suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise


def _exists(path: Path) -> Refusal:
    return Refusal(f"{path}: exists already; name a new file")


def _unwritable(path: Path, error: Exception) -> Refusal:
    reason = getattr(error, "strerror", None) or error
    return Refusal(f"{path}: cannot be written: {reason}")


@dataclass(kw_only=True)
class _Asking:
    """Asks until all is answered: what was answered before each question is kept, to go back."""

    effects: DraftEffects
    out: Printer
    before: list["tuple[PolicyAnswers, str]"] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    chapter: "Chapter | None" = None
    wrong: str | None = None

    def answers(self) -> "PolicyAnswers":
        """Return the answers to all questions.

        Raises:
            _StoppedError: the person has stopped, or nothing more comes from the pipe.
        """
        from policy.drafting.policy_questions import first_answers, next_question
        from store.team.public_holidays import holiday_dates

        queue = self.effects.queue
        year = queue.unsolved.now.year

        def holidays_of(country: str) -> list[date]:
            return sorted(holiday_dates(country, range(year, year + _YEARS_OF_HOLIDAYS)))

        answers = first_answers(queue.in_force, keep_words=bool(queue.unsolved.tickets))
        draft_lines.tell_note(self.out, _WELCOME)
        self.effects.begin()
        while True:
            asked = {name for _, name in self.before}
            question = next_question(answers, asked, holidays_of)
            if question is None:
                return answers
            answers = self._answered(question, answers)

    def _answered(self, question: "PolicyQuestion", answers: "PolicyAnswers") -> "PolicyAnswers":
        """Ask until there is an answer, and show what it does; or go back one question."""
        from policy.drafting.policy_question import Chapter, words_joined

        question = self._with_what_was_typed(question)
        if question.chapter is not self.chapter:
            self.chapter = question.chapter
            chapters = list(Chapter)
            draft_lines.tell_chapter(
                self.out, question.chapter, chapters.index(question.chapter) + 1, len(chapters)
            )
        draft_lines.tell_question(self.out, question)
        while True:
            typed = self._typed(question)
            if typed == BACK:
                if self.before:
                    answers, _ = self.before.pop()
                    return answers
                draft_lines.tell_wrong(self.out, "this is the first question")
                continue
            try:
                given = question.with_answer(typed)
            except Refusal as refusal:
                self.wrong = refusal.reason
                draft_lines.tell_wrong(self.out, refusal.reason)
                continue
            self.wrong = None
            self.before.append((answers, question.name))
            self.given[question.name] = typed or question.default
            if joined := words_joined(given, answers, typed):
                said = f"A word of a policy has no spaces: it is {', '.join(joined)}."
                draft_lines.tell_note(self.out, said)
            self.effects.show(question, given, answers, is_first=len(self.before) == 1)
            return given

    def _with_what_was_typed(self, question: "PolicyQuestion") -> "PolicyQuestion":
        """Return a question that is asked again with what was answered, while that is an answer."""
        if question.name not in self.given:
            return question
        again = replace(question, default=self.given[question.name])
        try:
            again.with_answer("")
        except Refusal:
            return question
        return again

    def _typed(self, question: "PolicyQuestion") -> str:
        """Return the line that comes next; one from a pipe is echoed."""
        at_terminal = sys.stdin is not None and sys.stdin.isatty()
        prompt = plain_line(f"  {question.label} [{question.default}]: ")
        try:
            text = _line_from(prompt)
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            raise _StoppedError(f'it was stopped at "{question.label}"') from None
        except EOFError:
            sys.stdout.write("\n")
            because = "" if self.wrong is None else f": {self.wrong}"
            said = f'the answers end before "{question.label}" has one{because}'
            raise _StoppedError(said) from None
        if not at_terminal:
            sys.stdout.write(f"{plain_line(text)}\n")
        return text.strip()

    def tell_what_next(self, file: str) -> None:
        """Say that the file is written, and what to do with it."""
        name = shlex.quote(file)
        self.out.line()
        self.out.line((plain_line(file), "strong"), (" is written. Next:", ""))
        for command, what in (
            (f"numberone policy check {name}", "is anything wrong with it?"),
            (f"numberone policy diff {name}", "what would it do to the queue?"),
            (f"numberone --policy {name} next", "make it the team's"),
        ):
            self.out.line((f"  {plain_line(command):<44}", ""), (f"  {what}", "dim"))


def _take_any_bytes() -> None:
    """Let what is no text in the terminal's encoding be read, and be refused as an answer."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")


def _line_from(prompt: str) -> str:
    """Return a line of standard input, with the line editing of the terminal where there is one.

    Raises:
        EOFError: nothing more comes.
    """
    if sys.stdin is None:
        raise EOFError
    if sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401 - makes input() edit lines
    return input(prompt)
