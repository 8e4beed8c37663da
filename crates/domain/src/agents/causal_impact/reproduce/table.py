import csv
import gzip
import io
import math
import re
from itertools import islice

import numpy as np
import pandas as pd

MISSING = {"", ".", "NA", "NaN", "nan", "N/A", "n/a", "null", "NULL", "Null",
           "None", "#N/A"}
SPACE = " \t\r\n\f"
NUMBER = re.compile(
    r"[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
MOST_EXACT = 2 ** 53


class Table:
    """A file's fields as text, and the columns that were read from them."""

    def __init__(self, path):
        with open(path, "rb") as file:
            content = file.read()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        if content[:4] in (b"PAR1", b"PK\x03\x04"):
            raise SystemExit("give the table as delimited text (CSV)")
        text = content.decode("utf-8-sig")
        self.text = pd.read_csv(
            io.StringIO(text, newline=""), sep=delimiter_of(text), dtype=str,
            keep_default_na=False, na_filter=False, index_col=False)
        self.text.columns = self.text.columns.str.strip()
        self.known = {}


def delimiter_of(text):
    """The delimiter that makes most rows as wide as the header."""
    def fit(delimiter):
        lines = io.StringIO(text, newline="")
        rows = islice(csv.reader(lines, delimiter=delimiter), 1000)
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            return 0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    return max(",;\t|", key=fit)


def column(table, name):
    """Numbers as floats, truths as 0 and 1, all else as text; and which.

    What is missing is NaN among numbers and None in text.
    """
    if name not in table.known:
        table.known[name] = recognised(table.text[name])
    return table.known[name]


def recognised(text):
    """As the analysis takes a column: all values decide what it is."""
    trimmed = text.str.strip(SPACE)
    present = ~trimmed.isin(MISSING)
    distinct = trimmed[present].unique()
    values = np.full(len(text), np.nan)
    if all(value.lower() in ("true", "false") for value in distinct):
        truths = trimmed[present].str.lower() == "true"
        values[present] = truths.astype(float)
        return values, "boolean"
    if are_numbers(distinct):
        values[present] = trimmed[present].astype(float)
        return values, "number"
    if all(is_time(value) for value in distinct):
        text = trimmed
    return text.astype(object).where(present, None).to_numpy(), "text"


def are_numbers(distinct):
    """Whole numbers beyond 2^53 without fractions beside them are codes."""
    if not all(NUMBER.fullmatch(value) and math.isfinite(float(value))
               for value in distinct):
        return False
    is_whole = [WHOLE_NUMBER.fullmatch(value) for value in distinct]
    return not all(is_whole) or all(
        abs(int(value)) <= MOST_EXACT for value in distinct)


def is_time(value):
    """Spaces around dates and points in time do not count."""
    try:
        pd.Timestamp(value)
    except ValueError:
        return False
    return re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is not None


def numbers(table, name):
    """A column of numbers."""
    values, kind = column(table, name)
    if kind == "text":
        raise SystemExit(f"column {name!r} is not made of numbers here")
    return values


def categories(table, name):
    """Codes of the rows (-1: missing) and levels, numbers by size."""
    values, kind = column(table, name)
    if kind == "number":
        levels = np.unique(values[~np.isnan(values)])
        codes = np.searchsorted(levels, values)
        return np.where(np.isnan(values), -1, codes), list(levels)
    if kind == "boolean":
        codes = np.where(np.isnan(values), -1, values).astype(int)
        return codes, ["false", "true"]
    distinct = list(dict.fromkeys(v for v in values if v is not None))
    parsed = [as_number(level) for level in distinct]
    if None in parsed:
        levels = sorted(distinct)
    else:
        levels = [level for _, level in
                  sorted(zip(parsed, distinct), key=lambda pair: pair[0])]
    code = {level: number for number, level in enumerate(levels)}
    codes = [-1 if value is None else code[value] for value in values]
    return np.array(codes, dtype=int), levels


def as_number(text):
    """The number that a text is, or None."""
    if not isinstance(text, str):
        return float(text)
    if text != text.strip() or "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def same(wanted, level):
    """Equal as words, as numbers, or as truths in any case."""
    wanted = str(wanted).strip()
    level = level.strip() if isinstance(level, str) else level
    if wanted == level:
        return True
    if level in ("true", "false"):
        return wanted.lower() == level
    left, right = as_number(wanted), as_number(level)
    return left is not None and left == right
