"""What only tests may do: take a certificate authority of their own for Amazon's.

It is no setting, so that no environment that was left behind can switch it on.
"""

from __future__ import annotations

from voice.errors import InputError
from voice.settings import Settings


def check_testing(settings: Settings, *, testing: bool) -> None:
    """Raise InputError when the settings trust what only tests may trust, and this is no test."""
    root, certificates = settings.alexa_test_root, settings.alexa_test_certs
    if (root is None) != (certificates is None):
        raise InputError(
            "VOICE_ALEXA_TEST_ROOT and VOICE_ALEXA_TEST_CERTS belong together: set both or neither"
        )
    if root is not None and not testing:
        raise InputError(
            "VOICE_ALEXA_TEST_ROOT lets others speak as Alexa: unset it, or, for a test, start "
            "with `voice serve --testing`"
        )


def testing_warning(settings: Settings) -> str | None:
    """Return what the owner must be told loudly; None where nothing but Amazon is trusted."""
    if settings.alexa_test_root is None:
        return None
    return (
        "TESTING: whoever has the key of the certificate authority in "
        f"{settings.alexa_test_root} passes for Alexa here; never serve people like this"
    )
