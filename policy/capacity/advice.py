"""What the board says, in passing, when the level or the mode becomes another one."""

from collections.abc import Sequence
from dataclasses import dataclass

from policy.capacity.levels import Capacity
from policy.capacity.mode import ModeInForce
from policy.phrases import sentence
from policy.refusal import one_of
from policy.vocabulary import Vocabulary
from policy.waits.notices import WaitDue
from policy.words import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityState:
    """How things stand at one instant: capacity, mode, and the notices that are due."""

    capacity: Capacity
    mode: ModeInForce
    notices: Sequence[WaitDue] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A title and a few sentences for everybody; ``worse`` when it has become more to bear."""

    title: str
    text: str
    worse: bool


def advice_between(before: CapacityState, after: CapacityState, words: Vocabulary) -> Advice | None:
    """Return what to say when ``before`` has become ``after``, None when nothing of it changed.

    "Each level carries its contingency in a sentence"; while choices are hard, the notices to send
    are counted, and "a p0 or p1 in that list also asks the lead to call someone in". Of a mode set
    by hand it "says by whom, why and until when".
    """
    level_change = after.capacity.level - before.capacity.level
    mode_changed = after.mode.mode is not before.mode.mode
    if not level_change and not mode_changed:
        return None
    hard = after.mode.mode is Mode.HARD_CHOICES
    sentences = [after.capacity.why, sentence(after.capacity.contingency)]
    if mode_changed:
        sentences.append(_MODES[after.mode.mode])
        if after.mode.by_hand is not None:
            sentences.append(after.mode.why)
    elif hard and level_change < 0:
        sentences.append(after.mode.why)
    if hard and after.notices:
        sentences.append(waits_sentence(after.notices, words))
    return Advice(
        title=_title(before, after),
        text=" ".join(sentences),
        worse=level_change > 0 or (level_change == 0 and hard),
    )


def waits_sentence(notices: Sequence[WaitDue], words: Vocabulary) -> str:
    """Return how many are to be told that they will wait, and whether to call someone in."""
    if not notices:
        return "Nobody needs to be told that they will wait."
    several = len(notices) > 1
    told = f"{len(notices)} customers are" if several else "1 customer is"
    text = f"{told} to be told that they will wait."
    renewed = sum(notice.renews for notice in notices)
    if renewed:
        text += f" {_promises(renewed)} cannot be kept."
    if notices[0].nobody_is_known_to_come:
        text += " Nobody is known to arrive: say who comes back when, or call someone in."
    elif any(notice.urgent for notice in notices):
        text += f" A {one_of(words.urgent)} waits among them: call someone in."
    return text


_MODES = {
    Mode.NORMAL: "Choices are no longer hard: the usual order holds again.",
    Mode.HARD_CHOICES: "Choices are hard: the order for hard choices holds now.",
}


def _promises(count: int) -> str:
    return "A promise made before" if count == 1 else f"{count} promises made before"


def _title(before: CapacityState, after: CapacityState) -> str:
    was, now = before.capacity.level, after.capacity.level
    if now != was:
        return f"Level {now}, {'up' if now > was else 'down'} from {was}"
    hard = after.mode.mode is Mode.HARD_CHOICES
    return f"Level {now}: {'choices are hard' if hard else 'back to normal'}"
