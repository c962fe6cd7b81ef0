"""A database of the benchmark's own, on the server that the site uses."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

NAME = os.environ.get("BENCH_DATABASE", "profiles_bench")
_CONTENT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


def use_own_database(*, fresh: bool = False, source: str) -> None:
    """Create it if need be, point Django and every child process at it, and bring its tables up to date.

    It is made anew where its people are not of this `source`: the properties of others might not fit.
    """
    from profiles_site.postgres import embedded_url

    server = os.environ.get("DATABASE_URL") or embedded_url()
    with psycopg.connect(server, autocommit=True) as connection:
        if fresh or not content(connection).endswith(source):
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    os.environ["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{NAME}").geturl()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profiles_site.settings")

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def source_of(file: Path | None) -> str:
    """Says from one run to the next whether it is the same."""
    return f"{file.name}, {file.stat().st_size} bytes" if file else "made-up people"


def content(connection: psycopg.Connection) -> str:
    """What was noted about the people in it."""
    found = connection.execute(_CONTENT, [NAME]).fetchone()
    return str(found[0] or "") if found else ""


def note_content(connection: psycopg.Connection, text: str) -> None:
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    connection.execute(statement.format(sql.Identifier(NAME), sql.Literal(text)))


def connect() -> psycopg.Connection:
    """A connection of our own, each statement a transaction."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
