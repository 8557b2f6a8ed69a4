"""Charts of reasons: what they say, what they draw, and that nothing a person typed becomes markup."""

import numpy as np
import pytest

from mtaf_core.charts import moments, reasons, trust
from mtaf_core.charts.theme import DARK, LIGHT, alt, finding
from mtaf_core.schema import Modality

N, T, A, V = Modality.CONTENT_AGNOSTIC, Modality.TEXT, Modality.AUDIO, Modality.VISUAL


def track(*share):
    return moments.Track([n + 0.5 for n in range(len(share))], list(share), [0.0] * len(share), 1.0)


@pytest.mark.parametrize(("contribution", "words"), [({N: 1.0, V: 0.2}, "agree"), ({N: 0.1, V: -0.9}, "Picture moves")])
def test_three_views_of_each_modality_and_whether_they_agree(contribution, words):
    figure = reasons.modality_reasons({N: 0.8, V: 0.2}, contribution, {N: 0.9, V: -0.5}, 1.0)
    assert words in finding(figure)
    bars = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert list(bars) == ["attention", "contribution", "removal"]
    assert list(bars["removal"].x) == [-0.9, 0.5]  # what happens to the forecast without it
    assert "×1.65" in alt(figure)


def test_one_modality_alone_agrees_with_nothing():
    assert "Only one" in finding(reasons.modality_reasons({N: 1.0}, {N: 0.3}, {N: 0.3}, None))


def test_the_waterfall_ends_where_the_context_does():
    rows = [reasons.Reason(f, s, 1.0, 0.0) for f, s in (("uploader_follower", 0.7), ("video_product", -0.2))]
    rows += [reasons.Reason("upload_hour", s, 20.0, 8.0) for s in np.full(12, 0.01)]
    rows += [reasons.Reason("upload_city", 0.0, None, "Shanghai"), reasons.Reason(reasons.HISTORY, 0.05, "kol1", None)]
    figure = reasons.context_reasons(rows, -0.1, most=3)
    bars = figure.data[0]
    assert "Followers raises" in finding(figure)
    assert bars.x[-1] == pytest.approx(-0.1 + 0.7 - 0.2 + 0.12 + 0.05)
    for place in range(1, len(bars.x) - 1):
        assert bars.base[place] == pytest.approx(bars.base[place - 1] + bars.x[place - 1])
    heads = figure.layout.yaxis.ticktext
    assert heads[0] == "Typical release"
    assert "usual" in heads[1]
    assert heads[4] == f"The other {len(rows) - 3}"
    assert any("KOL's past videos" in head and "known · usual none" in head for head in heads)


def test_a_release_like_all_others_has_no_step():
    figure = reasons.context_reasons([reasons.Reason("upload_hour", 0.0, 20.0, 20.0)], 0.2)
    assert "as usual" in finding(figure)
    assert len(figure.data[0].x) == 2


def test_values_are_said_as_people_read_them():
    said = {
        name: reasons.reason_value(name, value, "en")
        for name, value in {
            "uploader_follower": 122_647.0, "upload_dayofweek": 5.0, "upload_hour": 9.0, "video_product": 1.0,
            "upload_city": None, "video_quality": (270.0, None), "video_duration": 10.0, "uploader_gender": "female",
        }.items()
    }  # fmt: skip
    assert list(said.values())[:1] == ["123k"]
    assert said["upload_dayofweek"].startswith("Sat")
    assert (said["upload_hour"], said["video_product"], said["upload_city"]) == ("09:00", "yes", "unknown")
    assert (said["video_quality"], said["video_duration"]) == ("270×–", "10 s")
    assert reasons.reason_value(reasons.HISTORY, None, "zh") == "无"
    assert reasons.reason_value("uploader_gender", "female", "zh") == "女"
    assert reasons.reason_value("uploader_type", "star", "zh") == "star"


def test_words_are_ranked_by_size_and_never_markup():
    figure = reasons.word_reasons([("<b>sale</b>", 0.2, 0.1), ("the", 0.0, 0.0), ("bad", -0.4, -0.2)], most=2)
    assert list(figure.layout.yaxis.ticktext) == ["bad", "&lt;b&gt;sale&lt;/b&gt;"]
    assert "costs most" in finding(figure)
    assert list(figure.data[0].marker.color) == [reasons.down(LIGHT), reasons.up(LIGHT)]


def test_the_timeline_has_frames_bars_sound_and_text_on_one_axis():
    frames = np.zeros((3, 48, 27, 3), np.uint8)
    picture, sound = track(0.1, 0.6, -0.1), track(-0.3, 0.0, 0.1)
    figure = moments.timeline(frames, picture, np.ones(60, np.float32), sound, ("<i>hi</i>", 0.2), theme=DARK)
    assert "picture at 0:01 and the sound at 0:00" in finding(figure)
    assert len(figure.layout.images) == 3
    bars = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert list(bars["picture"].x) == [0.5, 1.5, 2.5]
    assert list(bars["shares"].y) == [0.1, 0.6, -0.1]
    assert len(bars["wave"].x) == 60
    assert list(bars["sound"].x) == [0.5, 1.5, 2.5]
    assert "0:01: ×1.82" in bars["picture"].customdata[1]
    assert figure.layout.xaxis.range == (0, 3.0)
    assert any("&lt;i&gt;" in (a.text or "") for a in figure.layout.annotations)
    long = moments.timeline(None, None, np.ones(20, np.float32), track(0.2), ("限时折扣" * 20, -0.1))
    band = next(a.text for a in long.layout.annotations if "限时" in a.text)
    assert band.endswith("… <b>×0.90</b>")
    assert len(band) < 40


def test_a_clip_without_sound_or_without_picture_is_drawn_as_far_as_it_goes():
    silent = moments.timeline(np.zeros((1, 9, 16, 3), np.uint8), track(0.2), None, None, None)
    assert "picture at 0:00 moves" in finding(silent)
    heard = moments.timeline(None, None, np.zeros(20, np.float32), track(0.2), None)
    assert "sound at 0:00 moves" in finding(heard)
    assert "Nothing" in finding(moments.timeline(None, None, np.ones(20, np.float32), None, None))


def test_seconds_stand_under_the_rows_that_there_are_and_absent_rows_take_no_room():
    picture, loud, words = track(0.2), np.ones(20, np.float32), ("hi", 0.2)
    whole = moments.timeline(None, picture, loud, track(0.1), words)
    wordless = moments.timeline(None, picture, loud, track(0.1), None)
    song = moments.timeline(None, None, loud, track(0.1), None)
    for figure in (whole, wordless, song):
        assert (figure.layout.xaxis.anchor, figure.layout.xaxis.position) == ("free", 0)
    assert whole.layout.height > wordless.layout.height > song.layout.height
    assert wordless.layout.yaxis3.domain[0] == song.layout.yaxis3.domain[0] == 0
    assert song.layout.yaxis2.domain is None


def test_the_heat_map_is_no_taller_than_its_frame():
    heights = [
        moments.heat_map(np.zeros((*size, 3), np.uint8), np.zeros((6, 6)), (0, 0, 90, 90), 0.5).layout.height
        for size in ((160, 90), (90, 160))
    ]
    assert heights == [360, 186]


def test_the_heat_map_names_the_place_and_veils_what_is_not_seen():
    cells = np.zeros((6, 6))
    cells[4:, 4:] = 0.3
    figure = moments.heat_map(np.zeros((160, 90, 3), np.uint8), cells, (40, 5, 120, 85), 7.5)
    assert "At 0:07, what is at the bottom right" in finding(figure)
    assert len(figure.layout.shapes) == 4
    assert figure.data[0].y[0] > 40
    assert figure.data[0].y[-1] < 120
    flat = moments.heat_map(np.zeros((90, 90, 3), np.uint8), np.zeros((6, 6)), (0, 0, 90, 90), 0.5)
    assert "No place" in finding(flat)
    assert not flat.layout.shapes


def test_deletion_curves_say_how_often_attention_is_right():
    curves = {"contribution": [0.0, 0.8, 1.0], "attention": [0.0, 0.7, 1.0], "random": [0.0, 0.4, 1.0]}
    figure = trust.trust_chart(curves, 0.81, 160)
    assert "on 81% of 160 later videos" in finding(figure)
    assert [len(line.x) for line in figure.data] == [3, 3, 3]
    assert "×2.23" in alt(figure)
