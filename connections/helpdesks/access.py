"""What a help desk is called with: a token that is good now, and another once it is refused."""

from dataclasses import dataclass, field
from typing import Protocol


class Access(Protocol):
    """The way to a token for a help desk whose tokens run out."""

    def token(self) -> str:
        """Return a token that is good now.

        Raises:
            Unreachable: there is none, and none can be had.
        """

    def renewed(self, refused: str) -> str | None:
        """Return another token than the one that was refused, None where there is no other.

        Raises:
            Unreachable: nobody can know now.
        """


@dataclass(frozen=True, slots=True)
class FixedAccess:
    """One token that stays as it is, such as one of the environment."""

    secret: str = field(repr=False)

    def token(self) -> str:
        """Return the token."""
        return self.secret

    def renewed(self, refused: str) -> str | None:
        """Return None: there is no other."""
