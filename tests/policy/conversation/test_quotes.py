"""What is folded of a message when it is shown, and that nothing of it is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.conversation.quotes import passages, quoted_lines


def shown(text: str, *, opens: bool = False) -> str:
    """Return the lines that are not folded."""
    parts = passages(text, opens=opens)
    return "\n".join(line for part in parts if not part.quoted for line in part.lines).strip()


INTRODUCTIONS = (
    "On Mon, 2 Mar 2026 at 09:14, Support <support@example.com> wrote:",
    "On Mon, Mar 2, 2026 at 9:14 AM Example Support <support@example.com>\nwrote:",
    "Am 02.03.2026 um 09:14 schrieb Support:",
    "Le lun. 2 mars 2026 à 09:14, Support <support@example.com> a écrit :",
    "El lun, 2 mar 2026 a las 9:14, Support escribió:",
    "Den mån 2 mars 2026 kl 09:14 skrev Support:",
    "W dniu 2.03.2026 o 09:14, Support pisze:",
    "2026年3月2日(月) 9:14 Support <support@example.com>:",
    "понедельник, 2 марта 2026 г., 9:14, Support:",
)

BLOCKS = (
    "From: Support <s@example.com>\nSent: Monday, March 2, 2026 9:14 AM\nTo: Ida\nSubject: RE: x",
    "-----Original Message-----\nFrom: Support\nSent: Monday\nTo: Ida\nSubject: x",
    "________________________________\nVon: Support\nGesendet: Montag\nAn: Ida\nBetreff: AW: x",
    "*From:* Support\n*Date:* Monday\n*To:* Ida\n*Cc:* Bo\n*Subject:* x",
    "De : Support\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : Ida\nObjet : RE: x",
    "De: Support\nEnviado: lunes\nPara: Ida\nAsunto: RE: x",
    "Da: Support\nInviato: lunedì\nA: Ida\nOggetto: R: x",
    "От: Support\nОтправлено: 2 марта\nКому: Ida\nТема: RE: x",
    "差出人: Support\n送信日時: 2026年3月2日\n宛先: Hanako\n件名: RE: x",
)


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_quotation_is_folded_with_what_introduces_it(introduction: str, gap: str) -> None:
    text = f"Yes.\n\n{introduction}{gap}> Which one?\n>\n> Luz\n\nAnd no."
    assert shown(text) == "Yes.\n\n\nAnd no."


@pytest.mark.parametrize("block", BLOCKS)
def test_a_whole_mail_below_its_headers_is_folded(block: str) -> None:
    assert shown(f"Yes.\n\n{block}\n\nWhich one?\n\nLuz") == "Yes."


@pytest.mark.parametrize("block", BLOCKS)
def test_what_opens_a_conversation_was_passed_on_and_is_shown(block: str) -> None:
    text = f"For you.\n\n{block}\n\nIt is down."
    assert shown(text, opens=True) == text


@pytest.mark.parametrize(
    "text",
    [
        "As I said on Monday we wrote:\nit is down.",
        "On Monday, 2 March 2026 we wrote:\nit is down, and you did nothing.",
        "From: is a word.\nTo: be or not.\nIt is down.",
        "Steps:\n\n1. open\n2. close",
        "a > b\nif x > 3: stop",
        "",
    ],
)
def test_a_customers_own_words_are_never_folded(text: str) -> None:
    assert shown(text) == text


def test_answers_between_the_lines_are_shown() -> None:
    text = "On 2 Mar 2026 at 09:14, Luz wrote:\n> Which group?\nAll.\n> Since when?\nMonday."
    assert shown(text) == "All.\nMonday."


def test_an_introduction_goes_with_its_quotation_alone() -> None:
    lines = ["I wrote on 2 March 2026:", "", "It is down.", "", "> Which one?"]
    assert quoted_lines(lines) == [False, False, False, False, True]


PIECES = (
    "> x",
    ">",
    "",
    "On 2 Mar 2026 at 9:14, x wrote:",
    "From: a",
    "Sent: b",
    "To: c",
    "own",
    "\r\x0b",
)


@given(lines=st.lists(st.sampled_from(PIECES)), opens=st.booleans())
def test_nothing_is_lost_and_nothing_is_moved(lines: list[str], opens: bool) -> None:
    text = "\n".join(lines)
    parts = passages(text, opens=opens)
    assert "\n".join(line for part in parts for line in part.lines) == text
    assert all(one.quoted != other.quoted for one, other in pairwise(parts))


@given(lines=st.lists(st.sampled_from(("own", "Hello:", "a 2026 9:14", ""))))
def test_without_a_sign_nothing_is_quoted(lines: list[str]) -> None:
    assert not any(quoted_lines(lines))
