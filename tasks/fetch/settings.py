"""The section `[fetch]`: how politely, how much and from which addresses is fetched."""

import ipaddress
import os
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, field_validator

from commentariat import __version__
from tasks.home import HomePath
from tasks.section import Section

MEBIBYTE = 1024 * 1024
TEBIBYTE = MEBIBYTE * MEBIBYTE
LARGEST_PAGE = 8 * MEBIBYTE


class FetchSettings(Section):
    """``[fetch]``: how politely and how carefully pages are fetched."""

    model_config = ConfigDict(validate_default=True)

    user_agent: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*(/[\x20-\x7e]+)?$")] = Field(
        default=f"Commentariat/{__version__}",
        description="Name that is sent with every request; its first word is looked up in robots.txt.",
    )
    contact: Annotated[str, Field(pattern=r"^[\x21-\x7e]*$")] = Field(
        default="", description="Address or page where a site's owner can reach you; sent with every request."
    )
    concurrency: int = Field(default=64, ge=1, le=1024, description="Requests at a time, over all hosts.")
    per_host_concurrency: int = Field(default=2, ge=1, le=64, description="Requests at a time to one host.")
    delay_s: float = Field(
        default=1.0, ge=0, le=86_400, description="Seconds between the starts of two requests at one host."
    )
    max_crawl_delay_s: float = Field(
        default=60,
        ge=0,
        le=86_400,
        description="Longest Crawl-delay that is waited for; a longer one is reduced to this.",
    )
    max_retry_after_s: float = Field(
        default=60,
        ge=0,
        le=86_400,
        description="Longest Retry-After that is waited for; a host that asks for a longer wait gets no request until "
        "the next run. Also the longest wait for a host that is busy and names no time.",
    )
    respect_robots: bool = Field(default=True, description="Obey robots.txt.")
    connect_timeout_s: float = Field(default=10, gt=0, le=86_400, description="Seconds to reach a host.")
    total_timeout_s: float = Field(
        default=30, gt=0, le=86_400, description="Seconds from request to the last byte."
    )
    retries: int = Field(
        default=2, ge=0, le=10, description="Further attempts after an error that may be temporary."
    )
    max_bytes: int = Field(default=LARGEST_PAGE, ge=1, le=TEBIBYTE, description="Largest page, unpacked.")
    max_compressed_bytes: int = Field(
        default=4 * MEBIBYTE, ge=1, le=TEBIBYTE, description="Largest page as it is sent."
    )
    max_listing_bytes: int = Field(
        default=52 * MEBIBYTE, ge=1, le=TEBIBYTE, description="Largest feed or sitemap, unpacked."
    )
    max_archive_bytes: int = Field(
        default=2048 * MEBIBYTE, ge=1, le=TEBIBYTE, description="Largest WARC file that is downloaded."
    )
    max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects followed for one page.")
    allow_loopback: bool = Field(
        default=False, description="Let any host lead to this machine. For tests only."
    )
    allow_private: bool = Field(
        default=False, description="Let hosts lead into private networks (an intranet)."
    )
    archives: HomePath = Field(
        default_factory=lambda: (
            Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "commentariat" / "archives"
        ),
        description="Folder where WARC files from the web are kept; it may be emptied between two runs. A relative "
        "path starts from the folder of the configuration file.",
    )
    connect_to: dict[str, str] = Field(
        default_factory=dict,
        description='Hosts with a fixed address instead of DNS: {"site.example" = "127.0.0.1:8080"}. '
        "Only hosts named here reach this machine.",
    )

    @field_validator("connect_to")
    @classmethod
    def _addresses_can_be_connected_to(cls, connect_to: dict[str, str]) -> dict[str, str]:
        for address in connect_to.values():
            split_address(address)
        return connect_to

    @property
    def robot_name(self) -> str:
        """The name that is looked up in robots.txt."""
        return self.user_agent.partition("/")[0]

    @property
    def user_agent_header(self) -> str:
        """The ``User-Agent`` header: name, version, and an address for complaints."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


def split_address(text: str) -> tuple[str, int]:
    """Split ``127.0.0.1:8080`` or ``[::1]:8080``.

    Raises
    ------
    ValueError
        When it is not an IP address and a port.
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        number = int(port)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address and a port, such as 127.0.0.1:8080") from None
    if not 0 < number < 65_536:
        raise ValueError(f"{text!r}: the port must lie between 1 and 65535")
    return host, number
