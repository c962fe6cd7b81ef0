class Unfit(ValueError):
    """A cell is not written in the way that was chosen; the message is a sentence."""
