"""The backend that Django finds under this name."""

import select
import time
from typing import Any, Final

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError

_SECONDS_BETWEEN_TRIES: Final = 0.1


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of one thread. To take one out of a pool and back again took a tenth of a request."""

    def get_connection_params(self) -> dict[str, Any]:
        """Prepared statements keep their plan: PostgreSQL planned those about a few ids at each execution."""
        found: dict[str, Any] = super().get_connection_params()
        options = f"{found.get('options', '')} -c plan_cache_mode=force_generic_plan"
        return found | {"options": options.strip()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """Waits `PATIENCE` seconds for a database that is away: longer than it takes to start again."""
        until = time.monotonic() + self.settings_dict.get("PATIENCE", 0)
        while True:
            try:
                made: Connection[Any] = super().get_new_connection(conn_params)
            except OperationalError:
                if time.monotonic() > until:
                    raise
            else:
                return made
            time.sleep(_SECONDS_BETWEEN_TRIES)  # A database that is away cannot say that it is back.

    def is_usable(self) -> bool:
        """Whether PostgreSQL has not cut it off, as by a restart. Django asks at the first use in a request.

        The server says goodbye to a connection, or its system does, so that there is something to read on one
        that nobody uses. Only then, or behind an error, is the server asked, which takes a tenth of a request
        of an application.
        """
        return (not self.errors_occurred and self._is_silent()) or super().is_usable()

    def _is_silent(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        readable = select.poll()
        readable.register(self.connection.fileno(), select.POLLIN)
        return not readable.poll(0)
