"""What the columns hold that no engine has a type of its own for: times, and words of a policy."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field

from policy.words import Severity, Tier
from store.schema.stored_values import (
    NO_WORD,
    moment_of,
    number_of,
    severity_as_it_is,
    severity_in_text,
    tier_of,
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> int | None:
        """Return the number that is stored."""
        return None if value is None else number_of(value)

    def process_result_value(
        self,
        value: int | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Return the stored number as an aware UTC datetime.

        Raises:
            Damaged: it is no time.
        """
        return moment_of(value)


def instant_column(*, nullable: bool = False) -> Any:
    """Return the field of a row that keeps a time."""
    return Field(sa_column=Column(Instant, nullable=nullable))


class TierWord(TypeDecorator[Tier]):
    """A tier, or none."""

    impl = String
    cache_ok = True

    def process_bind_param(
        self,
        value: Tier | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str:
        """Return the text that is stored."""
        return NO_WORD if value is None else value

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> Tier | None:
        """Return the tier that the text stands for."""
        return tier_of(value)


class SeverityWord(TypeDecorator[Severity]):
    """A severity, which is a number or a word, or none.

    SQLite keeps a number as the number that it always was, and a word beside it in the same
    column; in PostgreSQL both are texts, and no word is a number in quotes.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the engine's own type."""
        return dialect.type_descriptor(Integer() if _keeps_any(dialect) else String())

    def process_bind_param(self, value: Severity | None, dialect: Dialect) -> Severity:
        """Return the number or the text that is stored."""
        stored = NO_WORD if value is None else value
        return stored if _keeps_any(dialect) else str(stored)

    def process_result_value(self, value: Severity | None, dialect: Dialect) -> Severity | None:
        """Return the severity that is stored."""
        if _keeps_any(dialect):
            return severity_as_it_is(value)
        return severity_in_text(None if value is None else str(value))


def _keeps_any(dialect: Dialect) -> bool:
    """Return whether a column takes numbers and texts alike, whatever its type is called."""
    return dialect.name == "sqlite"
