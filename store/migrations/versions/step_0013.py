"""Filters find the few of a tier, priority or severity; a server tells that something happened."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Have each statement that writes events tell so; a file's own journal tells enough."""
    for column in ("tier", "priority", "severity"):
        op.create_index(f"ticket_{column}", "ticket", [column], unique=False)
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION tell_of_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN PERFORM pg_notify('numberone_changed', TG_TABLE_SCHEMA); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_told AFTER INSERT ON event"
        " FOR EACH STATEMENT EXECUTE FUNCTION tell_of_change()"
    )
