"""Commentariat: what the opinion pages say, and where they stand.

This module holds the two things every part of the project shares: the version and the errors a person may
see. The pipeline itself lives in four packages: ``flows`` (what runs), ``tasks`` (the stations an article
passes), ``models`` (the classifier) and ``warehouse`` (tables, commits, SQL).
"""

__version__ = "0.1.0"

__all__ = [
    "AuditError",
    "CommentariatError",
    "ConfigError",
    "InputError",
    "ModelError",
    "WarehouseError",
    "WarehouseLockedError",
    "__version__",
]


class CommentariatError(Exception):
    """Base of every error that is meant to be read by a person.

    The message names the thing that is wrong, the place where it is wrong, and the remedy. The command line
    prints it on one line, without a traceback, and exits with :attr:`exit_code`.
    """

    exit_code = 1


class ConfigError(CommentariatError):
    """The configuration cannot be used: a file is missing, a key is unknown, a value is out of range."""

    exit_code = 2


class InputError(CommentariatError):
    """Something the user named (a file, a URL, a column, a query) cannot be read as what it should be."""

    exit_code = 2


class ModelError(CommentariatError):
    """A classifier cannot be loaded or does not fit its description."""

    exit_code = 3


class WarehouseError(CommentariatError):
    """The warehouse refuses a read or a write, or fails one of its audits."""

    exit_code = 4


class AuditError(WarehouseError):
    """Rows fail an audit and were not committed; nothing else is wrong with the warehouse."""


class WarehouseLockedError(WarehouseError):
    """Another run is writing to the warehouse; the message says which process, since when."""

    exit_code = 5
