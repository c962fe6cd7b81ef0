"""SQL for what an export reads of a profile: one text per column, NULL where unset.

Taken from the row and put into its form in two steps, a sub-select each: so a value is taken out of its JSON
once, however often its form needs it. What varies, the keys of properties, are parameters.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db.models import CharField, Expression, F, Func, OuterRef, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from profiles.models import TEXT_COLUMNS, Identifier, PropertyType
from profiles.models.profile import Joined, ProfileQuerySet
from profiles.queries.columns import Column, JsonText, JsonValue

from .columns import IDENTIFIERS

Statement = tuple[str, Sequence[Any]]
Cell = tuple[Combinable, str]
"""What is read, and the form that it is given: SQL with {cell} for its name."""

_AS_IS: Final = "{cell}"
_AS_TEXT: Final = "{cell}::text"
_AS_JSON: Final = "to_json({cell})::text"
_MOMENT: Final = "to_jsonb({cell}) #>> '{{}}'"
_TEXTS: Final = frozenset({*TEXT_COLUMNS, "display_name"})
_MOMENTS: Final = frozenset({"created_at", "updated_at", "last_seen_at"})
_ARRAYS: Final = frozenset({"tags", "sources"})

# What Python takes for blank besides the space; control characters are escaped in JSON.
_BLANKS: Final = r"[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
# Elements with ; between them, as an import splits them. A list stays JSON, which an import reads too, where
# an element has a ; or what JSON escapes, begins or ends with a blank, or begins like JSON. Each %
# is doubled, as the statement has parameters; what is looked for plainly is found faster than by a pattern.
_TEXT_LIST: Final = rf"""CASE
    WHEN {{cell}} LIKE '["%%"]' AND {{cell}} NOT LIKE '["[%%'
        AND strpos({{cell}}, ';') = 0 AND strpos({{cell}}, '\') = 0
        AND {{cell}} NOT LIKE '%%" %%' AND {{cell}} NOT LIKE '%% ",%%' AND {{cell}} NOT LIKE '%% "]'
        AND (octet_length({{cell}}) = length({{cell}}) OR {{cell}} !~ '{_BLANKS}')
    THEN replace(substr({{cell}}, 3, length({{cell}}) - 4), '", "', ';')
    ELSE {{cell}} END"""
_NUMBER_LIST: Final = "CASE WHEN strpos({cell}, '\"') = 0 THEN translate({cell}, ',[] ', ';') ELSE {cell} END"
_ARRAY: Final = """CASE
    WHEN ascii({cell}[1]) = ascii('[') THEN to_json({cell})::text ELSE array_to_string({cell}, ';') END"""
_LISTS: Final = {PropertyType.TEXT_LIST: _TEXT_LIST, PropertyType.NUMBER_LIST: _NUMBER_LIST}
_ARRAY_AS_JSON: Final = "CASE WHEN cardinality({cell}) > 0 THEN to_json({cell})::text END"


class _Get(Func):
    """`a ->> 'key'`, for an expression `a`."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = TextField()


class _Identifiers(Subquery):
    """The other names of a profile as one JSON list, as text."""

    template = """(SELECT json_agg(json_strip_nulls(json_build_object(
        'kind', kind, 'value', value, 'source', nullif(source, ''), 'type', nullif(type, '')
        )) ORDER BY id)::text FROM (%(subquery)s) AS other)"""
    output_field = TextField()


def reading(
    found: ProfileQuerySet, columns: Sequence[Column], cell_of: Callable[[Column], Cell]
) -> Statement:
    """A SELECT of one text per column, named cell_0 and so on, and its parameters. Raises EmptyResultSet."""
    cells = {f"cell_{number}": cell_of(column) for number, column in enumerate(columns)}
    read = found.annotate(**{name: expression for name, (expression, _) in cells.items()})
    inner, parameters = read.values_list(*cells).query.sql_with_params()
    forms = ", ".join(f"{form.format(cell=name)} AS {name}" for name, (_, form) in cells.items())
    # OFFSET keeps the planner from putting the first step into the second.
    return f"SELECT {forms} FROM ({inner} OFFSET 0) AS taken", parameters


def text_cell(column: Column) -> Cell:
    """As a table has it: lists with ; between the elements, places as `lat, lon`. An empty text is unset."""
    if column.key and column.type == PropertyType.GEO:
        return _place(column), _AS_IS
    if column.key and column.type in _LISTS:
        return _taken(column), _LISTS[column.type]
    if column.source in _ARRAYS:
        return _taken(column), _ARRAY
    return (F(column.source), _AS_IS) if column.source in _TEXTS else plain_cell(column)


def plain_cell(column: Column) -> Cell:
    """The value's own text; lists, places and tokens are JSON."""
    if column.source in _ARRAYS:
        return _taken(column), _ARRAY_AS_JSON
    if column.source in _MOMENTS:
        return _taken(column), _MOMENT
    return _taken(column), _AS_IS if column.key or column.source in _TEXTS else _AS_TEXT


def json_cell(column: Column) -> Cell:
    """The value as JSON."""
    if column.key:
        return JsonValue(column.source, column.key), _AS_TEXT
    if column.source in _ARRAYS:
        return _taken(column), _ARRAY_AS_JSON
    return _taken(column), _AS_IS if column.source == IDENTIFIERS else _AS_JSON


def _taken(column: Column) -> Combinable:
    if column.key:
        return JsonText(column.source, column.key)
    if column.source == IDENTIFIERS:
        owned = Identifier.objects.filter(profile_id=OuterRef("pk"))
        return _Identifiers(owned.values("id", "kind", "value", "source", "type"))
    return NullIf(F(column.source), Value("")) if column.source in _TEXTS else F(column.source)


def _place(column: Column) -> Expression:
    """`lat, lon`; what is no place stays as it is."""
    place = JsonValue(column.source, column.key)
    lat, lon = (_Get(place, Value(part, output_field=CharField())) for part in ("lat", "lon"))
    return Coalesce(Joined(lat, Value(", "), lon), JsonText(column.source, column.key))
