"""Vectors on disk: read like a matrix in memory, and gone from the folder whatever happens."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from mtaf_core.data import vectors
from mtaf_core.data.frame import embedding_matrix, market_frame
from mtaf_core.data.vectors import Mapped, Vectors, blocks, known, taken, vector_length, vectors_on_disk
from mtaf_core.errors import BadWorkspace

UPLOAD = datetime(2026, 1, 1, 12, tzinfo=UTC)
MATRIX = np.arange(60, dtype=np.float32).reshape(20, 3)


@pytest.fixture
def stored(tmp_path):
    mapped = Mapped(tmp_path / "cache", *MATRIX.shape)
    mapped.write(np.arange(20), MATRIX)
    yield Vectors(mapped, np.arange(20), np.arange(20) % 5 > 0)
    mapped.close()


@pytest.fixture
def embedded(store, fill, arrow):
    """Five videos; "c" has no vector, and "gone" is no video of the market."""
    fill(store, videos=[{"video_id": v, "created_at": UPLOAD} for v in "abcde"])
    told = {"e": [5.0, 6.0], "a": [1.0, 2.0], "gone": [9.0, 9.0], "b": [np.nan, 1.0], "d": [0.5, 0.25]}
    rows = [
        {"platform": "douyin", "video_id": v, "modality": "text", "backbone": "use", "vector": x}
        for v, x in told.items()
    ]
    with store.write("vectors") as change:
        change.merge("embeddings", arrow("embeddings", rows))
    return store


@pytest.mark.parametrize("index", [slice(3, 9), np.array([7, 7, 0]), np.arange(20) % 3 == 0, slice(None)])
def test_rows_are_read_as_those_of_a_matrix(stored, index):
    np.testing.assert_array_equal(stored[index], MATRIX[index])
    np.testing.assert_array_equal(stored.take(index)[:], MATRIX[index])
    assert stored.take(index).shape == MATRIX[index].shape
    np.testing.assert_array_equal(known(stored.take(index)), stored.known[index])


def test_what_is_taken_can_be_taken_from_again(stored):
    twice = taken(taken(stored, np.array([9, 4, 2])), np.array([False, True, True]))
    np.testing.assert_array_equal(twice[:], MATRIX[[4, 2]])


def test_blocks_are_all_rows_in_order(stored, monkeypatch):
    monkeypatch.setattr(vectors, "BLOCK", 6)
    for matrix in (stored, MATRIX):
        parts = list(blocks(matrix))
        assert [len(part) for part in parts] == [6, 6, 6, 2]
        np.testing.assert_array_equal(np.concatenate(parts), MATRIX)


def test_what_is_mapped_is_let_go_and_read_again(stored, monkeypatch):
    monkeypatch.setattr(vectors, "_MAPPED_ROWS", 1)
    stored.mapped.write(np.array([3]), 7.0)
    assert (stored[np.array([3])] == 7).all()
    np.testing.assert_array_equal(stored[np.array([4])], MATRIX[[4]])


def test_the_file_has_no_name_and_its_room_is_given_back(stored, tmp_path):
    assert list((tmp_path / "cache").iterdir()) == []
    stored.mapped.close()
    with pytest.raises(ValueError, match="closed"):
        stored[np.array([0])]


def test_a_process_that_is_killed_leaves_no_file(tmp_path):
    text = (
        "import os, signal, sys; from pathlib import Path; from mtaf_core.data.vectors import Mapped;"
        "m = Mapped(Path(sys.argv[1]), 1000, 100); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", text, str(tmp_path)], cwd=os.getcwd()).returncode == -9
    assert list(tmp_path.iterdir()) == []


def test_without_room_on_the_disk_it_says_how_much_is_wanted_and_where(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vectors.os, "posix_fallocate", full)
    with pytest.raises(BadWorkspace, match=r"2,000,000 videos .* 7\.5 GB in .*No space left"):
        Mapped(tmp_path, 2_000_000, 1_000)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_that_cannot_reserve_room_writes_it(tmp_path, monkeypatch):
    monkeypatch.delattr(vectors.os, "posix_fallocate")
    mapped = Mapped(tmp_path, 700_000, 3)
    mapped.write(np.array([699_999]), 1.0)
    assert mapped.read(np.array([0, 699_999])).sum() == 3
    mapped.close()


def test_vectors_on_disk_are_those_in_memory(embedded, tmp_path, monkeypatch):
    facts = market_frame(embedded).facts
    wanted = embedding_matrix(embedded, facts, "text", "use")
    for block in (1, 2, 8_192):
        monkeypatch.setattr(vectors, "BLOCK", block)
        found = vectors_on_disk(embedded, facts, "text", "use", tmp_path / "cache")
        np.testing.assert_array_equal(found[:][known(found)], wanted[known(wanted)])
        np.testing.assert_array_equal(known(found), known(wanted))
        assert np.isnan(found[~known(found)]).any(axis=1).all()
        assert found[:].dtype == np.float32
        found.mapped.close()
    assert vector_length(embedded, "text", "use") == 2


def test_a_backbone_without_vectors_makes_none(embedded, tmp_path):
    assert vector_length(embedded, "text", "bert") == 0
    assert vectors_on_disk(embedded, market_frame(embedded).facts, "text", "bert", tmp_path) is None


def test_vectors_of_different_lengths_are_refused_and_leave_nothing(embedded, arrow, tmp_path):
    row = {"platform": "douyin", "video_id": "c", "modality": "text", "backbone": "use", "vector": [1.0, 2.0, 3.0]}
    with embedded.write("another length") as change:
        change.merge("embeddings", arrow("embeddings", [row]))
    with pytest.raises(BadWorkspace, match=r"'use' .* differ in length \(2 and 3\)"):
        vectors_on_disk(embedded, market_frame(embedded).facts, "text", "use", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
