"""Pages for consent or login are known by their addresses, and no other page behind a redirect is taken for one."""

import pytest

from tasks.addresses.consent_pages import why_not_the_page

ASKED = "https://www.gull.example/opinion/ferry"


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        (ASKED, "https://consent.gull.example/"),
        (ASKED, "https://consent.gull.example/v2/collectConsent?sessionId=3_cc-session_1"),
        (ASKED, "https://accounts.gull.example/start?client=7"),
        (ASKED, "https://sign-in.gull.example/"),
        (ASKED, "https://eu.consent.gull.example/"),
        ("https://opinion.gull.example/ferry", "https://consent.gull.example/"),
        ("https://gull.co.example/ferry", "https://login.gull.co.example/"),
        (ASKED, "https://www.gull.example/login?next=/opinion/ferry"),
        (ASKED, "https://www.gull.example/Sign-In.html?url=https%3A%2F%2Fwww.gull.example%2Fopinion%2Fferry"),
        (
            ASKED,
            "https://tern.example/consent/tcf?return=https%253A%252F%252Fgull.example%252Fopinion%252Fferry",
        ),
        (
            "https://gull.example/?p=7",
            "https://gull.example/zustimmung?url=https%3A%2F%2Fgull.example%2F%3Fp%3D7",
        ),
        ("https://gull.example/", "https://gull.example/consent?url=https%3A%2F%2Fgull.example"),
    ],
)
def test_a_page_for_consent_or_login_is_known(asked: str, final: str) -> None:
    why = why_not_the_page(asked, final)
    assert why is not None and "consent or login" in why


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        (ASKED, ASKED),
        (ASKED, "https://gull.example/2026/opinion/ferry"),
        (ASKED, "https://blog.gull.example/ferry"),
        (ASKED, "https://consent.tern.example/opinion/ferry"),  # another site may have any name
        ("https://feeds.example/~r/1", "https://login.example/opinion/ferry"),
        ("https://gull.example/?p=7", "https://gull.example/consent/"),  # an article on consent
        ("https://gull.example/login/1", "https://gull.example/login/ferry?from=/login/1"),
        ("https://consent.gull.example/opinion/ferry", "https://consent.gull.example/2026/ferry"),
        (ASKED, "https://gull.example/how-to-login-again?from=/opinion/ferry"),
        ("file:///home/ada/login/ferry.html", "file:///home/ada/login/ferry.html"),
    ],
)
def test_another_page_behind_a_redirect_is_the_page(asked: str, final: str) -> None:
    assert why_not_the_page(asked, final) is None
