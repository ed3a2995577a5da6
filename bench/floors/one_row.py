"""The least that a command on a database can be: Python, click, SQLite, one row."""

import sqlite3

import click


@click.command()
@click.argument("database")
def main(database: str) -> None:
    """Print the number one's subject, as far as the first row of the order says."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    (number,) = connection.execute("SELECT ticket_id FROM ticket_order LIMIT 1").fetchone()
    click.echo(
        connection.execute("SELECT subject FROM ticket WHERE id = ?", (number,)).fetchone()[0]
    )


if __name__ == "__main__":
    main()
