"""Parquet, each column of the type that its property has."""

from collections.abc import Callable, Sequence
from typing import IO, Any, Final

import orjson

from profiles.models import PropertyType
from profiles.queries.columns import Column

from .cells import plain_cell
from .snapshot import Snapshot

# Bytes of values that make a group of rows, and are held in memory until it is written.
_GROUP: Final = 16 * 2**20
_NESTED: Final = frozenset(
    {PropertyType.TEXT_LIST, PropertyType.NUMBER_LIST, PropertyType.GEO, PropertyType.TOKENS}
)


def write_parquet(rows: Snapshot, file: IO[bytes]) -> list[str]:
    """What was left out, in sentences: values that are not of their property's type."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    schema = pyarrow.schema([(column.path, _type_of(column)) for column in rows.columns])
    readers = [_reader_of(column, schema.types[place]) for place, column in enumerate(rows.columns)]
    group: list[Any] = []
    left_out = 0
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in rows.batches(plain_cell):
            arrays = [read(texts) for read, texts in zip(readers, zip(*batch, strict=True), strict=True)]
            left_out += sum(array.null_count for array in arrays) - sum(row.count(None) for row in batch)
            group.append(pyarrow.record_batch(arrays, schema=schema))
            if sum(each.nbytes for each in group) >= _GROUP:
                writer.write_table(pyarrow.Table.from_batches(group))
                group = []
        if group:
            writer.write_table(pyarrow.Table.from_batches(group))
    if not left_out:
        return []
    values = "1 value was" if left_out == 1 else f"{left_out:,} values were"
    return [f"{values} left out: not of the type of the property."]


def _reader_of(column: Column, type: Any) -> Callable[[Sequence[str | None]], Any]:
    """From the texts of a batch to an array of the type, with null for those that are not of it."""
    import pyarrow

    def read(texts: Sequence[str | None]) -> Any:
        if column.type in _NESTED:
            return pyarrow.array([None if text is None else orjson.loads(text) for text in texts], type)
        return pyarrow.array(texts, pyarrow.string()).cast(type)

    def read_what_fits(texts: Sequence[str | None]) -> Any:
        try:
            return read(texts)
        except (pyarrow.ArrowException, ValueError):
            if len(texts) == 1:
                return pyarrow.nulls(1, type)
        half = len(texts) // 2
        return pyarrow.concat_arrays([read_what_fits(texts[:half]), read_what_fits(texts[half:])])

    return read_what_fits


def _type_of(column: Column) -> Any:
    import pyarrow

    text, number = pyarrow.string(), pyarrow.float64()
    token = pyarrow.struct({"token": text, "integration_id": text, "status": pyarrow.int8()})
    types = {
        PropertyType.NUMBER: number,
        PropertyType.INTEGER: pyarrow.int64(),
        PropertyType.BOOLEAN: pyarrow.bool_(),
        PropertyType.DATE: pyarrow.date32(),
        PropertyType.DATETIME: pyarrow.timestamp("us", tz="UTC"),
        PropertyType.TEXT_LIST: pyarrow.list_(text),
        PropertyType.NUMBER_LIST: pyarrow.list_(number),
        PropertyType.GEO: pyarrow.struct({"lat": number, "lon": number}),
        PropertyType.TOKENS: pyarrow.list_(token),
    }
    return types.get(column.type, text)
