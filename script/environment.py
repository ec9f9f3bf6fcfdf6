"""Make the checkout's own virtual environment, once, and again when the lock changes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SCRIPTS = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds the project and what it needs."""

    folder: Path

    def program(self, name: str) -> str:
        """Return the path of a program in the environment."""
        suffix = ".exe" if os.name == "nt" else ""
        return str(self.folder / _SCRIPTS / f"{name}{suffix}")


def ensure_environment(*, development: bool = False) -> Environment:
    """Return .venv with the locked packages, made or brought up to date where needed."""
    if sys.version_info < (3, 10):
        sys.exit(f"Python 3.10 or newer is needed; this is {sys.version.split()[0]}.")
    environment = Environment(ROOT / ".venv")
    locks = [ROOT / "requirements.txt"]
    if development:  # holds all that the other one does
        locks.insert(0, ROOT / "requirements-dev.txt")
    lock = locks[0]
    if _is_installed(environment, lock):
        return environment
    _make_venv(environment)
    print(f"Installing the packages of {lock.name} into .venv (first use, or the lock changed) ...")
    _pip(environment, "--require-hashes", "-r", str(lock))
    _pip(environment, "--no-deps", "-e", str(ROOT))
    for each in locks:
        _stamp(environment, each).write_text(_fingerprint(each))
    return environment


def _is_installed(environment: Environment, lock: Path) -> bool:
    stamp = _stamp(environment, lock)
    return stamp.is_file() and stamp.read_text() == _fingerprint(lock)


def _stamp(environment: Environment, lock: Path) -> Path:
    return environment.folder / f"installed-{lock.stem}"


def _fingerprint(lock: Path) -> str:
    """Return what the environment depends on: the lock, this folder and the Python."""
    place = f"{ROOT} {sys.version_info[:2]}".encode()
    files = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(place + files).hexdigest()


def _make_venv(environment: Environment) -> None:
    if any(environment.folder.glob("installed-*")):
        return  # else it is new, or was left half-made
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(_how_to_get_venv(missing))
    command = [sys.executable, "-m", "venv", "--clear", str(environment.folder)]
    made = subprocess.run(command, check=False)
    if made.returncode:
        sys.exit(_how_to_get_venv(["venv"]))


def _how_to_get_venv(missing: list[str]) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"This Python has no working {' and '.join(missing)}. On Debian or Ubuntu: "
        f"apt install python{version}-venv; on Fedora: dnf install python3; "
        "elsewhere: install Python from its own site. Then run this again."
    )


def _pip(environment: Environment, *arguments: str) -> None:
    command = [environment.program("python"), "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check", *arguments]
    if subprocess.run(command, check=False).returncode:
        sys.exit("pip could not install what is needed; its message is above. Run this again.")
