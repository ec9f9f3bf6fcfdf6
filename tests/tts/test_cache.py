import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from voice.tts.cache import SpeechCache, speech_key
from voice.tts.protocol import VoiceOptions

ROOT = Path(__file__).parents[2]
WAV = bytes(range(256)) * 40


def fill(cache: SpeechCache, names: str, size: int = 1000) -> None:
    for name in names:
        cache.put(name, name.encode() * size)


def kept(folder: Path) -> str:
    return "".join(sorted(file.stem for file in folder.glob("*.wav")))


def age(folder: Path, name: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder / f"{name}.wav", (then, then))


def test_what_is_put_is_got(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path / "a" / "b", 1 << 20)
    assert cache.get("key") is None
    cache.put("key", WAV)
    assert cache.get("key") == WAV
    assert SpeechCache(tmp_path / "a" / "b", 1 << 20).get("key") == WAV
    cache.put("key", WAV[:99])
    assert cache.get("key") == WAV[:99]
    assert [file.name for file in (tmp_path / "a" / "b").iterdir()] == ["key.wav"]


def test_the_key_depends_on_all_that_changes_the_sound() -> None:
    options = VoiceOptions()
    keys = {
        speech_key("text", options, "1"),
        speech_key("text.", options, "1"),
        speech_key("text", options, "2"),
        speech_key("text", replace(options, voice="de"), "1"),
        speech_key("text", replace(options, locale="de"), "1"),
        speech_key("text", replace(options, rate=166), "1"),
        speech_key("text", replace(options, volume=0.9), "1"),
    }
    assert len(keys) == 7
    assert speech_key("text", VoiceOptions(), "1") in keys
    assert all(key.isalnum() for key in keys)


@pytest.mark.parametrize("damage", ["truncated", "changed", "longer", "empty", "short"])
def test_a_damaged_entry_is_removed(tmp_path: Path, damage: str) -> None:
    cache = SpeechCache(tmp_path, 1 << 20)
    cache.put("key", WAV)
    path = tmp_path / "key.wav"
    whole = path.read_bytes()
    damaged = {
        "truncated": whole[:-100],
        "changed": whole[:500] + b"?" + whole[501:],
        "longer": whole + b"?",
        "empty": b"",
        "short": b"ab",
    }
    path.write_bytes(damaged[damage])
    assert cache.get("key") is None
    assert not path.exists()


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 10_500)
    fill(cache, "abcdefghi")
    for number, name in enumerate("abcdefghi"):
        age(tmp_path, name, 1000 - number)
    assert cache.get("a") is not None  # used just now
    fill(cache, "jk")
    assert "a" in kept(tmp_path)
    assert "b" not in kept(tmp_path)
    assert kept(tmp_path).endswith("ijk")


def test_the_folder_never_gets_too_big(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 10_500)
    for number in range(60):
        cache.put(f"key{number}", bytes(900 + 7 * number))
        assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 10_500


def test_what_other_processes_left_is_counted(tmp_path: Path) -> None:
    fill(SpeechCache(tmp_path, 1 << 20), "abcdefghijklmnopqrst")
    fill(SpeechCache(tmp_path, 10_500), "u")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 10_500


@pytest.mark.parametrize(("size", "max_bytes"), [(1000, 0), (1000, 900), (100_000, 50_000)])
def test_what_is_too_big_is_not_kept(tmp_path: Path, size: int, max_bytes: int) -> None:
    cache = SpeechCache(tmp_path, max_bytes)
    cache.put("key", bytes(size))
    assert cache.get("key") is None
    assert not list(tmp_path.iterdir())


def test_abandoned_parts_are_removed(tmp_path: Path) -> None:
    old, new = tmp_path / "a.1.part", tmp_path / "b.2.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))
    fill(SpeechCache(tmp_path, 1 << 20), "k", size=200_000)
    assert not old.exists()
    assert new.exists()


def test_a_removed_folder_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "speech"
    cache = SpeechCache(folder, 1 << 20)
    cache.put("key", WAV)
    (folder / "key.wav").unlink()
    folder.rmdir()
    assert cache.get("key") is None
    cache.put("key", WAV)
    assert cache.get("key") == WAV


def assert_goes_on(cache: SpeechCache, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for name in "abc":
            cache.put(name, WAV)
            assert cache.get(name) is None
    assert len(caplog.records) == 1
    assert caplog.records[0].getMessage().startswith("speech is not kept on disk: ")


def test_a_folder_that_cannot_be_made_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert_goes_on(SpeechCache(tmp_path / "file" / "speech", 1 << 20), caplog)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """Lend a small file system, where the system lets us make one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small file system can be mounted by root only, on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with mounted(tmp_path / "disk", "size=16k") as disk:
        (disk / "other").write_bytes(bytes(12_288))
        assert_goes_on(SpeechCache(disk, 1 << 20), caplog)
        assert [file.name for file in disk.iterdir()] == ["other"]


def test_a_read_only_disk_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with mounted(tmp_path / "disk", "ro") as disk:
        assert_goes_on(SpeechCache(disk / "speech", 1 << 20), caplog)


def test_a_limit_on_file_sizes_is_no_trouble(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    code = f"""
import resource
from pathlib import Path
from voice.tts.cache import SpeechCache
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
cache = SpeechCache(Path({str(tmp_path)!r}), 1 << 20)
cache.put("big", bytes(20000))
cache.put("small", bytes(2000))
assert cache.get("big") is None and cache.get("small") == bytes(2000)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=30)
    assert kept(tmp_path) == "small"


def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    code = f"""
import random
from pathlib import Path
from voice.tts.cache import SpeechCache
cache = SpeechCache(Path({str(tmp_path)!r}), 200_000)
for _ in range(300):
    name = random.choice("abcdefghijklmnop")
    wav = cache.get(name)
    assert wav is None or wav == name.encode() * 20_000, name
    cache.put(name, name.encode() * 20_000)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert not list(tmp_path.glob("*.part"))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 200_000 * 1.3


def test_several_threads_share_a_cache(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 50_000)
    failures: list[str] = []

    def work(name: str) -> None:
        for _ in range(50):
            cache.put(name, name.encode() * 9000)
            if cache.get(name) not in (None, name.encode() * 9000):
                failures.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
