"""What operations raise when they refuse; each door turns it into its own answer."""


class Refused(Exception):
    """The deed is refused. `str(error)` is a sentence for the person who asked."""
