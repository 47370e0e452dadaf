"""The files that a command reads: those that it names, and the pages in the folders that it names."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from commentariat import InputError
from tasks.file_endings import MEDIA_TYPES, PARQUET


@dataclass(frozen=True, slots=True)
class NamedPage:
    """A file that was named, or that is in a folder that was named.

    Attributes
    ----------
    path
        Where the file is, from the same place as the path that was named.
    folder
        The folder that was named; None if the file itself was.
    """

    path: Path
    folder: Path | None = None

    @property
    def name(self) -> str:
        """The name of the file, or its path in the folder that was named."""
        return self.path.name if self.folder is None else self.path.relative_to(self.folder).as_posix()


def named_pages(paths: Sequence[Path]) -> list[NamedPage]:
    """List the pages among files and folders; each folder with the folders in it, in the order of their names.

    In a folder, files with the ending of a page or a text are read. A file that is itself named may have any ending.

    Raises
    ------
    InputError
        When a path does not exist or cannot be read, or no page is found.
    """
    pages: list[NamedPage] = []
    for path in paths:
        try:
            # Some programs write a large Parquet file as a folder of that name, which is one input like the file.
            if path.is_dir() and path.suffix.lower() not in PARQUET:
                in_folder = sorted(p for p in _files_in(path) if p.suffix.lower() in MEDIA_TYPES)
                pages += (NamedPage(page, path) for page in in_folder)
            elif path.exists():
                pages.append(NamedPage(path))
            else:
                raise InputError(f"{path}: no such file or folder")
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not pages:
        raise InputError(f"{paths[0]}: no pages there; looked for {', '.join(MEDIA_TYPES)}")
    return pages


def page_paths(paths: Sequence[Path]) -> list[Path]:
    """List where the pages are that :func:`named_pages` lists, and raise the same errors."""
    return [page.path for page in named_pages(paths)]


def _files_in(folder: Path) -> Iterator[Path]:
    """List the files below a folder without hidden ones, as a run does; raise an error if a folder cannot be read."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read: {error.strerror or error}") from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place) / name for name in names if not name.startswith("."))
