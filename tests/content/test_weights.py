"""Given a weights directory or a server, then weights are found, fetched whole, checked, or refused by name."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from mtaf_core.content import backbones, fetch, specs, weights
from mtaf_core.content.specs import BackboneSpec, WeightFile
from mtaf_core.errors import BadInput, Cancelled, WeightsMissing
from mtaf_core.jobs import Step
from mtaf_core.schema import Modality

CONTENT = np.random.default_rng(0).bytes(3_000_000)
HASH = hashlib.sha256(CONTENT).hexdigest()


class Publisher(BaseHTTPRequestHandler):
    """Serves CONTENT at every address, with Range; some addresses misbehave."""

    ranges: list[str]

    def do_GET(self) -> None:
        if self.path.endswith("absent.pth"):
            self.send_error(404)
            return
        if self.path.startswith("/hub/"):
            self.send_response(302)
            self.send_header("X-Linked-Etag", f'"{"0" * 64 if "lying" in self.path else HASH}"')
            self.send_header("Location", "/storage/file")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        asked = self.headers.get("Range", "")
        self.server.ranges.append(asked)  # type: ignore[attr-defined]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        end = start + 1_200_000 if "breaks" in self.path and not asked else len(CONTENT)
        self.wfile.write(CONTENT[start:end])

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.ranges = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def publish(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Make a profile "trial" of one backbone with one file at an address of the server."""

    def make(address: str, sha256: str = "", name: str = "net.pth") -> BackboneSpec:
        url = f"http://127.0.0.1:{server.server_port}/{address}"
        file = WeightFile(name, url, sha256, stand_ins=("net.safetensors",))
        spec = BackboneSpec("trial-net", Modality.VISUAL, 8, "MIT", "nobody", (file,))
        profiles = MappingProxyType({**specs.PROFILES, "trial": {Modality.VISUAL: spec}})
        monkeypatch.setattr(specs, "PROFILES", profiles)
        monkeypatch.setattr(weights, "PROFILES", profiles)
        return spec

    return make


def test_a_download_is_whole_checked_and_reported(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("net.pth", HASH[:8])
    steps: list[Step] = []
    (state,) = fetch.download("trial", tmp_path, steps.append)
    assert state.present
    assert state.size_bytes == len(CONTENT)
    assert (tmp_path / "trial-net" / "net.pth").read_bytes() == CONTENT
    assert [p.name for p in (tmp_path / "trial-net").iterdir()] == ["net.pth"]
    assert {step.stage for step in steps} == {"download"}
    assert (steps[-1].done, steps[-1].total, steps[-1].note) == (len(CONTENT), len(CONTENT), "net.pth")
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_a_download_goes_on_where_it_broke_off(publish, server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("breaks/net.pth", HASH)
    with pytest.raises(WeightsMissing, match="run the same command again to go on"):
        fetch.download("trial", tmp_path)
    part = tmp_path / "trial-net" / "net.pth.part"
    have = part.stat().st_size
    assert 0 < have <= 1_200_000
    assert fetch.download("trial", tmp_path)[0].present
    assert server.ranges == ["", f"bytes={have}-"]
    assert (tmp_path / "trial-net" / "net.pth").read_bytes() == CONTENT


def test_a_stopped_download_goes_on_later(publish, server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def stop(step: Step) -> None:
        raise Cancelled("Stopped.")

    publish("net.pth", HASH)
    with pytest.raises(Cancelled):
        fetch.download("trial", tmp_path, stop)
    assert not (tmp_path / "trial-net" / "net.pth").exists()
    assert fetch.download("trial", tmp_path)[0].present
    assert server.ranges[1].startswith("bytes=")


def test_a_finished_download_is_not_fetched_again(publish, server, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("net.pth", HASH)
    fetch.download("trial", tmp_path)
    fetch.download("trial", tmp_path)
    assert len(server.ranges) == 1


def test_a_complete_part_is_taken_as_it_is(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("hub/net.pth")
    (tmp_path / "trial-net").mkdir()
    (tmp_path / "trial-net" / "net.pth.part").write_bytes(CONTENT)
    assert fetch.download("trial", tmp_path)[0].present


def test_a_damaged_part_does_not_become_a_file(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("net.pth", HASH)
    (tmp_path / "trial-net").mkdir()
    part = tmp_path / "trial-net" / "net.pth.part"
    part.write_bytes(b"\0" * 1000)
    with pytest.raises(WeightsMissing, match="sha256 begins"):
        fetch.download("trial", tmp_path)
    assert not part.exists()
    assert fetch.download("trial", tmp_path)[0].present


def test_the_hash_a_hub_states_is_checked(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("hub/lying.pth")
    with pytest.raises(WeightsMissing, match="sha256 begins"):
        fetch.download("trial", tmp_path)
    publish("hub/honest.pth")
    assert fetch.download("trial", tmp_path)[0].present


def test_what_a_server_does_not_have_is_told(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("absent.pth", name="absent.pth")
    with pytest.raises(WeightsMissing, match=r"absent\.pth answered 404"):
        fetch.download("trial", tmp_path)


def test_a_mirror_is_a_weights_directory_served(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("absent.pth", HASH[:8])
    mirror = tmp_path / "mirror"
    (mirror / "trial-net").mkdir(parents=True)
    (mirror / "trial-net" / "net.pth").write_bytes(CONTENT)
    assert fetch.download("trial", tmp_path / "here", mirror=mirror.as_uri())[0].present
    with pytest.raises(BadInput, match="use http, https or file"):
        fetch.download("trial", tmp_path / "there", mirror="ftp://example.org/weights")


def test_no_server_is_one_sentence(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("net.pth")
    with pytest.raises(WeightsMissing, match="could not be fetched") as caught:
        fetch.download("trial", tmp_path, mirror="http://127.0.0.1:9")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["trial-net/net.pth", "net.pth", "net.safetensors"])
def test_weights_are_installed_from_a_folder(publish, tmp_path: Path, place: str) -> None:  # type: ignore[no-untyped-def]
    publish("net.pth", HASH[:8])
    source = tmp_path / "usb" / place
    source.parent.mkdir(parents=True)
    source.write_bytes(CONTENT)
    (state,) = fetch.install_from("trial", tmp_path / "usb", tmp_path / "here")
    assert state.present
    assert (tmp_path / "here" / "trial-net" / source.name).read_bytes() == CONTENT


def test_a_wrong_folder_or_file_is_not_installed(publish, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    publish("net.pth", HASH[:8])
    with pytest.raises(BadInput, match="no folder"):
        fetch.install_from("trial", tmp_path / "none", tmp_path / "here")
    with pytest.raises(WeightsMissing, match="holds no weights"):
        fetch.install_from("trial", tmp_path, tmp_path / "here")
    (tmp_path / "net.pth").write_bytes(b"something else")
    with pytest.raises(WeightsMissing, match="not the published file"):
        fetch.install_from("trial", tmp_path, tmp_path / "here")
    assert not any((tmp_path / "here").rglob("*.pth"))


def test_compact_weights_are_here_with_pip() -> None:
    states = weights.status("compact")
    assert [state.spec.name for state in states] == ["use-multilingual-v3", "aisfx-cnn", "efficientnet-lite0"]
    for state in states:
        assert state.present
        assert state.folder is not None
        assert state.size_bytes > 10**7


def test_the_published_prefix_fits_the_weights_that_are_here() -> None:
    (file,) = specs.EFFICIENTNET.files
    path = weights.find(specs.EFFICIENTNET, file)
    assert path is not None
    assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(file.sha256)


def test_missing_weights_say_what_where_and_how(tmp_path: Path) -> None:
    states = weights.status("paper", tmp_path)
    assert not any(state.present for state in states)
    assert all(state.missing and state.size_bytes > 10**8 for state in states)
    with pytest.raises(WeightsMissing) as caught:
        backbones.load("paper", Modality.VISUAL, weights_dir=tmp_path)
    said = str(caught.value)
    assert "resnet152-f82ba261.pth" in said
    assert str(tmp_path / "resnet152-imagenet1k-v2") in said
    assert "python -m mtaf_core backbones --profile paper --download" in said
    assert "--from DIR" in said


def test_the_weights_directory_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAF_WEIGHTS", str(tmp_path))
    assert weights.default_dir() == tmp_path
    monkeypatch.delenv("MTAF_WEIGHTS")
    assert weights.default_dir() == Path.home() / ".cache" / "mtaf" / "weights"


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path) -> None:
    import pickle

    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (tmp_path / "harm",))  # type: ignore[return-value]

    bad = tmp_path / "bad.pth"
    bad.write_bytes(pickle.dumps(Harm(), 2))
    for path in (bad, tmp_path / "junk.safetensors", tmp_path / "junk.pth"):
        if path != bad:
            path.write_bytes(b"junk")
        with pytest.raises(WeightsMissing, match="cannot be read") as caught:
            weights.read_state(path)
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "harm").exists()


def test_profiles_name_every_licence_and_known_dimensions() -> None:
    dimensions = {name: [spec.dimension for spec in each.values()] for name, each in specs.PROFILES.items()}
    assert dimensions == {
        "compact": [512, 512, 1280],
        "paper": [768, 1280, 2048],
        "paper-multilingual": [768, 1280, 2048],
    }
    for each in specs.PROFILES.values():
        for modality, spec in each.items():
            assert spec.modality is modality
            assert spec.licence
            assert (spec.sample_rate is not None) == (modality is Modality.AUDIO)
    assert "CC BY 4.0" in specs.AISFX.attribution


def test_the_published_resnet_is_torchvisions_own() -> None:
    from torchvision.models import ResNet152_Weights

    assert specs.RESNET.files[0].url == ResNet152_Weights.IMAGENET1K_V2.url


def test_language_decides_which_bert_reads() -> None:
    assert specs.profile_for("paper", "zh-CN") == "paper"
    assert specs.profile_for("paper", "vi") == "paper-multilingual"
    assert specs.profile_for("compact", "vi") == "compact"
    with pytest.raises(BadInput, match="choose one of compact, paper, paper-multilingual"):
        specs.profile_for("grand", "zh")
