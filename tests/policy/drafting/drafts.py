"""Answers to the questions of a policy for tests: given one by one, or drawn by Hypothesis."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from hypothesis import strategies as st

from policy.drafting.policy_answers import PolicyAnswers
from policy.drafting.policy_question import OR, PolicyQuestion
from policy.drafting.policy_questions import first_answers, next_question
from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook

HOLIDAYS = {"SE": (date(2026, 6, 6), date(2026, 12, 25), date(2027, 6, 6))}


def holidays_of(country: str) -> tuple[date, ...]:
    """Return the holidays of the one country that is known here."""
    if country not in HOLIDAYS:
        raise Refusal(f"holidays: {country} is no country")
    return HOLIDAYS[country]


def begun(*, keep_words: bool = False) -> PolicyAnswers:
    """Return what is offered by the handbook."""
    return first_answers(handbook(), keep_words=keep_words)


def walked(
    answers: PolicyAnswers, answer: Callable[[PolicyQuestion], str]
) -> tuple[PolicyAnswers, list[str]]:
    """Return the answers to all questions, and which were asked in their order.

    An answer that is refused is given as the one that is offered.
    """
    asked: list[str] = []
    while question := next_question(answers, asked, holidays_of):
        try:
            answers = question.with_answer(answer(question))
        except Refusal:
            try:
                answers = question.with_answer("")
            except Refusal:  # the one that is offered says that a group is wanted, and none is
                answers = question.with_answer(question.example.partition(OR)[0])
        asked.append(question.name)
        assert len(asked) < 500
    return answers, asked


def told(given: Mapping[str, str], *, keep_words: bool = False) -> PolicyAnswers:
    """Return the answers with those that are given by the question's name, all else as offered."""
    left = dict(given)
    asked: list[str] = []
    answers = begun(keep_words=keep_words)
    while question := next_question(answers, asked, holidays_of):
        answers = question.with_answer(left.pop(question.name, ""))
        asked.append(question.name)
    assert not left, f"never asked: {sorted(left)}; asked: {asked}"
    return answers


def question_named(name: str, given: Mapping[str, str]) -> PolicyQuestion:
    """Return a question as it is asked after some answers."""
    asked: list[str] = []
    answers = begun()
    while question := next_question(answers, asked, holidays_of):
        if question.name == name:
            return question
        answers = question.with_answer(given.get(question.name, ""))
        asked.append(question.name)
    raise AssertionError(f"{name} is not asked; asked: {asked}")


_WORDS = (
    "urgent",
    "P1",
    "sev-1",
    "Höchste",
    "a.b+c",
    "open_source",
    "low",
    "17",
    "x",
    "kind",
    "aim",
)
_TIMES = ("15m", "1h", "4h", "8h", "0bd", "1bd", "2bd", "none", "2d")
_LINES: Mapping[str, Iterable[str]] = {
    "fact": (
        "kind: incident, request, question", "impact: all, some, one", "special: flag",
        "amount: money", "urgency: now, later", "big = flag",
    ),
    "rule": ("{p} if kind = incident", "{p} if special", "{p} if amount > 100 EUR or special",
             "{p} if plan = {w}", "{p} if severity = {w} and not special"),
    "group": ("A: kind = incident", "B: special or amount > 10 EUR", "C: plan = {w}",
              "D \"quoted\" \\ é: priority = {p}", "E: not special and kind = request or question"),
    "other": ("always", "late: Mon-Fri 17:00-22:00", "weekend: Sat-Sun 10:00-14:00",
              "odd.name: Fri 22:00-02:00"),
    "by": ("kind", "special", "plan", "{p}", "{p}, {p}"),
    "times": ("kind", "special", "plan", "impact"),
    "targets": ("resolution", "next_reply, update", "update resolution"),
    "matrix": ("impact, urgency", "kind impact"),
    "timezone": ("Europe/Stockholm", "America/New York", "UTC"),
    "open": ("always", "Mon-Fri 08:00-17:00", "Mon-Fri 22:00-06:00", "Sun 14:00 - Fri 17:00",
             "Mon-Thu 08:00-12:00, Mon-Thu 13:00-17:00, Fri 08:00-14:00"),
    "holidays": ("SE", "2026-12-25, 2026-12-24", "2026-02-30"),
    "aim": ("1h", "90m", "3d"),
    "normal": ("due, age", "group, due", "priority waiting plan due solve age"),
    "hard": ("group, age", "waiting", "plan, group, solve"),
    "stops": ("pending", "pending, on_hold"),
    "untold": ("none", "incident", "request"),
}  # fmt: skip


@st.composite
def typists(draw: st.DrawFn) -> Callable[[PolicyQuestion], str]:
    """Draw somebody who answers: one who says much in every branch, or one who types anything."""
    says_much = draw(st.booleans())
    return lambda question: draw(_typed(question, says_much=says_much))


@st.composite
def _typed(draw: st.DrawFn, question: PolicyQuestion, *, says_much: bool) -> str:
    kind = question.name.split(" ")[0]
    word = st.sampled_from(_WORDS)
    words = st.lists(word, min_size=2 if says_much else 0, max_size=5, unique=True).map(", ".join)
    examples = st.sampled_from(question.example.split(OR))
    if "first_response" in question.name or kind in ("next_reply", "update", "resolution"):
        sense = st.lists(st.sampled_from(_TIMES), min_size=1, max_size=5).map(" ".join)
    elif kind in _LINES:
        sense = st.sampled_from(list(_LINES[kind]))
    elif question.default in ("yes", "no"):
        sense = st.sampled_from(["yes", "no"])
    else:
        sense = words
    if says_much:
        number = question.name.rpartition(" ")[2]
        loops = number.isdecimal() and int(number) > 4
        typed = draw(st.just("") if loops else st.one_of(sense, examples, sense))
    else:
        typed = draw(st.one_of(st.just(""), sense, examples, words, st.text(max_size=12)))
    offered = [each for each in question.default.replace(",", " ").split() if each != "none"]
    return typed.replace("{p}", draw(word)).replace("{w}", draw(st.sampled_from(offered or ["x"])))
