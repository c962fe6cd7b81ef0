"""What every protocol needs: whose request it is, what it may do, its body, and how its errors are said."""

from .body import MB, read_body, read_json
from .calls import Call, Credentials, Protocol
from .errors import ApiError, Reason
from .routes import Foresee, Guarded, endpoint, guarded, unknown_paths

__all__ = [
    "MB",
    "ApiError",
    "Call",
    "Credentials",
    "Foresee",
    "Guarded",
    "Protocol",
    "Reason",
    "endpoint",
    "guarded",
    "read_body",
    "read_json",
    "unknown_paths",
]
