"""How long reading a clip still takes is told from how long it took before, on this machine."""

from pathlib import Path

import pytest

from mtaf_core.content.extract import Extractor
from mtaf_core.content.pace import STAGES, Pace

TOOK = {"decode": 1.0, "audio": 2.0, "visual": 4.0}


@pytest.fixture
def extractor(tmp_path: Path) -> Extractor:
    return Extractor("compact", "cpu", tmp_path)


def read(extractor: Extractor, took: dict[str, float]) -> None:
    pace = Pace.of(extractor)
    for stage, seconds in took.items():
        pace.begin(stage)
        pace.took(stage, seconds)


def test_nothing_is_told_before_anything_was_read(extractor: Extractor) -> None:
    pace = Pace.of(extractor)
    assert pace.at("decode", 0.5) == (0.0, 0.0)
    assert not pace.is_late("decode", 600.0)


def test_what_a_clip_took_is_what_the_next_is_told(extractor: Extractor) -> None:
    read(extractor, TOOK)
    pace = Pace.of(extractor)
    assert pace.at("decode", 0.5) == (0.5, 7.0)
    assert pace.at("audio", 1.0) == (2.0, 7.0)
    assert pace.at("visual", 60.0) == (pytest.approx(6.8), 7.0)  # nearly done, never more than done
    pace.took("visual", 60.0)
    assert pace.at("visual", 60.0) == (7.0, 7.0)


def test_it_learns_from_every_clip(extractor: Extractor) -> None:
    read(extractor, TOOK)
    for _ in range(20):
        read(extractor, dict.fromkeys(TOOK, 3.0))
    assert Pace.of(extractor).at("decode", 0.0)[1] == pytest.approx(9.0, rel=0.01)


def test_loading_counts_only_where_models_are_loaded(extractor: Extractor) -> None:
    read(extractor, {"wake": 5.0, **TOOK})
    assert Pace.of(extractor).at("decode", 0.0) == (0.0, 7.0)
    cold = Pace.of(extractor)
    cold.begin("wake")
    assert cold.at("wake", 2.0) == (2.0, 12.0)


def test_much_longer_than_it_did_is_late(extractor: Extractor) -> None:
    read(extractor, TOOK)
    pace = Pace.of(extractor)
    assert not pace.is_late("decode", 5.0)
    assert pace.is_late("decode", 7.0)
    pace.took("decode", 7.0)
    assert not pace.is_late("decode", 7.0)


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"decode": "soon"}', '{"decode": null}', '"x"', '{"decode": NaN, "audio": 1, "visual": 1}']
)
def test_a_damaged_file_is_none(extractor: Extractor, tmp_path: Path, said: str) -> None:
    (tmp_path / "pace-compact.json").write_text(said)
    assert Pace.of(extractor).at("decode", 1.0) == (0.0, 0.0)


def test_numbers_that_cannot_be_are_kept_in_bounds(extractor: Extractor, tmp_path: Path) -> None:
    (tmp_path / "pace-compact.json").write_text('{"decode": -5, "audio": 1e300, "visual": 1}')
    done, total = Pace.of(extractor).at("visual", 1.0)
    assert 0 <= done <= total <= 3600 * len(STAGES)


def test_without_a_cache_nothing_is_kept() -> None:
    extractor = Extractor("compact", "cpu")
    read(extractor, TOOK)
    assert Pace.of(extractor).at("decode", 0.5) == (0.0, 0.0)
