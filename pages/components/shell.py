"""The frame around every page: workspace, theme, language, banner, sidebar, errors, and the waking of the models."""

import os
import runpy
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from mtaf_core import faults
from mtaf_core.charts import theme as themes
from mtaf_core.charts.theme import DARK, LIGHT
from mtaf_core.charts.words import LANGUAGES
from mtaf_core.content.reader import Reader
from mtaf_core.errors import BadBundle, MtafError
from mtaf_core.insight.forecast import Forecaster
from mtaf_core.schema import HORIZON_DAY, Modality
from mtaf_core.workspace import Workspace, default_path
from pages.components.words import t, told

WARM_UP_AFTER_S = 0.5
"""How long the models wait after the first page before they load, so that they never slow it."""
WARM_UP = "MTAF_WARM_UP"
"""Environment variable: ``off`` leaves the models asleep until the first question."""

_ROUTER = Path(__file__).resolve().parents[2] / "streamlit_app.py"
_ROUTED = "routed"
_LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


@st.cache_resource(max_entries=2, show_spinner=False)
def _open_workspace(path: str) -> Workspace:
    return Workspace.default()


@st.cache_resource(max_entries=2, show_spinner=False)
def _make_forecaster(path: str) -> Forecaster:
    return Forecaster(workspace(), reader=_reader())


@st.cache_resource(show_spinner=False)
def _reader() -> Reader:
    return Reader()


def workspace() -> Workspace:
    """The workspace of this server, opened once; the demo market is made where there is none."""
    return _open_workspace(str(default_path()))


def forecaster() -> Forecaster:
    """The one forecaster of this server, shared by every session."""
    return _make_forecaster(str(default_path()))


def horizon_day() -> int:
    """The day that the bundle in use predicts; the product's own where there is no bundle."""
    try:
        return workspace().manifest().horizon_day
    except MtafError:
        return HORIZON_DAY


def theme() -> themes.Theme:
    """The theme of the browser that asks."""
    return themes.theme(st.context.theme.type)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what goes wrong inside into one sentence: the error's own, or a reference id with the trace in the log."""
    try:
        yield
    except MtafError as error:
        st.error(told(error), icon=":material/error:")
    except Exception as error:
        st.error(t("fault", reference=record(error)), icon=":material/bug_report:")


def record(error: Exception) -> str:
    """Log a fault of ours in the workspace, or beside the system's temporary files, and give its reference id."""
    return faults.record(error, default_path() / "logs")


def routed() -> bool:
    """Whether the router runs this page. Where it does not, run the router, which runs the page in its frame.

    Streamlit itself runs a file of a folder called ``pages`` when the first visitor of a fresh server asks for it by
    its address, and only learns of the router when that has run once.
    """
    if _ROUTED in st.session_state:
        return True
    runpy.run_path(str(_ROUTER), run_name="__main__")
    return False


@contextmanager
def routing() -> Iterator[None]:
    """Note that the router runs a page, for as long as it does."""
    st.session_state[_ROUTED] = True
    try:
        yield
    finally:
        st.session_state.pop(_ROUTED, None)


def linked(key: str, allowed: Sequence[str], default: str) -> None:
    """Take the value of a widget called ``key`` from the URL on the first run; call before the widget."""
    if key not in st.session_state:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in allowed else default


def publish(key: str, default: str) -> None:
    """Keep the URL in step with a widget called ``key``, so that it can be shared; call after the widget.

    The widgets' own binding writes their translated labels into the URL; this keeps it the same in every language.
    """
    value = st.session_state.get(key, default)
    if value is None or value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def sidebar() -> st.delta_generator.DeltaGenerator:
    """Language on top; at the foot, which is given back to be drawn again, what this server works with."""
    with st.sidebar:
        st.segmented_control(
            t("language"),
            list(LANGUAGES),
            format_func=lambda code: _LANGUAGE_NAMES[code],
            key="lang",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
            width="stretch",
        )
        publish("lang", "en")
        with st.container(key="foot"):
            foot = st.empty()
    show_foot(foot)
    return foot


def show_foot(foot: st.delta_generator.DeltaGenerator) -> None:
    """Say what this server works with; again after the page, since a forecast wakes the models."""
    with foot.container(), guarded():
        st.caption("  \n".join(f"{name}: **{value}**" for name, value in _foot(workspace())))


def _foot(space: Workspace) -> list[tuple[str, str]]:
    lines = [(t("foot_workspace"), space.info.name)]
    try:
        manifest = space.manifest()
    except BadBundle:
        return [*lines, (t("foot_profile"), t("foot_no_bundle"))]
    ready = forecaster()
    return [
        *lines,
        (t("foot_profile"), t(f"profile_{manifest.profile}")),
        (t("foot_trained"), str(manifest.created_at)[:10]),
        (t("foot_device"), ready.device.upper() if ready.is_warm else t("foot_waking")),
    ]


def banner() -> None:
    """Say on every page that a simulated market is one."""
    with guarded():
        info = workspace().info
        if info.simulated:
            market = info.name.removesuffix("(simulated)").rstrip()
            with st.container(key="banner"):
                st.markdown(f":material/science: {t('simulated', name=market)}")


def title(key: str, lead: str) -> None:
    """A page's heading and the sentence under it."""
    st.title(t(key), anchor=False)
    st.markdown(f":gray[{lead}]")


def chart(figure: go.Figure, key: str, heading: bool = True) -> None:
    """Show a figure under the sentence that says what it found, with its words for people who do not see it."""
    if heading:
        st.markdown(themes.finding(figure))
    if figure.data:
        st.plotly_chart(figure, theme=None, key=key, config={"displayModeBar": False}, alt=themes.alt(figure))


def warm_up_later() -> None:
    """Wake the models in the background once a server, after its first page is out."""
    if os.environ.get(WARM_UP) == "off":
        return
    _schedule_warm_up(str(default_path()))


@st.cache_resource(max_entries=2, show_spinner=False)
def _schedule_warm_up(path: str) -> threading.Timer:
    timer = threading.Timer(WARM_UP_AFTER_S, _warm_up, [forecaster(), Path(path)])
    timer.daemon = True
    timer.start()
    return timer


def _warm_up(ready: Forecaster, path: Path) -> None:
    try:
        ready.warm_up()
    except MtafError:
        return  # the person is told when they ask for a forecast, in the same sentence
    except Exception as error:
        faults.record(error, path / "logs")


def style() -> None:
    """The little that the theme's configuration cannot say."""
    text = Modality.TEXT
    st.html(
        f"""<style>
        [class*="st-key-card"] {{ background: light-dark({LIGHT.card}, {DARK.card}); padding: 1.15rem 1.3rem; }}
        .stMainBlockContainer {{ max-width: 1360px; padding-left: 3rem; padding-right: 3rem; }}
        .st-key-banner {{ border-left: 4px solid {LIGHT.modality[text]}; border-radius: .35rem;
          background: {LIGHT.modality[text]}24; padding: .5rem .9rem; }}
        .st-key-banner p {{ font-size: .92rem; }}
        .st-key-foot {{ border-top: 1px solid light-dark({LIGHT.line}, {DARK.line}); padding-top: .8rem;
          line-height: 1.7; }}
        .st-key-chips button {{ min-height: 1.9rem; padding: 0 .6rem; border-radius: 1rem; }}
        .st-key-samples, .st-key-recents {{ overflow-x: auto; padding-bottom: .6rem; scrollbar-width: thin; }}
        .st-key-samples img, .st-key-recents img {{ border-radius: .5rem; aspect-ratio: 9 / 16; object-fit: cover; }}
        .st-key-recents img {{ aspect-ratio: 4 / 3; }}
        [class*="st-key-recent-blank"] {{ aspect-ratio: 4 / 3; border-radius: .5rem; align-items: center;
          justify-content: center; background: light-dark({LIGHT.accent_soft}, {DARK.accent_soft}); }}
        [class*="st-key-recent-blank"] p {{ font-size: 1.8rem; }}
        .st-key-samples button {{ min-height: 4.6rem; }}
        .st-key-recents [class*="st-key-recent_"] button {{ min-height: 4.6rem; word-break: break-all; }}
        .st-key-samples button p, .st-key-recents button p {{ font-size: .86rem; line-height: 1.3; }}
        .stVideo {{ max-height: 24rem; border-radius: .5rem; background: #000; }}
        .st-key-card-details [data-testid^="stNumberInputStep"] {{ display: none; }}
        .st-key-card-analysing p {{ word-break: keep-all; }}
        .st-key-see [role="radiogroup"], .st-key-see .stButtonGroup {{ flex-wrap: wrap; }}
        .st-key-wide, .st-key-kol-signals {{ overflow-x: auto; }}
        .st-key-kol-signals .stElementContainer {{ min-width: 700px; }}
        .st-key-wide .stElementContainer:has(.stPlotlyChart) {{ min-width: 860px; }}
        @media (max-width: 640px) {{
          [class*="st-key-card"] {{ padding: .9rem .95rem; }}
          .stMainBlockContainer {{ padding-left: 1rem; padding-right: 1rem; }}
          .st-key-section button {{ padding-left: .5rem; padding-right: .5rem; }}
        }}
        </style>"""
    )
