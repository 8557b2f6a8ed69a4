"""Data: the demo market takes none, imports are jobs, what was left out is told, versions are gone back to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtaf_core import importing
from mtaf_core.workspace import Workspace, WorkspaceInfo, default_path
from pages.components import tasks

Open = Callable[..., AppTest]
Said = Callable[[AppTest], str]

TABLE = """video id,title,create time,likes,comments,shares,author id,followers,note
v1,First,2026-11-01 20:00,3.5w,120,30,u1,12000,x
v2,Second,2026-11-02 09:30,900,many,2,u1,12000,y
v3,Third,never,12,1,0,u2,1.2w,z
"""


@pytest.fixture(autouse=True)
def server_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAF_SERVER_FILES", "on")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A table with headers that are known, a count that is none, a time that is none."""
    (tmp_path / "export.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "export.csv"


def named(app: AppTest, path: Path | str) -> AppTest:
    """Name a file of the server and look at it."""
    app.button_group(key="way").set_value("server").run()
    app.text_input(key="server_path").set_value(str(path)).run()
    return app.button(key="server_look").click().run()


def imported(app: AppTest) -> AppTest:
    """Press Import and wait for the job."""
    app.button(key="go_import").click().run()
    job = tasks.jobs().current("import")
    assert job is not None
    job.wait(60)
    return app.run()


def test_the_demo_market_takes_no_data_and_offers_a_place_of_its_own(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "data")
    assert not app.exception
    assert "Real data never goes into the simulated market" in said(app)
    assert "(simulated)" in said(app)
    assert not app.file_uploader


def test_a_market_of_ones_own_is_one_click_away(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "data")
    app.text_input(key="invite-name").set_value("Autumn").run()
    app.button(key="invite-start").click().run()
    try:
        assert default_path() == market.parent / "workspace-autumn"
        assert "(simulated)" not in said(app)
        assert app.file_uploader
        assert any("Autumn" in c.value for c in app.sidebar.caption)
    finally:
        (market / "USE").unlink()


def test_two_markets_of_one_name_are_told_apart_and_switched_between_on_a_click(open_app: Open, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        Workspace.create(tmp_path / folder, WorkspaceInfo("Twin"))
    app = open_app(tmp_path / "b", "data")
    assert default_path() == tmp_path / "b"
    app.run()
    app.radio(key="switch").set_value(str(tmp_path / "a")).run()
    assert default_path() == tmp_path / "b", "it was switched before anybody said so"
    app.button(key="switch_go").click().run()
    assert not app.exception
    assert default_path() == tmp_path / "a"


def test_an_empty_market_says_so_in_every_section(open_app: Open, empty_market: Path, said: Said) -> None:
    for section, words in {
        "import": "Bring data in",
        "arrived": "Nothing has been imported",
        "history": "No version yet",
        "media": "Nothing has been imported",
    }.items():
        app = open_app(empty_market, "data", section=section)
        assert not app.exception
        assert words in said(app)


def test_a_table_is_proposed_previewed_imported_and_what_was_left_out_is_told(
    open_app: Open, empty_market: Path, export: Path, said: Said
) -> None:
    app = named(open_app(empty_market, "data"), export)
    assert "How the columns are read" in said(app)
    lines = app.data_editor[0].value
    assert "videos.description" in set(lines["target"])
    assert "many" in said(app), "the value that is no count is told before the import"

    done = imported(app)
    assert not done.exception
    text = said(done)
    assert "Imported export.csv" in text
    assert "single values 2" in text
    reasons = " ".join(done.dataframe[-1].value.astype(str).to_numpy().ravel())
    assert "many" in reasons
    assert "never" in reasons
    assert any("rejected" in button.label for button in done.download_button)
    assert Workspace.open(empty_market).store.counts()["videos"] == 3


def test_the_same_file_again_changes_nothing(open_app: Open, empty_market: Path, export: Path, said: Said) -> None:
    importing.import_paths(Workspace.open(empty_market), [export])
    before = Workspace.open(empty_market).store.version
    app = imported(named(open_app(empty_market, "data"), export))
    assert "nothing new" in said(app)
    assert Workspace.open(empty_market).store.version == before


def test_a_refreshed_page_finds_how_the_import_went(
    open_app: Open, empty_market: Path, export: Path, said: Said
) -> None:
    imported(named(open_app(empty_market, "data"), export))
    assert "Imported export.csv" in said(open_app(empty_market, "data"))


def test_a_mapping_is_kept_and_offered(open_app: Open, empty_market: Path, export: Path, said: Said) -> None:
    app = named(open_app(empty_market, "data"), export)
    app.text_input(key="map_name-export.csv").set_value("agency").run()
    app.button(key="map_save").click().run()
    assert (empty_market / "mappings" / "agency.toml").is_file()
    assert "Saved as `agency`" in "".join(s.value for s in app.success)
    assert any("agency" in option for option in app.selectbox(key="format").options)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.csv", None, "There is no file or folder"),
        ("broken.zip", b"PK\x03\x04 half an archive", "ZIP|archive"),
        ("empty.zip", b"PK\x05\x06" + bytes(18), "empty ZIP archive"),
    ],
)
def test_a_bad_file_is_one_sentence(
    open_app: Open, empty_market: Path, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    import re

    if content is not None:
        (tmp_path / name).write_bytes(content)
    app = named(open_app(empty_market, "data"), tmp_path / name)
    assert not app.exception
    assert re.search(words, app.error[0].value)
    assert app.file_uploader or app.text_input(key="server_path")


def test_an_import_that_fails_says_why_and_lets_one_try_again(
    open_app: Open, empty_market: Path, tmp_path: Path
) -> None:
    (tmp_path / "odd.json").write_text('{"a": [1, 2, {"b": [3]}]}')
    app = imported(named(open_app(empty_market, "data"), tmp_path / "odd.json"))
    assert not app.exception
    assert "odd.json" in app.error[0].value
    assert app.button(key="start_over")
    assert Workspace.open(empty_market).store.version == 0


def test_what_arrived_is_counted(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "data", section="arrived")
    assert not app.exception
    text = said(app)
    assert "31 of 31 features" in text
    assert "Newest counts are of" in text
    assert "Share of the 1,600 videos" in text
    app.toggle(key="gaps").set_value(True).run()
    assert "lack a clip or a vector" in said(app)


def test_versions_are_listed_and_gone_back_to(open_app: Open, empty_market: Path, export: Path, said: Said) -> None:
    space = Workspace.open(empty_market)
    importing.import_paths(space, [export])
    export.write_text(TABLE + "v4,Fourth,2026-11-04 10:00,5,1,0,u2,1.2w,z\n", encoding="utf-8")
    importing.import_paths(space, [export])
    app = open_app(empty_market, "data", section="history")
    assert "This is the version in use" in said(app)
    app.selectbox(key="version").set_value(1).run()
    app.button(key="go_back").click().run()
    assert "version 3" in said(app), "it asks first, and says what will be"
    assert space.store.version == 2
    app.button(key="go_back_yes").click().run()
    assert space.store.counts()["videos"] == 3
    app.run()
    app.button(key="undo_that").click().run()
    assert space.store.counts()["videos"] == 4


def test_paths_of_the_server_are_not_offered_to_strangers(
    open_app: Open, empty_market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MTAF_SERVER_FILES")
    assert "server" not in open_app(empty_market, "data").button_group(key="way").options


def test_the_section_goes_into_the_address_and_comes_out_of_it(open_app: Open, market: Path, said: Said) -> None:
    app = open_app(market, "data").button_group(key="section").set_value("history").run()
    assert app.query_params["section"] == "history"
    assert "Every version of this market" in said(app)
    assert "本市场的所有版本" in said(open_app(market, "data", section="history", lang="zh"))
    assert open_app(market, "data", section="<b>").button_group(key="section").value == "import"
