"""TOML that no person writes: refused in one line, before it costs anything."""

import pytest

from policy.refusal import Refusal
from policy.toml_text import DEEPEST, MOST_PARTS, tables_in


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1\n" + "a." * MOST_PARTS + "b = 1", "expected a key of at most 32 parts at line 2"),
        ("[" + '"a" . ' * MOST_PARTS + "b]", "expected a key of at most 32 parts at line 1"),
        ("a = " + "[" * 10_000, "expected TOML, and this is nested too deeply"),
        (
            "a = " + "[" * 2 * DEEPEST + "]" * 2 * DEEPEST,
            "expected TOML, and this is nested too deeply",
        ),
        ("a = " + "9" * 5_000, "expected TOML, and a number in it has too many digits"),
        ('[a]\n"b\\n" = 0x' + "f" * 5_000, "a.b\\n: expected a number of at most 18 digits, not a"),
    ],
    ids=["dotted", "header", "brackets", "lists", "digits", "hexadecimal"],
)
def test_what_no_person_writes_is_refused(text: str, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        tables_in(text, "my.toml")
    assert refused.value.reason.startswith(f"my.toml: {problem}")


def test_dots_in_texts_are_no_parts_of_a_key() -> None:
    said = "one. two. three. " * 40
    assert tables_in(f"\ufeffa = '{said}' # {'.' * 200}\n", "my.toml") == {"a": said}
