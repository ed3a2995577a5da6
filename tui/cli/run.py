"""How a command runs and ends: every failure is one line for a person, and an exit code."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from policy.refusal import Refusal
from tui.cli.app import program
from tui.cli.completion import PROGRAM, answer_shell
from tui.cli.exit_codes import DONE, INTERRUPTED, REFUSED
from tui.phrasing.text import plain_block, plain_line


def run(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one for each way to end
    """Run the program and return its exit code: 0 done, 1 refused or bad input, 2 wrong usage."""
    _make_output_forgiving()
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        _let_go_of_output()
        return DONE
    except (KeyboardInterrupt, click.Abort):
        return _failed("stopped", INTERRUPTED)
    except Refusal as refusal:
        return _failed(refusal.reason)
    except click.ClickException as error:
        return _misused(error)
    except OSError as error:
        _let_go_of_output()
        return _failed(_in_words(error))
    except Exception as fault:  # a person gets one line, the log the traceback
        return _failed(_noted(fault))
    return code


def _invoke(arguments: Sequence[str]) -> int:
    answered = answer_shell(program)
    if answered is not None:
        return answered
    try:
        with program.make_context(PROGRAM, list(arguments)) as context:
            program.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return DONE


def _failed(reason: str, code: int = REFUSED) -> int:
    sys.stderr.write(f"{PROGRAM}: {plain_line(reason)}\n")
    return code


def _misused(error: click.ClickException) -> int:
    """Say how the command is used; what was typed may hold anything, so it is made harmless."""
    said = io.StringIO()
    error.show(file=said)
    sys.stderr.write(plain_block(said.getvalue()))
    return error.exit_code


def _in_words(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else f"cannot go on: {reason}"


def _noted(fault: Exception) -> str:
    from tui.environment.config import state_folder  # noqa: PLC0415 - as below
    from tui.environment.fault_log import note_fault  # noqa: PLC0415 - hoped never to be needed

    return f"a fault of its own, {type(fault).__name__}; {note_fault(state_folder(), fault)}"


def _make_output_forgiving() -> None:
    """Let a closed stream be nowhere, and letters that an old terminal lacks be their numbers."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
            setattr(sys, name, nowhere)
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_output() -> None:
    """Leave nothing for the interpreter to write at its end, where it would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
