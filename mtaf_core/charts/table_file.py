"""Tables as files for spreadsheets: CSV and XLSX that open as they should and run nothing."""

import io
from datetime import UTC

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(rows: pd.DataFrame) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark, without which Excel garbles Chinese.

    Words that a spreadsheet would run as a formula get an apostrophe before them.
    """
    return harmless(rows).to_csv(index=False).encode("utf-8-sig")


def xlsx_file(rows: pd.DataFrame, sheet: str = "MTAF") -> bytes:
    """Rows as an XLSX workbook with one sheet, its heading frozen."""
    kept = harmless(rows)
    for name in kept.columns:
        if isinstance(kept[name].dtype, pd.DatetimeTZDtype):  # a cell knows no time zone
            kept[name] = kept[name].dt.tz_convert(UTC).dt.tz_localize(None)
    target = io.BytesIO()
    kept.to_excel(target, index=False, sheet_name=sheet, freeze_panes=(1, 0), engine="openpyxl")
    return target.getvalue()


def harmless(rows: pd.DataFrame) -> pd.DataFrame:
    """A copy in which no word is a formula."""
    return rows.map(_harmless).rename(columns=lambda name: _harmless(str(name)))


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
