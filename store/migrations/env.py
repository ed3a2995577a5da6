"""What Alembic runs: the steps, on the connection and in the transaction it was given."""

from alembic import context
from sqlmodel import SQLModel

import store.schema.tables  # noqa: F401 - fills SQLModel.metadata, which a comparison needs

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
