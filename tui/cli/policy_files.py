"""Policy files on disk: read whole, or refused in one line."""

from pathlib import Path
from typing import TYPE_CHECKING

from policy.refusal import Refusal
from policy.vocabulary import nearest_word
from tui.cli.text_files import toml_in

if TYPE_CHECKING:
    from policy.rulebook.rulebook import Rulebook


def read_policy(path: str) -> "Rulebook":
    """Return the policy in a file, or the one of that name in the book where there is no file.

    Raises:
        Refusal: it cannot be read, or is wrong; the line names the file, the key and the value, or
            the policy of the book that was probably meant.
    """
    # The rules are heavy, and help is not
    from policy.rulebook.book import book  # noqa: PLC0415
    from policy.rulebook.rulebook import load_rulebook  # noqa: PLC0415

    if not Path(path).exists():
        texts = {each.name: each.text for each in book()}
        if path in texts:
            return load_rulebook(texts[path], path)
        near = nearest_word(path, texts)
        if near is not None:
            raise Refusal(f"{path}: no file, and not in the book; did you mean {near}?")
    return load_rulebook(policy_text(path), path)


def policy_text(path: str) -> str:
    """Return what is written in a policy file.

    Raises:
        Refusal: it cannot be read, or is no text of a policy's length.
    """
    return toml_in(path, "a policy")
