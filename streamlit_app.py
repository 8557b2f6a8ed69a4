"""The dashboard: `streamlit run streamlit_app.py`. Routes between pages and draws the frame around them."""

from pathlib import Path

import streamlit as st

from mtaf_core.charts.words import LANGUAGES
from pages.components import cohort, mode_watch, shell
from pages.components.words import t

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(page_title="MTAF", page_icon=str(ASSETS / "icon.svg"), layout="wide")
shell.linked("lang", LANGUAGES, "en")
st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "icon.svg"))
shell.style()
chosen = st.navigation(
    {
        "": [
            st.Page("pages/check_video.py", title=t("nav_check"), icon=":material/movie:", default=True),
            st.Page(
                "pages/batch.py", title=t("nav_batch"), icon=":material/format_list_numbered:", url_path="batch"
            ),
        ],
        t("nav_explore"): [
            st.Page("pages/drivers.py", title=t("nav_drivers"), icon=":material/insights:", url_path="drivers"),
            st.Page(
                "pages/distributions.py", title=t("nav_distributions"), icon=":material/bar_chart:",
                url_path="distributions",
            ),
            st.Page("pages/kols.py", title=t("nav_kols"), icon=":material/groups:", url_path="kols"),
            st.Page("pages/tags.py", title=t("nav_tags"), icon=":material/tag:", url_path="tags"),
            st.Page("pages/when.py", title=t("nav_when"), icon=":material/schedule:", url_path="when"),
            st.Page("pages/early.py", title=t("nav_early"), icon=":material/timeline:", url_path="early"),
        ],
        t("nav_behind"): [
            st.Page("pages/model.py", title=t("nav_model"), icon=":material/model_training:", url_path="model"),
            st.Page("pages/data.py", title=t("nav_data"), icon=":material/database:", url_path="data"),
        ],
    }
)  # fmt: skip
cohort.sidebar()
foot = shell.sidebar()
shell.banner()
with shell.routing():
    chosen.run()
shell.show_foot(foot)
mode_watch.show(shell.theme().name)
shell.warm_up_later()
