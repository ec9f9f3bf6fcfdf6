"""The synthesizer in a program of its own: what it prints, needs and weighs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


SPEAK = """
from voice.tts.protocol import VoiceOptions
from voice.tts.pyttsx3 import Pyttsx3Synthesizer
synthesizer = Pyttsx3Synthesizer()
assert synthesizer.synthesize("hello there", VoiceOptions(), 20).seconds > 0.5
{more}
synthesizer.close()
"""


def test_nothing_is_printed() -> None:
    done = run(SPEAK.format(more=""))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="espeak is Linux's")


@linux_only
def test_no_system_package_is_needed() -> None:
    more = """
import glob
import psutil
(child,) = psutil.Process().children()
libraries = [m.path for m in child.memory_maps() if "espeak" in m.path]
print(*libraries)
"""
    done = run(SPEAK.format(more=more), PATH="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()
    assert all("espeakng_loader" in path for path in done.stdout.split())


@linux_only
def test_a_deep_folder_is_no_trouble(tmp_path: Path) -> None:
    import espeakng_loader

    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    (deep / "espeakng_loader").symlink_to(Path(espeakng_loader.__file__).parent)
    done = run(SPEAK.format(more=""), PYTHONPATH=f"{ROOT}{os.pathsep}{deep}")
    assert done.returncode == 0, done.stderr


@linux_only
def test_the_library_of_the_system_does_where_the_package_is_missing(tmp_path: Path) -> None:
    (tmp_path / "espeakng_loader.py").write_text("raise ImportError", encoding="utf-8")
    found = run("import ctypes; ctypes.CDLL('libespeak-ng.so.1')")
    if found.returncode:
        pytest.skip("this system has no libespeak-ng of its own")
    done = run(SPEAK.format(more=""), PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}")
    assert done.returncode == 0, done.stderr
