"""PostgreSQL as the site talks to it: Django's own backend, on one connection a thread, which is kept."""
