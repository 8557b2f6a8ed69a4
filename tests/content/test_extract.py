"""Given a video and its words, then three vectors come of them, and are kept so that they need not come again."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtaf_core.content import backbones, media
from mtaf_core.content.extract import Content, Extractor
from mtaf_core.errors import BadInput, BadMedia, Cancelled, WeightsMissing
from mtaf_core.jobs import Step, stoppable
from mtaf_core.schema import CONTENT_MODALITIES, Modality

Encode = Callable[..., Path]

WORDS = ("新款连衣裙 显瘦百搭", ("穿搭", "好物推荐"))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(device="cpu")


@pytest.fixture(scope="module")
def loaded(extractor: Extractor) -> Extractor:
    extractor.warm_up()
    return extractor


def fresh(loaded: Extractor, cache_dir: Path) -> Extractor:
    """Another extractor over ``cache_dir`` that shares networks already loaded."""
    another = Extractor(device="cpu", cache_dir=cache_dir)
    another._loaded = dict(loaded._loaded)
    return another


def same(a: Content, b: Content) -> bool:
    return all(np.array_equal(a.vectors[m], b.vectors[m]) for m in CONTENT_MODALITIES)  # type: ignore[arg-type]


def test_a_video_becomes_three_vectors(loaded: Extractor, clip_path: Path) -> None:
    steps: list[Step] = []
    content = loaded.embed_clip(clip_path, *WORDS, progress=steps.append)
    for modality in CONTENT_MODALITIES:
        vector = content.vectors[modality]
        assert vector is not None
        assert vector.shape == (loaded.specs[modality].dimension,)
        assert vector.dtype == np.float32
        assert np.isfinite(vector).all()
    assert content.clip is not None
    assert content.clip.content_hash == media.content_hash(clip_path)
    assert content.warnings == ()
    assert list(content.timings_s) == ["decode", "text", "audio", "visual"]
    assert all(seconds >= 0 for seconds in content.timings_s.values())
    assert [step.stage for step in steps if step.done == 0] == ["decode", "text", "audio", "visual"]


def test_different_videos_differ_and_the_same_video_does_not(
    loaded: Extractor, encode: Encode, clip_path: Path
) -> None:
    other = loaded.embed_clip(encode("other.mp4", hertz=1500.0, size=(180, 320)), "tea")
    once, again = loaded.embed_clip(clip_path, *WORDS), loaded.embed_clip(clip_path, *WORDS)
    assert same(once, again)
    for modality in CONTENT_MODALITIES:
        assert not np.allclose(once.vectors[modality], other.vectors[modality], atol=1e-2)  # type: ignore[arg-type]


def test_what_a_video_lacks_is_none(loaded: Extractor, encode: Encode) -> None:
    mute = loaded.embed_clip(encode("lacks.mp4", audio=None))
    assert [mute.vectors[m] is None for m in CONTENT_MODALITIES] == [True, True, False]
    assert any("no sound" in said for said in mute.warnings)
    heard = loaded.embed_clip(encode("heard.m4a", video=None), "tea")
    assert [heard.vectors[m] is None for m in CONTENT_MODALITIES] == [False, False, True]


def test_words_alone_need_no_video(loaded: Extractor) -> None:
    content = loaded.embed_clip(None, *WORDS)
    assert content.clip is None
    assert [content.vectors[m] is None for m in CONTENT_MODALITIES] == [False, True, True]
    assert loaded.embed_text("", ()) is None
    np.testing.assert_array_equal(loaded.embed_text(*WORDS), content.vectors[Modality.TEXT])


def test_many_texts_have_a_row_each_and_nan_where_there_is_no_text(loaded: Extractor) -> None:
    rows = loaded.embed_texts(["red dress #ootd", "", "tea", None, "red dress #ootd"])
    assert rows.shape == (5, 512)
    assert np.isnan(rows).all(axis=1).tolist() == [False, True, False, True, False]
    np.testing.assert_array_equal(rows[0], rows[4])
    np.testing.assert_allclose(rows[0], loaded.embed_text("red dress", ["ootd"]), atol=1e-5)
    assert loaded.embed_texts([]).shape == (0, 512)


def test_a_video_seen_before_is_neither_decoded_nor_embedded_again(
    loaded: Extractor, clip_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fresh(loaded, tmp_path).embed_clip(clip_path, *WORDS)

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("nothing is to be decoded or loaded")

    monkeypatch.setattr(media, "decode", never)
    monkeypatch.setattr(backbones, "load", never)
    second = Extractor(device="cpu", cache_dir=tmp_path).embed_clip(clip_path, *WORDS)
    assert same(first, second)
    assert first.clip is not None
    assert second.clip is not None
    for fact in ("content_hash", "duration_s", "width_px", "height_px", "fps", "warnings", "has_picture", "has_sound"):
        assert getattr(first.clip, fact) == getattr(second.clip, fact)
    assert second.clip.frames is None


def test_the_cache_is_laid_out_by_backbone_and_content(loaded: Extractor, clip_path: Path, tmp_path: Path) -> None:
    fresh(loaded, tmp_path).embed_clip(clip_path, *WORDS)
    digest = media.content_hash(clip_path)
    for name in ("aisfx-cnn", "efficientnet-lite0"):
        assert np.load(tmp_path / name / digest[:2] / f"{digest}.npy", allow_pickle=False).dtype == np.float32
    assert len(list((tmp_path / "use-multilingual-v3").rglob("*.npy"))) == 1
    assert not list(tmp_path.rglob(".*"))


def test_warnings_of_a_cached_video_are_told_again(loaded: Extractor, encode: Encode, tmp_path: Path) -> None:
    path = encode("warned.mp4", audio=None)
    first, second = (fresh(loaded, tmp_path).embed_clip(path) for _ in range(2))
    assert first.warnings == second.warnings != ()
    assert second.clip is not None
    assert second.clip.frames is None


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY\x01\x00junk"])
def test_a_damaged_cache_is_made_anew(loaded: Extractor, clip_path: Path, tmp_path: Path, damage: bytes) -> None:
    first = fresh(loaded, tmp_path).embed_clip(clip_path, *WORDS)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 4
    for path in kept:
        path.write_bytes(damage)
    assert same(first, fresh(loaded, tmp_path).embed_clip(clip_path, *WORDS))
    assert all(path.stat().st_size > len(damage) for path in kept)


def test_a_cached_vector_of_another_length_or_kind_is_made_anew(
    loaded: Extractor, clip_path: Path, tmp_path: Path
) -> None:
    first = fresh(loaded, tmp_path).embed_clip(clip_path, *WORDS)
    (path,) = (tmp_path / "efficientnet-lite0").rglob("*.npy")
    for wrong in (np.zeros(3, np.float32), np.full(1280, np.nan, np.float32), np.array([{}], dtype=object)):
        np.save(path, wrong, allow_pickle=True)
        assert same(first, fresh(loaded, tmp_path).embed_clip(clip_path, *WORDS))


def test_a_cache_that_cannot_be_written_is_a_warning(loaded: Extractor, clip_path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    content = fresh(loaded, tmp_path / "file" / "cache").embed_clip(clip_path, *WORDS)
    assert all(content.vectors[m] is not None for m in CONTENT_MODALITIES)
    assert any("could not be kept" in said for said in content.warnings)


def test_threads_share_one_network_of_each_kind(
    clip_path: Path, loaded: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[Modality] = []

    def load(profile: str, modality: Modality, device: str, weights_dir: Path | None) -> backbones.Backbone:
        loads.append(modality)
        return loaded.backbone(modality)

    monkeypatch.setattr(backbones, "load", load)
    shared = Extractor(device="cpu")
    results: list[Content] = []
    threads = [threading.Thread(target=lambda: results.append(shared.embed_clip(clip_path, *WORDS))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert sorted(loads) == sorted(CONTENT_MODALITIES)
    for result in results:
        for modality in CONTENT_MODALITIES:
            np.testing.assert_allclose(result.vectors[modality], results[0].vectors[modality], atol=1e-4)  # type: ignore[arg-type]


def test_numbers_that_are_not_finite_are_left_out(
    loaded: Extractor, clip_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = fresh(loaded, tmp_path)
    monkeypatch.setattr(type(broken.backbone(Modality.AUDIO)), "embed", lambda self, sound: np.full(512, np.nan))
    content = broken.embed_clip(clip_path, *WORDS)
    assert content.vectors[Modality.AUDIO] is None
    assert any("no finite numbers" in said for said in content.warnings)
    assert not (tmp_path / "aisfx-cnn").exists()


def test_work_stops_when_asked(loaded: Extractor, clip_path: Path) -> None:
    seen: list[str] = []
    progress = stoppable(lambda step: seen.append(step.stage), lambda: "text" in seen)
    with pytest.raises(Cancelled):
        loaded.embed_clip(clip_path, *WORDS, progress=progress)
    assert "visual" not in seen


def test_bad_input_is_refused(loaded: Extractor, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="choose one of compact"):
        Extractor(profile="grand")
    with pytest.raises(BadMedia, match="no file"):
        loaded.embed_clip(tmp_path / "absent.mp4")
    with pytest.raises(WeightsMissing, match="--profile paper --download"):
        Extractor("paper", "cpu", weights_dir=tmp_path).embed_text("tea")


def test_the_first_page_needs_no_heavy_library() -> None:
    import subprocess
    import sys

    code = "import sys, mtaf_core.content.extract; print({'torch', 'transformers', 'torchvision'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_paper_profile_embeds_a_video(
    clip_path: Path, vggish_weights: Path, resnet_weights: Path, tmp_path: Path
) -> None:
    for folder in (vggish_weights, resnet_weights):
        for each in folder.iterdir():
            (tmp_path / each.name).symlink_to(each)
    content = Extractor("paper", "cpu", weights_dir=tmp_path).embed_clip(clip_path)
    shapes = {m: v.shape for m, v in content.vectors.items() if v is not None}
    assert shapes == {Modality.AUDIO: (1280,), Modality.VISUAL: (2048,)}


def test_real_footage_embeds(loaded: Extractor, real_clips: Path) -> None:
    vectors = {}
    for name in ("auto-editor_example.mp4", "moviepy_chaplin.mp4", "torchcodec_nasa_13013.mp4"):
        vectors[name] = loaded.embed_clip(real_clips / name).vectors
    pictures = np.stack([each[Modality.VISUAL] for each in vectors.values()])  # type: ignore[arg-type]
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    alike = pictures @ pictures.T - np.eye(3)
    assert alike.max() < 0.98
