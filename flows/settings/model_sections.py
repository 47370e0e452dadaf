"""The sections ``[topics]`` and ``[model]`` of a configuration: the taxonomy and the model that reads articles."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, field_validator

from commentariat import ConfigError
from models import bundled_taxonomies
from models.loading import DEFAULT_MODEL, DEFAULT_TAXONOMY, STATED_RIGHT, bundled_models, checked_stated_right
from tasks.home import HomePath, not_empty, with_home
from tasks.section import Section


@contextmanager
def _named_by(key: str, name: str) -> Iterator[None]:
    """Turn an error of the file system, or an unknown home folder, into a message about the name that led there."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{key}: {name}: {error.strerror}; write another name or path") from error
    except ValueError as error:
        raise ConfigError(f"{key}: {name}: {error}") from error


class TopicSettings(Section):
    """``[topics]``: the taxonomy, bundled (``cap``, ``iptc``) or a TOML file of labels."""

    taxonomy: str = Field(
        DEFAULT_TAXONOMY,
        description="`cap` (Comparative Agendas Project), `iptc` (Media Topics), or a TOML file of labels; a relative "
        "path starts from the folder of the configuration file.",
    )
    _file: str = PrivateAttr("")

    @field_validator("taxonomy")
    @classmethod
    def _home_folder_is_known(cls, taxonomy: str) -> str:
        with_home(Path(not_empty(taxonomy)))
        return taxonomy

    @property
    def file(self) -> str:
        """Path of the file of labels; empty for a bundled taxonomy."""
        return self._file

    def anchored(self, folder: Path) -> Self:
        """Look for the file of labels from a folder. ``taxonomy`` stays as it is written: stored rows have it.

        Raises
        ------
        ConfigError
            When nobody can look there.
        """
        with _named_by("topics.taxonomy", self.taxonomy):
            path = folder / with_home(Path(self.taxonomy))
            is_file = self.taxonomy.endswith(".toml") or path.is_file()
        anchored = self.model_copy()
        anchored._file = str(path) if is_file and self.taxonomy not in bundled_taxonomies() else ""
        return anchored


StatedRight = Annotated[float, AfterValidator(checked_stated_right)]


class ModelSettings(Section):
    """``[model]``: a bundled model by name, a folder, or a Hugging Face id."""

    name: str = Field(
        DEFAULT_MODEL,
        description="The bundled model `fast`, a folder, or a Hugging Face id. If a checkpoint has neither "
        "`model.onnx` nor `onnx/model.onnx`, it needs the extra `torch`. A folder that begins "
        "with `./`, `../` or `~/`, or that is beside the configuration file, starts from the folder of that file.",
    )
    stated_right: StatedRight = Field(
        STATED_RIGHT,
        description="Share of the stated sides that is to be right, above 0.5 and below 1, measured on general "
        "statements, also on those that a text does not speak about. A higher share gives more unsure answers.",
    )
    calibration: HomePath | None = Field(
        None,
        description="File that `commentariat review recalibrate` wrote; it replaces the model's own calibration.",
    )
    threads: int = Field(0, ge=0, le=1024, description="CPU threads of the classifier; 0 uses every core.")
    _folder: str = PrivateAttr("")

    @property
    def folder(self) -> str:
        """Path of the model's folder; empty for a bundled model and for a Hugging Face id."""
        return self._folder

    def anchored(self, folder: Path) -> Self:
        """Look for the model's files from a folder. ``name`` stays as it is written: stored rows have it.

        Raises
        ------
        ConfigError
            When nobody can look there.
        """
        with _named_by("model.name", self.name):
            path = folder / with_home(Path(self.name))
            is_folder = self.name.startswith(("./", "../", "~")) or path.is_dir()
        calibration = folder / self.calibration if self.calibration is not None else None
        anchored = self.model_copy(update={"calibration": calibration})
        anchored._folder = str(path) if is_folder and self.name not in bundled_models() else ""
        return anchored

    def is_same_model(self, other: Self) -> bool:
        """Say whether both name one model: the same folder, or else the same name, whatever calibration it has."""
        if self.folder and other.folder:
            return os.path.realpath(self.folder) == os.path.realpath(other.folder)
        return (self.folder, self.name) == (other.folder, other.name)

    def calibration_text(self) -> str:
        """Read the file of the calibration; empty if none is named.

        Raises
        ------
        ConfigError
            When the file cannot be read.
        """
        if self.calibration is None:
            return ""
        try:
            return self.calibration.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"model.calibration: {self.calibration} cannot be read ({error}); `commentariat review recalibrate` "
                "writes it"
            ) from error

    @field_validator("name")
    @classmethod
    def _name_is_of_a_model_there_is(cls, name: str, info: ValidationInfo) -> str:
        with_home(Path(not_empty(name)))
        beside = Path((info.context or {}).get("folder", ""))
        if name == "accurate" and not (beside / name).is_dir():
            raise ValueError(
                'the model "accurate" is no longer part of this release; write name = "fast", which takes its place'
            )
        return name
