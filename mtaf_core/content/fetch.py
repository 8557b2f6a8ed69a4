"""Weights onto this machine: downloaded with resume and a hash check, or copied from a folder."""

import hashlib
import os
import re
import shutil
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any

from mtaf_core.content.specs import BackboneSpec, WeightFile, profile_specs
from mtaf_core.content.weights import WeightsStatus, default_dir, find, status
from mtaf_core.errors import BadInput, WeightsMissing
from mtaf_core.jobs import Progress, Step, silent

_CHUNK = 1 << 20
_TIMEOUT_S = 30.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


def download(
    profile: str, weights_dir: Path | None = None, progress: Progress = silent, mirror: str | None = None
) -> list[WeightsStatus]:
    """Fetch every weight file of a profile that is not here yet.

    A file is written as ``NAME.part``, continued from there after an interruption, checked, and only then renamed, so
    that a file under its own name is always whole.

    Parameters
    ----------
    profile : str
    weights_dir : Path, optional
        Default `default_dir`.
    progress : Progress
        Called with stage ``"download"``, bytes done and in total.
    mirror : str, optional
        ``http``, ``https`` or ``file`` address of a folder laid out like the weights directory
        (``MIRROR/BACKBONE/FILE``), used instead of the publishers' addresses. Default ``MTAF_WEIGHTS_MIRROR``.

    Returns
    -------
    list of WeightsStatus
        As `status` tells afterwards.

    Raises
    ------
    BadInput
        If there is no such profile, or the mirror is no such address.
    WeightsMissing
        If a file cannot be fetched or does not have the hash its publisher states.
    """
    folder = Path(weights_dir or default_dir())
    mirror = mirror or os.environ.get("MTAF_WEIGHTS_MIRROR") or None
    for spec in profile_specs(profile).values():
        for file in spec.files:
            if find(spec, file, folder) is not None or not (file.url or mirror):
                continue
            url = f"{mirror.rstrip('/')}/{spec.name}/{file.name}" if mirror else file.url
            try:
                _fetch(url, folder / spec.name / file.name, file, progress)
            except WeightsMissing:
                if not file.optional:
                    raise
    return status(profile, folder)


def install_from(profile: str, folder: Path, weights_dir: Path | None = None) -> list[WeightsStatus]:
    """Copy the weights of a profile from a folder, for machines without internet.

    Each file is looked for as ``FOLDER/BACKBONE/FILE``, then as ``FOLDER/FILE``, under its published name or one it
    may stand in for (for instance ``resnet152.safetensors``).

    Returns
    -------
    list of WeightsStatus
        As `status` tells afterwards.

    Raises
    ------
    BadInput
        If there is no such profile or folder.
    WeightsMissing
        If the folder holds nothing of the profile, or a file under its published name does not have its hash.
    """
    folder, target = Path(folder).expanduser(), Path(weights_dir or default_dir())
    specs = profile_specs(profile)
    if not folder.is_dir():
        raise BadInput(f"There is no folder at {folder}; give the one that holds the weights.")
    copied = 0
    for spec in specs.values():
        for file in spec.files:
            source = _offered(spec, file, folder)
            if source is not None:
                _copy(source, target / spec.name / source.name, file)
                copied += 1
    if not copied:
        names = ", ".join(f"{spec.name}/{spec.files[-1].name}" for spec in specs.values())
        raise WeightsMissing(f"{folder} holds no weights of the profile '{profile}'; expected for instance {names}.")
    return status(profile, target)


def _offered(spec: BackboneSpec, file: WeightFile, folder: Path) -> Path | None:
    places = [folder / spec.name]
    # A loose config.json could be any network's: only names that tell whose they are may lie at the top.
    if file.sha256:
        places.append(folder)
    # The folder may also be that of the one backbone itself, as a hub download leaves it.
    if folder.name == spec.name:
        places.append(folder)
    names = (file.name, *file.stand_ins)
    return next((place / name for place in places for name in names if (place / name).is_file()), None)


def _copy(source: Path, target: Path, file: WeightFile) -> None:
    if target.exists() and source.samefile(target):
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
        try:
            shutil.copyfile(source, part)
            if target.name == file.name:
                _check(Path(part), source, file.sha256)
            os.replace(part, target)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise WeightsMissing(f"{source} cannot be copied to {target.parent} ({error.strerror}); free it up.") from error


class _Redirect(urllib.request.HTTPRedirectHandler):
    """Follow redirects, keeping the hash that a hub states on its own answer but not on its storage's."""

    stated = ""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        self.stated = self.stated or _stated_hash(headers)
        _check_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetch(url: str, target: Path, file: WeightFile, progress: Progress) -> None:
    _check_address(url)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stated = _transfer(url, part, progress, target.name)
        _check(part, url, file.sha256 or stated)
        os.replace(part, target)
    except urllib.error.HTTPError as error:
        raise WeightsMissing(f"{url} answered {error.code} {error.reason}; try again, or use --from DIR.") from error
    except (OSError, HTTPException) as error:
        raise WeightsMissing(
            f"{url} could not be fetched ({_reason(error)}); run the same command again to go on, or use --from DIR."
        ) from error


def _transfer(url: str, part: Path, progress: Progress, name: str) -> str:
    """Write the rest of a file to ``part``; returns the sha256 the server states, or an empty string."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "mtaf"})  # noqa: S310  # address checked above
    if have and not url.startswith("file:"):
        request.add_header("Range", f"bytes={have}-")
    redirect = _Redirect()
    try:
        answer = urllib.request.build_opener(redirect).open(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not have:
            raise
        # Nothing is left to send, or the file has changed there; the hash tells which, else begin anew.
        stated = redirect.stated or _stated_hash(error.headers)
        if stated and _sha256(part) == stated:
            return stated
        part.unlink()
        return _transfer(url, part, progress, name)
    with answer:
        resumed = getattr(answer, "status", None) == 206
        done = have if resumed else 0
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length and length.isdigit() else 0
        with part.open("ab" if resumed else "wb") as out:
            while chunk := answer.read(_CHUNK):
                out.write(chunk)
                done += len(chunk)
                progress(Step("download", done, total, name))
        if total and done < total:
            raise ConnectionError(f"the connection ended after {done} of {total} bytes")
        return redirect.stated or _stated_hash(answer.headers)


def _check(part: Path, source: object, expected: str) -> None:
    """Compare with the expected hash, or with the first digits that are known of it; a wrong file is removed."""
    if not expected:
        return
    digest = _sha256(part)
    if not digest.startswith(expected):
        part.unlink(missing_ok=True)
        raise WeightsMissing(
            f"{source} is damaged or not the published file: its sha256 begins {digest[:8]}, not {expected[:8]}; "
            "fetch it again."
        )


def _stated_hash(headers: Message) -> str:
    stated = (headers.get("X-Linked-Etag") or "").strip('"')
    return stated if _SHA256.fullmatch(stated) else ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_address(url: str) -> None:
    if urllib.parse.urlsplit(url).scheme not in ("http", "https", "file"):
        raise BadInput(f"'{url}' is not an address weights can come from; use http, https or file.")


def _reason(error: BaseException) -> str:
    cause = getattr(error, "reason", None) or error
    return str(getattr(cause, "strerror", None) or cause or type(error).__name__)
