"""What a Zendesk says of how often it may be asked: by the headers of its answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

_LONGEST: Final = timedelta(minutes=10)
_A_MINUTE: Final = timedelta(minutes=1)
_OWN: Final = "zendesk-ratelimit-"
_TOTAL: Final = re.compile(r"\btotal=(\d{1,9})")
_REMAINING: Final = re.compile(r"\bremaining=(\d{1,9})")
_RESETS: Final = re.compile(r"\bresets=(\d{1,9})")
_KEPT_FREE: Final = 0.1
"""The share of a limit that is left to everybody else: their agents' clicks count as well."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests are left of how many, until it begins anew ``resets`` from now."""

    total: int
    remaining: int
    resets: timedelta

    @property
    def is_spent(self) -> bool:
        """Whether what is left belongs to others."""
        return self.remaining <= max(1, int(self.total * _KEPT_FREE))

    @property
    def pace(self) -> timedelta:
        """How far apart two readings may be so that half of what is left stays for others."""
        return self.resets if self.is_spent else self.resets * 2 / self.remaining


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits that an answer told of, by their names: the account's, and those of endpoints."""

    each: Mapping[str, RateLimit]

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """Return what headers say, whose names are in lower case."""
        found: dict[str, RateLimit] = {}
        remaining = headers.get("ratelimit-remaining", headers.get("x-rate-limit-remaining", ""))
        if _is_number(remaining):
            total = headers.get("ratelimit-limit", headers.get("x-rate-limit", ""))
            resets = headers.get("ratelimit-reset", "")
            found["account"] = RateLimit(
                int(total) if _is_number(total) else 0,
                int(remaining),
                seconds(resets) or _A_MINUTE,
            )
        for name, value in headers.items():
            left = _REMAINING.search(value) if name.startswith(_OWN) else None
            if left is not None:
                total_of, resets_in = _TOTAL.search(value), _RESETS.search(value)
                found[name.removeprefix(_OWN)] = RateLimit(
                    int(total_of[1]) if total_of else 0,
                    int(left[1]),
                    (seconds(resets_in[1]) if resets_in else None) or _A_MINUTE,
                )
        return cls(found)

    def with_later(self, later: "RateLimits") -> "RateLimits":
        """Return them with what a later answer told."""
        return RateLimits({**self.each, **later.each})

    @property
    def is_spent(self) -> bool:
        """Whether the account's requests are used up, but for those of others."""
        account = self.each.get("account")
        return account is not None and account.is_spent

    @property
    def pace(self) -> timedelta:
        """How far apart two readings are to be."""
        return max((each.pace for each in self.each.values()), default=timedelta(0))


def seconds(written: str) -> timedelta | None:
    """Return a number of seconds as a header says it, at most ten minutes; None for none."""
    return min(timedelta(seconds=int(written[:9])), _LONGEST) if _is_number(written) else None


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit()
