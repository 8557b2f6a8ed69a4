"""A fault of ours leaves its trace in a log and gives a short reference."""

from mtaf_core import faults


def fault() -> ValueError:
    try:
        raise ValueError("the unexpected")
    except ValueError as error:
        return error


def test_the_trace_stands_beside_the_reference(tmp_path):
    reference = faults.record(fault(), tmp_path / "logs")
    log = (tmp_path / "logs" / "faults.log").read_text()
    assert reference in log
    assert "the unexpected" in log
    assert "test_faults.py" in log


def test_a_folder_that_cannot_be_written_is_no_second_fault(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(faults.tempfile, "gettempdir", lambda: str(tmp_path / "elsewhere"))
    reference = faults.record(fault(), tmp_path / "file")
    assert reference in (tmp_path / "elsewhere" / "faults.log").read_text()


def test_the_log_does_not_grow_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "_MAX_LOG_BYTES", 100)
    references = [faults.record(fault(), tmp_path) for _ in range(3)]
    assert references[0] not in (tmp_path / "faults.log").read_text()
    assert references[2] in (tmp_path / "faults.log").read_text()
