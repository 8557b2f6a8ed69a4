"""Table 1 is in the code once, whole and consistent."""

import re

from mtaf_core import schema
from mtaf_core.data.tables import SNAPSHOTS
from mtaf_core.schema import AFTER_RELEASE, BEFORE_RELEASE, FEATURES, Group, Kind, Transform

TABLE_1 = """uploader_verification uploader_type uploader_rating uploader_commerce uploader_video_count
uploader_follower uploader_following uploader_favorited uploader_favoriting uploader_searchable uploader_visible
uploader_gender uploader_age video_duration video_favorite_count video_comment_count video_share_count video_quality
video_topped video_downloadable video_shareable video_commentable video_mix video_product video_tag_count
tag_total_view_count tag_total_user_count upload_dayofweek upload_hour upload_city upload_poi""".split()


def test_every_row_of_table_1_is_there_in_its_order():
    assert [f.name for f in FEATURES] == TABLE_1


def test_groups_have_the_papers_sizes():
    sizes = {group: sum(f.group is group for f in FEATURES) for group in Group}
    assert sizes == {Group.UPLOADER: 13, Group.VIDEO: 12, Group.TAG: 2, Group.TIME: 2, Group.LOCATION: 2}


def test_only_counts_of_the_video_itself_and_the_pin_exist_after_release_alone():
    assert {f.name for f in AFTER_RELEASE} == {
        "video_favorite_count", "video_comment_count", "video_share_count", "video_topped",
    }  # fmt: skip
    assert len(BEFORE_RELEASE) + len(AFTER_RELEASE) == len(FEATURES)


def test_each_kind_enters_the_network_as_section_2_3_says():
    expected = {
        Kind.COUNT: Transform.LOG1P,
        Kind.MEASURE: Transform.LOG1P,
        Kind.CATEGORY: Transform.EMBEDDING,
        Kind.FLAG: Transform.EMBEDDING,
        Kind.CYCLE: Transform.CYCLIC,
    }
    assert all(f.transform is expected[f.kind] for f in FEATURES)
    assert all((f.period > 0) == (f.kind is Kind.CYCLE) for f in FEATURES)


def test_every_feature_speaks_to_a_person_in_one_line_and_both_languages():
    for feature in FEATURES:
        assert feature.label
        assert feature.help.endswith((".", "?"))
        assert "\n" not in feature.help
        assert re.search(r"[\u4e00-\u9fff]", feature.label_zh)


def test_series_channels_and_score_weights_are_columns_of_snapshots():
    assert set(schema.SERIES_CHANNELS) <= set(SNAPSHOTS.columns)
    assert schema.SCORE_WEIGHTS == {"favorite_count": 0.2, "comment_count": 0.3, "share_count": 0.5}


def test_the_fingerprint_changes_with_any_feature(monkeypatch):
    before = schema.fingerprint()
    assert before == schema.fingerprint()
    monkeypatch.setattr(schema, "FEATURES", FEATURES[:-1])
    assert schema.fingerprint() != before
