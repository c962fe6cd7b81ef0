"""A database of the benchmark's own, on the server that the site uses."""

import os
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

NAME = os.environ.get("BENCH_DATABASE", "profiles_bench")


def use_own_database(*, fresh: bool = False) -> None:
    """Create it if need be, point Django and every child process at it, and bring its tables up to date."""
    from profiles_site.postgres import embedded_url

    server = os.environ.get("DATABASE_URL") or embedded_url()
    with psycopg.connect(server, autocommit=True) as connection:
        if fresh:
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


def connect() -> psycopg.Connection:
    """A connection of our own, each statement a transaction."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
