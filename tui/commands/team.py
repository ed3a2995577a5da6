"""Who is in, who is told that they wait, and why the level is what it is."""

from typing import Final

from policy.words import Action
from tui.commands.declaration import (
    Command,
    Group,
    of_now_only,
    without_database,
    without_team,
)

TEAM_COMMANDS: Final = (
    Command(
        id="out",
        title="Mark somebody out or back",
        label="out",
        keys=("o",),
        tooltip="Mark somebody out or back, after seeing what that does",
        help="Marks somebody of the team out, or back again. Before it is done the form says what"
        " it does: level, mode, number one, who will wait, and whose tickets need another hand.",
        group=Group.TEAM,
        action=Action.CHANGE_WHO_IS_OUT,
        unusable=without_team,
    ),
    Command(
        id="waits",
        title="Who waits, and what they are told",
        label="waits",
        keys=("w",),
        tooltip="Tell customers that they will wait, and until when",
        help="Shows who is to be told now that they will wait, with the notice for each, and what"
        " became of the notices before.",
        group=Group.TEAM,
        unusable=of_now_only,
    ),
    Command(
        id="capacity",
        title="Why this level and mode",
        label="level",
        keys=("v",),
        tooltip="Say why the level and the mode are what they are",
        help="Says why the level and the mode are what they are, what that means for everybody, and"
        " who is in and who arrives next.",
        group=Group.TEAM,
        unusable=without_database,
    ),
    Command(
        id="at_capacity",
        title="At capacity, or not any more",
        label="at capacity",
        keys=("b",),
        tooltip="Say that somebody takes no new tickets for now",
        help="Says that you take no new tickets until the queue is healthy, and that you do again."
        " While the team has the keys it is the person under the cursor, for whom a lead speaks.",
        group=Group.TEAM,
        action=Action.LOOK,  # everybody may say it of themselves
        unusable=without_team,
    ),
    Command(
        id="allocation",
        title="Your time, and how it is split",
        label="time",
        keys=("I",),
        tooltip="Show what you recorded, and how time is split",
        help="Shows what you recorded, to be edited, and how your time and the team's is split"
        " between customer and internal work. Who is short of internal work is offered some.",
        group=Group.TEAM,
        unusable=without_database,
    ),
)
