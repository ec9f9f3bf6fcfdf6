from __future__ import annotations

from pathlib import Path

import pytest

from voice.errors import InputError
from voice.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]


def test_command_line_wins_over_environment_over_file_over_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "voice.toml").write_text('port = 1\nhost = "127.0.0.2"\nrate = 200\n')
    monkeypatch.setenv("VOICE_PORT", "2")
    monkeypatch.setenv("VOICE_HOST", "127.0.0.3")
    settings = load_settings({"port": 3})
    assert (settings.port, settings.host, settings.rate, settings.volume) == (
        3,
        "127.0.0.3",
        200,
        1.0,
    )


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"prot": 1}, "prot is no setting; did you mean port?"),
        ({"port": "x"}, "setting port: "),
        ({"port": 70000}, "setting port: "),
        ({"stt": "magic"}, "setting stt: "),
        ({"volume": 2}, "setting volume: "),
        ({"api_keys": ["k", " "]}, "setting api_keys: a key must not be blank"),
        ({"secret_keys": [""]}, "setting secret_keys: a key must not be blank"),
    ],
)
def test_wrong_setting_is_one_line_with_its_name(overrides: dict[str, object], says: str) -> None:
    with pytest.raises(InputError) as caught:
        load_settings(overrides)
    assert caught.value.message.startswith(says)
    assert "\n" not in caught.value.message


def test_unknown_variable_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_PROT", "1")
    with pytest.raises(InputError, match="VOICE_PROT is no setting; did you mean VOICE_PORT"):
        load_settings()


@pytest.mark.parametrize("text", ["port = ", "prot = 1", "\0", "port = 'x'"])
def test_faulty_file_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "voice.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert "\n" not in caught.value.message


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ALLOWED_HOSTS", "a.example, b.example,")
    assert load_settings().allowed_hosts == ("a.example", "b.example")
    monkeypatch.setenv("VOICE_ALLOWED_HOSTS", '["a.example", "b.example"]')
    assert load_settings().allowed_hosts == ("a.example", "b.example")
    monkeypatch.setenv("VOICE_ALLOWED_HOSTS", "[broken")
    with pytest.raises(InputError, match="setting allowed_hosts"):
        load_settings()


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_API_KEYS", "hunter2,other")
    settings = load_settings({"secret_keys": ["swordfish"]})
    shown = repr(settings) + repr(settings.masked())
    assert "hunter2" not in shown
    assert "swordfish" not in shown
    assert [key.get_secret_value() for key in settings.api_keys] == ["hunter2", "other"]


def test_readme_tells_every_setting_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text()
    for name, field in Settings.model_fields.items():
        row = next((line for line in readme.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert row, f"README.md does not tell the setting {name}"
        assert str(field.description) in row, f"README.md describes {name} otherwise"
        default = field.default if field.default not in (None, ()) else ""
        assert f"| {str(default).lower() if isinstance(default, bool) else default} |" in row
