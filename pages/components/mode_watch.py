"""Charts are drawn for one mode, light or dark, by the server: run the page again when the browser changes its mode."""

import streamlit as st

_WATCH = """
export default function ({ data, setStateValue }) {
  const app = document.querySelector(".stApp");
  if (!app) return;
  const tell = () => {
    const mode = getComputedStyle(app).colorScheme.includes("dark") ? "dark" : "light";
    if (mode !== data) setStateValue("mode", mode);
  };
  const observer = new MutationObserver(tell);
  observer.observe(app, { attributes: true, attributeFilter: ["class"] });
  tell();
  return () => observer.disconnect();
}
"""


def show(drawn: str) -> None:
    """Watch for a mode other than ``drawn``, the one this run was drawn for; the change itself runs the page again."""
    st.components.v2.component("mtaf_mode_watch", js=_WATCH)(
        data=drawn, key="mode_watch", on_mode_change=lambda: None, height="content"
    )
