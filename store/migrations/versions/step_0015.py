"""Each change on a server has an id, so that it is known whether it was committed."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Keep the ids where an answer can be lost on its way: a file has no such way."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE TABLE change_id"
        " (id UUID PRIMARY KEY, at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now())"
    )
    op.execute("CREATE INDEX change_id_at ON change_id (at)")
