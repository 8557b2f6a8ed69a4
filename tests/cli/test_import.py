"""``import``, ``undo`` and ``status`` as a person types them."""

import json

import pytest

from mtaf_core.cli.main import main

HEADER = "video_id,author_id,post_time,snapshot_date,likes,fans\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Run a verb on a workspace of one's own; its status and JSON, or the sentence that refuses it."""

    def run(verb, *arguments, workspace="market"):
        try:
            status = main([verb, *map(str, arguments), "--workspace", str(tmp_path / workspace), "--json"])
        except SystemExit as exit:
            status = int(exit.code or 0)
        said = capsys.readouterr()
        return status, json.loads(said.out) if status == 0 else said.err.strip().splitlines()[-1]

    return run


@pytest.fixture
def days(tmp_path):
    files = []
    for day, likes in ((2, 10), (3, 8)):
        files.append(tmp_path / f"day{day}.csv")
        files[-1].write_text(
            f"{HEADER}v1,u1,2024-03-01 12:00:00,2024-03-0{day},{likes},3.5w\nv2,u1,,2024-03-0{day},x,\n"
        )
    return files


def test_an_import_makes_a_workspace_and_says_what_arrived(run, days):
    status, said = run("import", days[0], "--name", "Spring", "--timezone", "Asia/Tokyo")
    assert status == 0
    assert (said["commit"], said["rejected_rows"], said["rejected_values"]) == (1, 0, 1)
    assert said["tables"]["snapshots"] == {"new": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    assert run("status")[1]["market"]["name"] == "Spring"


def test_status_tells_coverage_freshness_flags_and_media(run, days):
    run("import", *days)
    status, said = run("status")
    assert status == 0
    assert said["tables"]["snapshots"] == 4
    assert said["coverage"]["uploader_follower"] == {"present": 1.0, "missing": 0, "constant": True}
    assert said["coverage"]["uploader_age"]["present"] == 0.0
    assert said["freshness"]["snapshots"] == {"2024-03-02": 2, "2024-03-03": 2}
    assert said["flags"] == {"falls": 1}
    assert said["media"] == {"videos": 2, "with_media": 0, "without_upload_time": 1}
    assert [one["number"] for one in said["imports"]] == [1]


def test_undo_goes_back_and_lists(run, days):
    for day in days:
        run("import", day)
    assert [v["number"] for v in run("undo", "--list")[1]["versions"]] == [1, 2]
    _, said = run("undo")
    assert (said["from"], said["to"], said["version"], said["tables"]["snapshots"]) == (2, 1, 3, 2)
    _, said = run("undo", 2)
    assert said["tables"]["snapshots"] == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.csv",), "no file or folder"),
        (("{day}", "--format", "films"), "no format 'films'"),
        (("{day}", "--mapping", "none.toml"), "cannot be read"),
        (("{day}", "--collected-at", "yesterday"), "--collected-at"),
        (("{day}", "--modality", "audio"), "go together"),
        (("{day}", "--timezone", "Mars/Olympus"), "Mars/Olympus"),
        ((), "required"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_no_workspace(run, days, tmp_path, arguments, says):
    status, said = run("import", *(one.format(day=days[0]) for one in arguments))
    assert status == 2
    assert says in said
    assert not (tmp_path / "market").exists()


def test_a_person_reads_words(tmp_path, days, capsys):
    assert main(["import", *map(str, days), "--workspace", str(tmp_path / "market")]) == 0
    said = capsys.readouterr().out
    for words in ("snapshots", "4 new", "days on which a count fell (kept): 1", "Left out: 0 rows and 2 values"):
        assert words in said
    assert main(["undo", "--list", "--workspace", str(tmp_path / "market")]) == 0
    assert "import day2.csv and 1 more" in capsys.readouterr().out


def test_where_no_row_could_be_used_nobody_says_that_all_was_known(tmp_path, capsys):
    (tmp_path / "ids.csv").write_text("video_id,likes,mood\n7.30E+18,5,x\n7.31E+18,6,y\n")
    assert main(["import", str(tmp_path / "ids.csv"), "--workspace", str(tmp_path / "market")]) == 0
    said = capsys.readouterr().out
    assert "Nothing came in: no row could be used." in said
    assert "Nothing was read from these columns of ids.csv: mood" in said
