from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import Any

import pytest

from voice.errors import InputError
from voice.models.download import DownloadError, Expected, fetch

DATA = bytes(range(256)) * 4096  # 1 MiB
SHA256 = hashlib.sha256(DATA).hexdigest()
RIGHT = Expected((SHA256,), None, len(DATA))


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "parts" / "model.zip"


def test_whole_file_with_progress(site: Any, part: Path) -> None:
    site.files["m"] = DATA
    seen: list[tuple[int, int | None]] = []
    digest = fetch(f"{site.url}/m", part, RIGHT, lambda done, total: seen.append((done, total)))
    assert (digest, part.read_bytes()) == (SHA256, DATA)
    assert seen[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_broken_connections_are_gone_on_with(site: Any, part: Path) -> None:
    site.files["m"] = DATA
    site.break_after = [300_000, 300_000]
    fetch(f"{site.url}/m", part, RIGHT)
    assert part.read_bytes() == DATA
    assert site.ranges[0] == ""
    assert all(asked.startswith("bytes=") for asked in site.ranges[1:])


def test_part_of_an_earlier_run_is_gone_on_with(site: Any, part: Path) -> None:
    site.files["m"] = DATA
    part.parent.mkdir()
    part.write_bytes(DATA[:500_000])
    fetch(f"{site.url}/m", part, RIGHT)
    assert (part.read_bytes(), site.ranges) == (DATA, ["bytes=500000-"])


def test_site_that_does_not_resume_is_read_from_the_start(site: Any, part: Path) -> None:
    site.files["m"], site.resumes = DATA, False
    part.parent.mkdir()
    part.write_bytes(b"x" * 1000)
    fetch(f"{site.url}/m", part, RIGHT)
    assert part.read_bytes() == DATA


def test_part_that_is_whole_is_not_fetched_again(site: Any, part: Path) -> None:
    part.parent.mkdir()
    part.write_bytes(DATA)
    fetch(f"{site.url}/m", part, RIGHT)
    assert site.ranges == []


def test_site_that_always_breaks_off_leaves_a_part_and_says_so(site: Any, part: Path) -> None:
    site.files["m"] = DATA
    site.break_after = [200_000] + [0] * 9
    with pytest.raises(DownloadError, match="broke off"):
        fetch(f"{site.url}/m", part, RIGHT)
    kept = part.read_bytes()
    assert len(kept) > 100_000
    assert DATA.startswith(kept)


@pytest.mark.parametrize(
    "expected",
    [
        Expected(("0" * 64,), None, len(DATA)),
        Expected((), "0" * 32, len(DATA)),
        Expected((), None, len(DATA) + 1),
    ],
    ids=["sha256", "md5", "size"],
)
def test_wrong_bytes_are_removed(site: Any, part: Path, expected: Expected) -> None:
    site.files["m"] = DATA
    with pytest.raises(DownloadError):
        fetch(f"{site.url}/m", part, expected)
    assert not part.exists() or expected.size != len(DATA)


def test_endless_body_is_stopped(site: Any, part: Path) -> None:
    site.files["m"], site.endless, site.claim = DATA, True, 1 << 40
    with pytest.raises(DownloadError, match="sends more than"):
        fetch(f"{site.url}/m", part, RIGHT)
    assert part.stat().st_size <= len(DATA)


def test_length_that_claims_too_much_is_no_whole_file(site: Any, part: Path) -> None:
    site.files["m"], site.claim, site.resumes = DATA, len(DATA) + 5, False
    with pytest.raises(DownloadError, match="broke off"):
        fetch(f"{site.url}/m", part, Expected())


def test_redirect_is_followed(site: Any, part: Path) -> None:
    site.files["m"] = DATA
    fetch(f"{site.url}/moved/m", part, RIGHT)
    assert part.read_bytes() == DATA


def test_missing_file_is_one_line(site: Any, part: Path) -> None:
    with pytest.raises(DownloadError, match="the site answers 404"):
        fetch(f"{site.url}/nothing", part, RIGHT)


def test_nobody_there_is_one_line(part: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(DownloadError, match="the connection failed"):
        fetch(f"http://127.0.0.1:{port}/m", part, RIGHT)


@pytest.mark.parametrize("url", ["http://", "nonsense", "ftp://127.0.0.1/x"])
def test_no_address_is_refused(url: str, part: Path) -> None:
    with pytest.raises((InputError, DownloadError)):
        fetch(url, part, RIGHT)
