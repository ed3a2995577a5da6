"""Statements that change many rows, made ready once for an engine's driver.

SQLAlchemy looks at every value of every row by itself, which takes longer than the engine takes to
write it. What is run here are the schema's own statements all the same, as SQLAlchemy compiles
them, with each column's own way to keep its values.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import UpdateBase

Values = Sequence[Any]
"""The values of one row, in the order in which their names are given."""


def run_each(
    connection: Connection, statement: UpdateBase, names: tuple[str, ...], rows: Collection[Values]
) -> None:
    """Run a statement once for each row, in their order; for none nothing is done.

    ``names`` are those of a row's values: its columns, or the parameters that the statement has.
    The statement is one that is made once and kept.
    """
    if rows:
        form = _form(statement, names, connection.dialect)
        connection.exec_driver_sql(form.sql, list(form.told(rows)))


class _Form(NamedTuple):
    """A statement as a driver takes it, and what becomes of the values of each row.

    ``named`` says whether the driver takes values by their names, else by their places: ``order``
    says which, None where that is how they are given. ``always`` are the statement's own values,
    by names that follow those of a row.
    """

    sql: str
    names: tuple[str, ...]
    named: bool
    order: Sequence[int] | None
    converts: Sequence[tuple[int, Callable[[Any], Any]]]
    always: Values

    def told(self, rows: Collection[Values]) -> Iterator[Any]:
        """Yield the rows as the driver takes them."""
        for row in rows:
            values = [*row, *self.always]
            for place, convert in self.converts:
                values[place] = convert(values[place])
            if self.named:
                yield dict(zip(self.names, values, strict=True))
            elif self.order is not None:
                yield tuple([values[place] for place in self.order])
            else:
                yield tuple(values)


@lru_cache(maxsize=256)
def _form(statement: UpdateBase, names: tuple[str, ...], dialect: Dialect) -> _Form:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    kept = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }
    own = tuple(name for name in kept if name not in names)
    names = (*names, *own)
    converts = ((place, kept[name]) for place, name in enumerate(names))
    order = [names.index(name) for name in compiled.positiontup or ()]
    return _Form(
        sql=str(compiled),
        names=names,
        named=not compiled.positional,
        order=None if order == list(range(len(names))) else order,
        converts=[(place, convert) for place, convert in converts if convert is not None],
        always=[compiled.params[name] for name in own],
    )
