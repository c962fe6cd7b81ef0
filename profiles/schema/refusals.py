"""How a value that does not fit is talked about."""

from typing import Any

from pydantic_core import ErrorDetails, PydanticCustomError

from .fields import Field, FieldError

SHOWN = 60


def refusal(rule: str, requirement: str, verdict: str = "is not") -> PydanticCustomError:
    """What a validator raises. `requirement` goes between label and value: `must be a whole number`."""
    context = {"rule": rule, "requirement": requirement, "verdict": verdict}
    return PydanticCustomError("refused", "{requirement}", context)


def field_error(field: Field, raw: Any, details: ErrorDetails) -> FieldError:
    """The sentence about `raw`, from what pydantic says of it."""
    rule, requirement, verdict = _requirement(field, details)
    value = details["input"] if field.is_list and details["loc"] else raw
    return FieldError(
        field.path, field.label, rule, f"{field.label} {requirement}; {shown(value)} {verdict}."
    )


def shown(value: Any) -> str:
    """A value as a message quotes it: short, on one line, printable."""
    if isinstance(value, str):
        return f"“{_shortened(value)}”"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    if isinstance(value, (int, float)):
        return _shortened(_digits(value))
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    return "an object" if isinstance(value, dict) else f"a value of type {type(value).__name__}"


def _shortened(text: str) -> str:
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in cut)


def _digits(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # Python does not write integers of more than 4,300 digits.
        return "a number of very many digits"


def _requirement(field: Field, details: ErrorDetails) -> tuple[str, str, str]:
    """(rule, requirement, verdict) of an error of ours or of one of pydantic's own."""
    context = details.get("ctx", {})
    match details["type"]:
        case "refused":
            return context["rule"], context["requirement"], context["verdict"]
        case "string_too_short":
            return "length", f"must have at least {context['min_length']} characters", _has(details)
        case "string_too_long":
            return "length", f"may have at most {context['max_length']} characters", _has(details)
        case "string_pattern_mismatch" if field.pattern and "\0" not in details["input"]:
            return "pattern", f"must match the pattern {field.pattern}", "does not"
        case "string_pattern_mismatch" | "string_unicode":
            return "characters", "may not contain characters that cannot be stored", "does"
        case "literal_error":
            return "choice", f"must be one of {_listed(field.choices)}", "is not"
        case _:
            return "type", "must be text", "is not"


def _has(details: ErrorDetails) -> str:
    return f"has {len(details['input']):,}"


def _listed(choices: tuple[str, ...]) -> str:
    first = ", ".join(choices[:10])
    return first if len(choices) <= 10 else f"{first} … ({len(choices)} choices)"
