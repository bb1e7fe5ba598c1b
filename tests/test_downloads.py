import hashlib
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from facecam import downloads
from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing

CONTENT = np.random.default_rng(0).bytes(1_500_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Sends CONTENT, from where Range says; `server.breaks` times only a part of it."""

    def do_GET(self):
        self.server.ranges.append(self.headers["Range"])
        if self.path != "/weights.h5":
            self.send_error(404)
            return
        start = 0
        if self.server.resumable and (asked := self.headers["Range"]):
            start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
        if start >= len(self.server.content):
            self.send_error(416)
            return
        rest = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if self.server.breaks:
            self.server.breaks -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)

    def log_message(self, *_):
        pass


@contextmanager
def serving(content=CONTENT, resumable=True, breaks=0):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.content, server.resumable, server.breaks = content, resumable, breaks
    server.ranges = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/weights.h5", server.ranges
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "download" / "weights.h5"


def part(target):
    return target.with_name("weights.h5.part")


def fetch(url, target):
    told = []
    downloads.download(url, target, SHA256, 10**6, lambda *step: told.append(step))
    return told


def test_a_file_is_fetched_with_progress(target):
    with serving() as (url, _):
        told = fetch(url, target)

    assert target.read_bytes() == CONTENT
    assert not part(target).exists()
    assert len(told) > 3
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert told[-2] == ("Downloading 2 of 2 MB", 1.0)


def test_a_file_that_is_there_is_not_fetched_again(target):
    target.parent.mkdir()
    target.write_bytes(CONTENT)

    assert fetch("http://127.0.0.1:9/weights.h5", target) == []


def test_a_broken_connection_is_resumed_where_it_broke(target):
    with serving(breaks=2) as (url, ranges):
        fetch(url, target)

    assert target.read_bytes() == CONTENT
    assert ranges == [None, "bytes=750000-", "bytes=1125000-"]


def test_what_arrived_before_giving_up_is_kept_for_the_next_call(target):
    with serving(breaks=3) as (url, _), pytest.raises(WeightsMissing, match="are kept"):
        fetch(url, target)
    assert 0 < part(target).stat().st_size < len(CONTENT)

    with serving() as (url, ranges):
        fetch(url, target)

    assert target.read_bytes() == CONTENT
    assert ranges[0].startswith("bytes=1")


def test_a_server_that_cannot_resume_starts_from_the_beginning(target):
    with serving(resumable=False, breaks=1) as (url, ranges):
        fetch(url, target)

    assert target.read_bytes() == CONTENT
    assert len(ranges) == 2


def test_a_complete_part_is_only_checked(target):
    target.parent.mkdir()
    part(target).write_bytes(CONTENT)

    with serving() as (url, _):
        fetch(url, target)

    assert target.read_bytes() == CONTENT


def test_another_content_is_refused_and_removed(target):
    with (
        serving(content=CONTENT[:-1] + b"?") as (url, _),
        pytest.raises(WeightsCorrupt, match=r"checksum is wrong.*models import FILE"),
    ):
        fetch(url, target)

    assert list(target.parent.iterdir()) == []


def test_endless_content_is_stopped(target, monkeypatch):
    monkeypatch.setattr(downloads, "SLACK", 1)
    with (
        serving() as (url, _),
        pytest.raises(WeightsCorrupt, match="sends more than"),
    ):
        fetch(url, target)


def test_a_file_the_server_does_not_have_is_not_asked_for_twice(target):
    with (
        serving() as (url, ranges),
        pytest.raises(WeightsMissing, match="404"),
    ):
        fetch(url.replace("weights", "other"), target)

    assert len(ranges) == 1


def test_without_a_network_the_error_names_the_address_and_the_way_out(target):
    url = "http://127.0.0.1:9/weights.h5"

    with pytest.raises(WeightsMissing, match="The download failed") as caught:
        fetch(url, target)

    assert url in str(caught.value)
    assert "facecam models import FILE" in str(caught.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "models").write_text("a file in the way")
    target = tmp_path / "models" / "weights.h5"

    with pytest.raises(ModelError, match=r"models.* cannot be made.*FACECAM_HOME"):
        downloads.download("http://127.0.0.1/none", target, SHA256, 1, lambda *_: None)
