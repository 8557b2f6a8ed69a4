"""A chart on a page: the sentence it proves, the figure, and its numbers and picture to take away."""

from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from mtaf_core.charts import theme as themes
from mtaf_core.charts.table_file import csv_file
from pages.components.words import t

Select = Literal["points", "box", "lasso"]


def show(
    figure: go.Figure, key: str, rows: pd.DataFrame | None, *, heading: bool = True, select: tuple[Select, ...] = ()
) -> dict[str, Any]:
    """Show a figure with a button for its numbers as CSV and one, on the figure, for its picture as PNG.

    Parameters
    ----------
    figure : Figure
        Dressed by `mtaf_core.charts.theme.finish`.
    key : str
        Of the widget, and the name of the files.
    rows : DataFrame or None
        The numbers drawn, with headings a person understands; None where a table beside the chart has its own button.
    heading : bool, default True
        Whether the figure's finding is set over it.
    select : tuple of {"points", "box", "lasso"}
        What may be selected; the page runs again when something is.

    Returns
    -------
    dict
        The selection, ``{"points": […], "box": […], "lasso": […]}``; empty lists where nothing is selected.
    """
    with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute", gap="small",
                      wrap=False):  # fmt: skip
        if heading:
            # Names of others stand in it: two prices would be a formula.
            st.markdown(themes.finding(figure).replace("$", "\\$"), width="stretch")
        if rows is not None and not rows.empty:
            csv_button(rows, key)
    if not figure.data:
        return {"points": [], "box": [], "lasso": []}
    buttons = ["toImage", *({"box": "select2d", "lasso": "lasso2d"}[s] for s in select if s != "points")]
    config = {
        "displaylogo": False,
        "modeBarButtons": [buttons],
        "displayModeBar": True,
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": key},
    }
    drawn: dict[str, Any] = {"theme": None, "key": key, "alt": themes.alt(figure), "config": config}
    if not select:
        st.plotly_chart(figure, **drawn)
        return {"points": [], "box": [], "lasso": []}
    event = st.plotly_chart(figure, on_select="rerun", selection_mode=select, **drawn)
    return dict(event["selection"])


def csv_button(rows: pd.DataFrame, key: str) -> None:
    """A button for rows as CSV; ``key`` names the file."""
    st.download_button(
        "CSV", lambda: csv_file(rows), f"{key}.csv", "text/csv", icon=":material/download:", type="tertiary",
        key=f"{key}-csv", on_click="ignore", help=t("download_rows"),
    )  # fmt: skip
