"""``[second_model]``: the server, the questions, and the limits of a night."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from tasks.section import Section

Ask = Literal["unsure", "stated", "all"]
Price = Annotated[float, Field(ge=0, le=1_000_000)]


def fits_a_header(key: str) -> bool:
    """Say whether a key can be sent: the library that sends requests refuses line ends and other control characters."""
    return key.isascii() and key.isprintable()


class SecondModelSettings(Section):
    """``[second_model]``: a server with OpenAI's protocol. Without a `url` there is no second model."""

    url: str = Field("", description='Address of the server, such as "http://127.0.0.1:8000/v1".')
    model: str = Field("", max_length=200, description="Name of the model, as the server knows it.")
    key: SecretStr = Field(
        SecretStr(""),
        description="Key of the server; only from the environment, COMMENTARIAT_SECOND_MODEL__KEY.",
    )
    key_block: str = Field("", description="Name of a Prefect Secret block that holds the key instead.")
    ask: Ask = Field(
        "unsure",
        description="unsure: answers of which the first model is unsure; stated: also the sides that it states; all: "
        "every target about which a part of the article may speak.",
    )
    random_share: float = Field(
        0.02, ge=0, le=1, description="Share of all articles, asked about every target, for comparison."
    )
    days: float = Field(
        7,
        gt=0,
        le=36_500,
        description="A night asks about articles taken in during this number of days, latest first.",
    )
    most_a_night: int = Field(
        500,
        ge=0,
        le=1_000_000_000,
        description="Most articles that are asked about within twenty hours from the first request, by all runs "
        "together.",
    )
    most_tokens_a_night: int = Field(
        2_000_000,
        ge=0,
        le=1_000_000_000_000,
        description="Most tokens, sent and answered, within twenty hours from the first request, by all runs "
        "together.",
    )
    price_per_million: tuple[Price, Price] | None = Field(
        None,
        description="Price of a million tokens sent and of a million answered, for the cost in the summary.",
    )
    concurrency: int = Field(8, ge=1, le=256, description="Requests at a time.")
    context_tokens: int = Field(
        0,
        ge=0,
        le=1_000_000_000,
        description="Tokens that fit into the model's context; 0: the server is asked, else 8192.",
    )
    answer_tokens: int = Field(
        1000,
        ge=64,
        le=100_000,
        description="Tokens that an answer may have; set more for a model that reasons before it answers.",
    )
    timeout_s: float = Field(
        120, gt=0, le=86_400, description="Seconds from a request to the last byte of its answer."
    )
    wait_minutes: float = Field(
        30,
        ge=0,
        le=10_080,
        description="How long a night waits for the second model when all other work is done.",
    )

    @property
    def is_on(self) -> bool:
        """Whether a second model is configured."""
        return bool(self.url)

    @property
    def random_below(self) -> str:
        """The end of the random share: articles whose ids end in less than these eight hex digits are in it."""
        return "g" if self.random_share >= 1 else f"{int(self.random_share * 2**32):08x}"

    @field_validator("key")
    @classmethod
    def _key_fits_a_header(cls, key: SecretStr) -> SecretStr:
        if not fits_a_header(key.get_secret_value()):
            raise ValueError("should be printable ASCII, as it goes into a header")
        return key

    @field_validator("url")
    @classmethod
    def _url_is_an_address(cls, url: str) -> str:
        if not url:
            return url
        try:
            parts = urlsplit(url)
            parts.port  # noqa: B018 - raises where it is no number
        except ValueError as error:
            raise ValueError(f"is not an address: {error}") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("should be an address that starts with https:// or http://")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("should have no user name, query or fragment; the key has a variable of its own")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _server_has_a_model(self) -> "SecondModelSettings":
        if self.url and not self.model:
            raise ValueError("url needs model: the name of the model, as the server knows it")
        return self
