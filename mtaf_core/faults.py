"""Faults of ours: the trace goes to a log, the person gets a reference id."""

import logging
import secrets
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

_LOG = logging.getLogger("mtaf")
_LOG.addHandler(logging.NullHandler())  # the trace is for the log, not for the person's terminal
_MAX_LOG_BYTES = 5_000_000


def record(error: BaseException, folder: Path | None = None) -> str:
    """Write the trace of ``error`` to ``folder/faults.log`` and return the reference id that stands beside it.

    Parameters
    ----------
    error : BaseException
    folder : Path, optional
        A workspace's log folder; the system's temporary folder where it is not given or cannot be written.

    Returns
    -------
    str
        Eight hexadecimal digits, fit to be read out to a colleague.
    """
    reference = secrets.token_hex(4)
    trace = "".join(traceback.format_exception(error))
    _LOG.error("fault %s\n%s", reference, trace)
    entry = f"--- {reference} {datetime.now(UTC).isoformat(timespec='seconds')}\n{trace}\n"
    for place in (folder, Path(tempfile.gettempdir())):
        if place is not None and _append(place / "faults.log", entry):
            break
    return reference


def _append(path: Path, entry: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _MAX_LOG_BYTES:
            path.replace(path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as log:
            log.write(entry)
    except OSError:
        return False
    return True
