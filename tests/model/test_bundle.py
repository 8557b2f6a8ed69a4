import hashlib
import json
import shutil
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from mtaf_core.errors import BadBundle, BadInput
from mtaf_core.insight.attribution import coalition_masks
from mtaf_core.model import manifest as manifests
from mtaf_core.model.bundle import Bundle
from mtaf_core.schema import SERIES_CHANNELS, Modality, definition

MASKS = coalition_masks(5)
STACK = ("plus/plus.json", "plus/networks.safetensors", "plus/design.safetensors", "plus/day-0/process.safetensors")


@pytest.fixture
def copy(bundle, tmp_path):
    return shutil.copytree(bundle.path, tmp_path / "copy")


@pytest.fixture
def videos(market):
    """Twelve videos, some without sound or snapshots."""
    frame, embeddings = market
    rows = np.arange(12)
    return frame.take(rows), {m: x[rows] for m, x in embeddings.items()}


def sign(folder, **changes):
    """Change the manifest as a maker of bundles would, checksum and all."""
    manifests.write_manifest(folder, replace(manifests.read_manifest(folder), **changes))


def test_a_loaded_bundle_predicts_what_the_trained_one_did(bundle, videos):
    one, other = bundle.predict(*videos), Bundle.load(bundle.path).predict(*videos)
    for before, after in zip(one, other, strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_the_network_is_asked_on_the_cpu_whatever_device_the_backbones_are_on(bundle, videos, device):
    expected, loaded = bundle.predict(*videos).log_score, Bundle.load(bundle.path, device=device)
    networks = loaded.plus.networks.networks
    assert {parameter.device.type for network in networks for parameter in network.parameters()} == {"cpu"}
    np.testing.assert_array_equal(loaded.predict(*videos).log_score, expected)


@pytest.mark.parametrize("name", [manifests.MANIFEST, *manifests.FILES, *STACK])
def test_a_damaged_file_is_named(copy, name):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(BadBundle, match=f"{name} in .* damaged"):
        Bundle.load(copy)


@pytest.mark.parametrize("name", [manifests.MANIFEST, *manifests.FILES, *STACK])
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(BadBundle, match=f"{name} is missing"):
        Bundle.load(copy)


def test_a_booster_that_the_manifest_does_not_know_is_not_read(copy):
    (copy / "plus" / "day-0" / ".DS_Store").touch()  # of no harm
    Bundle.load(copy)
    shutil.copy(copy / "plus" / "day-1" / "boosted-0.lightgbm.txt", copy / "plus" / "day-0" / "boosted-7.lightgbm.txt")
    with pytest.raises(BadBundle, match=r"plus/day-0/boosted-7.lightgbm.txt is no file of the bundle"):
        Bundle.load(copy)


def older(change):
    """The features of a version before this one, after ``change``."""
    made_for = json.loads(json.dumps(definition()))
    change(made_for)
    return made_for


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["features"].pop(3), "the feature 'uploader_commerce' is new in this version"),
        (lambda d: d["features"].append(["mood", "flag", "embedding", "before_release", ["mood"], 0]), "'mood' is not"),
        (
            lambda d: d["features"][12].__setitem__(1, "category"),
            "the kind of the feature 'uploader_age' was 'category' and is 'count' in this version",
        ),
        (lambda d: d["features"][17].__setitem__(4, ["area"]), "'video_quality' was area and is video_width, "),
        (lambda d: d["features"].reverse(), "the feature 'upload_poi' stands elsewhere"),
        (lambda d: d["series_channels"].pop(), "the field 'series_channels' was favorite_count, comment_count, "),
        (lambda d: d["score_weights"].update(share_count=0.6), "share_count 0.6 and is .*share_count 0.5 in this"),
    ],
)  # fmt: skip
def test_a_bundle_for_other_features_is_refused_by_the_first_that_differs(copy, change, said):
    sign(copy, schema="0123456789abcdef", definition=older(change))
    with pytest.raises(BadBundle, match=f"made for other features: .*{said}") as refused:
        Bundle.load(copy)
    assert "0123456789abcdef" not in str(refused.value)


def test_a_bundle_that_does_not_say_its_features_is_refused_by_its_schema(copy):
    sign(copy, schema="0123456789abcdef", definition=None)
    with pytest.raises(BadBundle, match="schema is 0123456789abcdef"):
        Bundle.load(copy)


def test_a_bundle_from_before_features_were_written_down_is_read(copy):
    says = json.loads((copy / manifests.MANIFEST).read_text())
    del says["checksum"], says["definition"]
    says["checksum"] = hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()
    (copy / manifests.MANIFEST).write_text(json.dumps(says))
    assert Bundle.load(copy).manifest.definition is None


def test_a_bundle_of_another_format_is_refused_by_it(copy):
    sign(copy, format=99)
    with pytest.raises(BadBundle, match="format 99, and this version reads format 2"):
        Bundle.load(copy)


def test_weights_that_do_not_fit_the_network_are_refused(copy):
    about = json.loads((copy / "plus" / "plus.json").read_text())
    about["networks"][0]["width"] = 16
    (copy / "plus" / "plus.json").write_text(json.dumps(about))
    sign(copy)
    with pytest.raises(BadBundle, match="do not fit each other"):
        Bundle.load(copy)


def test_vectors_of_another_backbone_are_refused_by_name(bundle, videos):
    frame, embeddings = videos
    with pytest.raises(BadBundle, match=r"text vectors of 12 numbers \(tiny-text\), and these have 768"):
        bundle.predict(frame, {**embeddings, Modality.TEXT: np.zeros((12, 768), dtype=np.float32)})


def test_a_frame_for_another_day_is_refused(bundle, videos):
    frame, embeddings = videos
    with pytest.raises(BadBundle, match="predicts day 6, not day 9"):
        bundle.predict(replace(frame, horizon_day=9), embeddings)


def test_nothing_after_release_moves_a_before_release_prediction(bundle, videos):
    frame, embeddings = videos
    before = bundle.predict(frame, embeddings, observed_days=0)
    rng = np.random.default_rng(1)
    for channel in range(len(SERIES_CHANNELS)):
        series = frame.series.copy()
        series[:, :, channel] = rng.lognormal(5, 3, series.shape[:2])
        after = replace(frame, series=series, observed=~frame.observed, score=frame.score * 7)
        changed = bundle.predict(after, embeddings, observed_days=0)
        np.testing.assert_array_equal(changed.log_score, before.log_score)
        np.testing.assert_array_equal(changed.attention, before.attention)


def test_a_prediction_with_k_days_never_reads_a_later_one(bundle, videos):
    frame, embeddings = videos
    for k in range(1, 5):
        series = frame.series.copy()
        series[:, k:] *= 50
        one = bundle.predict(frame, embeddings, k).log_score
        np.testing.assert_array_equal(one, bundle.predict(replace(frame, series=series), embeddings, k).log_score)


def test_attention_sums_to_one_over_what_is_there(bundle, videos):
    prediction = bundle.predict(*videos)
    np.testing.assert_allclose(np.nansum(prediction.attention, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(np.isnan(prediction.attention), ~prediction.present)


def test_coalitions_run_from_the_baseline_to_the_prediction(bundle, videos):
    frame, embeddings = videos
    values = bundle.coalitions(frame, embeddings, MASKS)
    assert values.shape == (12, 32)
    assert (values[:, 0] == bundle.manifest.baseline).all()
    np.testing.assert_allclose(values[:, -1], bundle.predict(frame, embeddings).log_score, rtol=1e-5)


def test_a_coalition_is_the_prediction_without_the_rest(bundle, videos):
    frame, embeddings = videos
    masks = np.array([[True, False, True, True, False]])
    without_text = {**embeddings, Modality.TEXT: None}
    silent = replace(frame, facts=frame.facts.assign(text=""))
    expected = bundle.predict(silent, without_text, observed_days=0).log_score
    np.testing.assert_allclose(bundle.coalitions(frame, embeddings, masks)[:, 0], expected, rtol=1e-5)


def test_ranges_hold_the_prediction_and_shrink_with_every_day_seen(bundle):
    log_score = np.array([0.0, 3.0, 8.0])
    low, high = bundle.interval(log_score, 0, 0.8)
    assert (low >= 0).all()
    assert (low <= np.expm1(log_score)).all()
    assert (high >= np.expm1(log_score)).all()
    widths = [np.ptp(np.log1p(np.hstack(bundle.interval(8.0, k, 0.8)))) for k in range(6)]
    assert widths == sorted(widths, reverse=True)
    with pytest.raises(BadInput, match="level"):
        bundle.interval(8.0, 0, 1.5)


def test_percentiles_are_shares_of_the_labelled_videos(bundle, market):
    score = market[0].score
    assert bundle.percentile(-1) == 0
    assert bundle.percentile(1e12) == 1
    assert bundle.percentile(float(np.median(score))) == pytest.approx(0.5, abs=0.01)
    assert bundle.percentile(100.0, "no such tier") is None
    of_tiers = [bundle.percentile(100.0, tier) for tier in bundle.reference["tier"].unique()]
    assert min(of_tiers) <= bundle.percentile(100.0) <= max(of_tiers)


def test_threads_get_the_answers_one_would(bundle, videos):
    frame, embeddings = videos
    expected, found = bundle.predict(frame, embeddings).log_score, []
    threads = [
        threading.Thread(target=lambda: found.append(bundle.predict(frame, embeddings).log_score)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.array_equal(one, expected) for one in found)


def test_pages_read_manifest_importance_and_shap_without_torch(bundle):
    program = (
        "import sys\n"
        "from mtaf_core.model import manifest\n"
        "from mtaf_core.model.bundle import Bundle\n"
        f"path = {str(bundle.path)!r}\n"
        "assert Bundle.read_manifest(path).profile == 'compact'\n"
        "assert manifest.read_importance(path)['xgboost']['gain']['uploader_follower'] > 0\n"
        "assert len(manifest.read_shap(path).values)\n"
        "heavy = {'torch', 'xgboost', 'lightgbm', 'shap'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_manifest_says_what_it_was_made_of(bundle, market):
    manifest = bundle.manifest
    assert manifest.backbones["visual"] == {"name": "tiny-visual", "dimension": 16}
    assert manifest.backbone_names[Modality.TEXT] == "tiny-text"
    assert manifest.data["labelled"] == len(market[0])
    assert {*manifests.FILES, *STACK, "MODEL_CARD.md"} <= set(manifest.files)
    written = {path.relative_to(bundle.path).as_posix() for path in bundle.path.rglob("*") if path.is_file()}
    assert set(manifest.files) == written - {manifests.MANIFEST}
    assert json.loads((bundle.path / manifests.MANIFEST).read_text())["baseline"] == manifest.baseline


def test_a_disk_that_is_full_while_tensors_are_written_is_one_sentence(tmp_path):
    from safetensors import SafetensorError

    from mtaf_core.model.manifest import complete_or_nothing

    with pytest.raises(BadBundle, match="cannot be written"), complete_or_nothing(tmp_path / "bundle"):
        raise SafetensorError("No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_the_score_at_a_share_is_where_its_percentile_is_that_share(bundle):
    for share in (0.1, 0.5, 0.9):
        score = bundle.score_at(share)
        assert bundle.percentile(score) <= share + 0.01
        assert bundle.percentile(score * 1.001) >= share - 0.01
    assert bundle.score_at(0.5, "no such tier") is None
