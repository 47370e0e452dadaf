"""The section ``[warehouse]`` of a configuration: where results are kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from tasks.home import HomePath, with_home
from tasks.section import Section
from tasks.whole_path import without_links
from warehouse.publishing.generations import KEEP_GENERATIONS
from warehouse.sharing.log_kind import LogKind

if TYPE_CHECKING:
    from warehouse import Warehouse


class WarehouseSettings(Section):
    """``[warehouse]``: where results are kept."""

    path: HomePath = Field(Path("commentary"), description="Folder of the warehouse.")
    wait_seconds: float = Field(
        0, ge=0, le=604_800, description="How long to wait for another run that is writing before giving up."
    )
    keep_snapshots: int = Field(
        KEEP_GENERATIONS,
        ge=1,
        le=1_000,
        description="Published snapshots kept for programs that still have them open.",
    )
    shared: str = Field(
        "",
        description="Place at which several machines share the warehouse: a folder that all can reach, or "
        "s3://bucket/folder. `path` is then this machine's working copy.",
    )
    log: LogKind = Field(
        "files", description="Form of the shared log: `files`, or `delta` for a Delta table (extra `delta`)."
    )

    @field_validator("shared")
    @classmethod
    def _home_is_known(cls, shared: str) -> str:
        return shared if not shared or "://" in shared else str(with_home(Path(shared)))

    @model_validator(mode="after")
    def _log_is_shared(self) -> Self:
        if self.log != "files" and not self.shared:
            raise ValueError(
                f'log = "{self.log}" needs shared: the place at which several machines share the warehouse'
            )
        return self

    # The folder of the configuration itself, and whether the configuration names it.
    _own_path: Path | None = PrivateAttr(None)
    _names_path: bool = PrivateAttr(False)

    def anchored(self, folder: Path) -> Self:
        """Resolve relative paths from ``folder``, and note the warehouse's folder of the configuration itself."""
        shared = self.shared
        if shared and "://" not in shared:
            shared = str(folder / shared)
        path = folder / self.path
        anchored = self.model_copy(update={"path": path, "shared": shared})
        anchored._own_path, anchored._names_path = path, "path" in self.model_fields_set
        return anchored

    def at(self, path: Path) -> Self:
        """Give the same settings for the warehouse at ``path``, which was named in place of the configured one."""
        return self.model_copy(update={"path": path})

    def open(self) -> "Warehouse":
        """Give the warehouse to write in.

        A folder that was named in place of the configured one is not made a working copy of the shared place: whoever
        tries something in a folder of its own would otherwise write into the common warehouse without knowing it.
        """
        # Whoever only asks a warehouse reads the configuration too, and must not wait for what writes one.
        from warehouse import Warehouse  # noqa: PLC0415 - as above
        from warehouse.sharing.place import shared_place  # noqa: PLC0415 - as above

        remote = shared_place(self.shared, log=self.log) if self.shared else None
        return Warehouse(
            self.path, remote=remote, may_join=self._may_join(), keep_snapshots=self.keep_snapshots
        )

    def _may_join(self) -> bool:
        own = self._own_path
        if own is None or without_links(own) == without_links(self.path):
            return True
        # Nobody has named the default folder. While there is no warehouse in it, the folder that the command line names
        # may be this machine's.
        return not self._names_path and not (own / "log").is_dir()
