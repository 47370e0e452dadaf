"""Most of the sections of a configuration. Each is a small model: typed, immutable, and without unknown keys."""

from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from models import Target, Wording
from tasks.section import Section

Statement = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class TargetSettings(Section):
    """A ``[[targets]]`` entry: a question to track, as a statement one can be for or against."""

    id: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
            description="Permanent name of the target in the tables: small letters, digits, `-` and `_`.",
        ),
    ]
    statement: Statement = Field(
        description="A statement one can be for or against: one plain sentence of 3 to 300 characters."
    )
    statements: tuple[Statement, ...] = Field(
        (), description="The same statement in other words; the answers to all wordings are combined."
    )
    denied: tuple[Statement, ...] = Field(
        (), description="Wordings that say the opposite: a text in favor of them is against the statement."
    )
    aliases: tuple[str, ...] = Field(
        (),
        description="Other words for the subject, never for a side; they help to find passages that speak about it.",
    )

    @model_validator(mode="after")
    def _wordings_differ(self) -> Self:
        if not (self.statements or self.denied):
            return self
        # Its patterns take 30 ms to compile, and most targets have one wording.
        from models.questions import as_statement  # noqa: PLC0415 - as above

        seen: set[str] = set()
        for wording in (self.statement, *self.statements, *self.denied):
            read = as_statement(wording).casefold()
            if read in seen:
                raise ValueError(
                    f"the wording {wording!r} occurs more than once in statement, statements and denied, or is the "
                    "question to another one of them; each needs words of its own"
                )
            seen.add(read)
        return self

    def as_target(self) -> Target:
        """Give the target as the classifier takes it."""
        also = (
            *map(Wording, self.statements),
            *(Wording(statement, denied=True) for statement in self.denied),
        )
        return Target(id=self.id, statement=self.statement, aliases=self.aliases, also=also)


class RunSettings(Section):
    """``[run]``: sizes and numbers of micro-batches, and when pages are tried or checked again."""

    batch_size: int = Field(64, ge=1, le=512, description="Least number of articles in a micro-batch.")
    batches_a_run: int = Field(
        32,
        ge=1,
        le=1_000_000,
        description="A run that needs more micro-batches makes them larger instead, within limits.",
    )
    batches_in_flight: int = Field(
        2,
        ge=1,
        le=16,
        description="Micro-batches in work at a time: one in the classifier, the others being fetched and extracted. "
        "1 fetches nothing ahead.",
    )
    max_attempts: int = Field(
        3,
        ge=1,
        le=1_000_000,
        description="Nights on which a page that fails is tried at most, the first included. Also how often a second "
        "model whose answers cannot be used is asked the same question.",
    )
    recheck_days: float = Field(
        3,
        ge=0,
        le=36_500,
        description="Days after its discovery during which a page is checked again for changes.",
    )
    publish_every: int = Field(
        20,
        ge=1,
        le=1_000_000,
        description="Micro-batches between two snapshots during a long night or re-score.",
    )


class ExecutionSettings(Section):
    """``[execution]``: where the classifier runs. Everything else of a night stays in the flow's own process."""

    runner: Literal["threads", "processes", "dask", "ray"] = Field(
        "threads", description="Prefect's task runner for the classifier; dask and ray are extras."
    )
    workers: int = Field(
        0,
        ge=0,
        le=1024,
        description="Parts into which a micro-batch is divided; 0: one for threads, else one for each core.",
    )
    address: str = Field(
        "", description="Address of a Dask scheduler or Ray head; empty: workers are started on this machine."
    )

    @model_validator(mode="after")
    def _address_has_a_cluster(self) -> Self:
        if self.address and self.runner in ("threads", "processes"):
            raise ValueError(f'address belongs to runner = "dask" or "ray", not to "{self.runner}"')
        if self.address and not self.workers:
            raise ValueError(
                "address needs workers: the number of parts in which the cluster reads a micro-batch"
            )
        return self


class ScheduleSettings(Section):
    """``[schedule]``: when ``commentariat serve`` and ``up`` run the night and the weekly maintenance."""

    cron: str = Field(
        "30 3 * * *", description="When the night runs: the five fields of cron, in the time zone below."
    )
    maintenance_cron: str = Field("0 6 * * 0", description="When the maintenance runs.")
    timezone: str = Field("UTC", description="A name such as `UTC`, `Europe/Berlin` or `America/New_York`.")
    wait_minutes: float = Field(
        360, ge=0, le=10_080, description="How long a scheduled run waits for another one that is writing."
    )
    name: str = Field(
        "",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$",
        description="Last part of the deployments' names; needed if one Prefect server serves several configurations.",
    )

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, timezone: str) -> str:
        if timezone not in available_timezones():
            raise ValueError("no such time zone; names look like UTC, Europe/Berlin or America/New_York")
        return timezone


class QualitySettings(Section):
    """``[quality]``: limits beyond which a finished night gets a warning."""

    max_failed_share: float = Field(
        0.25, ge=0, le=1, description="Share of items that may fail before a warning."
    )
    silent_source_days: float = Field(
        3,
        gt=0,
        le=36_500,
        description="Days without a new item after which a feed, sitemap or section is reported.",
    )
    max_topic_drift: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Share of a night's main topics that may differ from other nights', beyond chance.",
    )
    max_stance_drift: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Share of a night's stances on a target that may differ, beyond chance.",
    )
    drift_from_articles: int = Field(
        30,
        ge=1,
        le=1_000_000_000,
        description="Articles that a night and its history must have before drift is judged.",
    )
    history_days: float = Field(90, gt=0, le=36_500, description="Length of the history in days.")


class AlertSettings(Section):
    """``[alerts]``: who gets a message if a run fails, crashes or needs attention. Secrets: environment or blocks."""

    webhook: str = Field("", description="Address that gets a JSON POST.", repr=False)
    email_to: tuple[str, ...] = Field((), description="Addresses that get a mail.")
    email_from: str = Field("commentariat@localhost", description="The sender of the mail.")
    smtp_host: str = Field("", description="The server that sends the mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="The port of this server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to this server is encrypted."
    )
    smtp_user: str = Field("", description="The name to sign in with; empty: no sign-in.")
    smtp_password_variable: str = Field(
        "COMMENTARIAT_SMTP_PASSWORD", description="Environment variable that holds the password."
    )
    blocks: tuple[str, ...] = Field((), description="Prefect notification blocks, as type/name.")

    @field_validator("webhook")
    @classmethod
    def _webhook_is_an_address(cls, webhook: str) -> str:
        if webhook and not webhook.startswith(("http://", "https://")):
            raise ValueError("should be an address that starts with https:// or http://")
        return webhook

    @model_validator(mode="after")
    def _mail_has_a_server(self) -> Self:
        if self.email_to and not self.smtp_host:
            raise ValueError("email_to needs smtp_host, the server that sends the mail")
        return self
