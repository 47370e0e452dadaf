"""Commentariat collects opinion articles and finds their topics and stances. Import this package to use it in Python.

:func:`connect` opens a warehouse for SQL queries. :func:`classify` gives the topics and stances of texts. The errors
that a person may see are defined here too. ``nightly``, ``rescore`` and ``maintenance`` are the Prefect flows, for
deployments of your own. The pipeline itself is in four other packages: ``flows`` (the runs), ``tasks`` (the stations
that an article passes), ``models`` (the classifier) and ``warehouse`` (tables, commits, SQL). These packages are
private: any release may change their names and their contents.

The four packages import the errors from this one. Therefore this one imports from them only when a name is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from flows.maintenance import MaintenanceRequest, maintenance
    from flows.night.opening import NightRequest
    from flows.nightly import nightly
    from flows.rescore import RescoreRequest
    from flows.rescore import rescore_flow as rescore
    from models import Reading, Target, Wording, load_classifier
    from warehouse import Reader
    from warehouse.querying.own_tables import OwnTable

__version__ = "0.1.0"

__all__ = [
    "AuditError",
    "CommentariatError",
    "ConfigError",
    "InputError",
    "MaintenanceRequest",
    "ModelError",
    "NightRequest",
    "Reader",
    "Reading",
    "RescoreRequest",
    "Target",
    "WarehouseError",
    "WarehouseLockedError",
    "Wording",
    "__version__",
    "classify",
    "connect",
    "load_classifier",
    "maintenance",
    "nightly",
    "rescore",
]

_DEFINED_IN = {
    "MaintenanceRequest": "flows.maintenance:MaintenanceRequest",
    "NightRequest": "flows.night.opening:NightRequest",
    "Reader": "warehouse:Reader",
    "Reading": "models:Reading",
    "RescoreRequest": "flows.rescore:RescoreRequest",
    "Target": "models:Target",
    "Wording": "models:Wording",
    "load_classifier": "models:load_classifier",
    "maintenance": "flows.maintenance:maintenance",
    "nightly": "flows.nightly:nightly",
    "rescore": "flows.rescore:rescore_flow",
}
_PACKAGES = ("flows", "tasks", "models", "warehouse")
_READ_AT_ONCE = 64
"""Number of texts that ``classify`` gives to the model together, so that its memory does not grow with all texts."""


if not TYPE_CHECKING:  # type checkers use the imports above; they must not accept every other name

    def __getattr__(name: str) -> object:
        if name not in _DEFINED_IN:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        _refuse_other_modules()
        module, _, attribute = _DEFINED_IN[name].partition(":")
        if module.startswith("flows."):
            _apply_prefect_settings()
        return getattr(import_module(module), attribute)


def _apply_prefect_settings() -> None:
    """Put the settings of Prefect on which a run relies into the environment, unless they are set there.

    They hold in this process if Prefect has not been imported yet, and in every process that it starts.
    """
    from os import environ  # noqa: PLC0415 - as everywhere here

    from flows.settings.server_settings import apply_prefect_settings  # noqa: PLC0415

    apply_prefect_settings(environ)


def _refuse_other_modules() -> None:
    """Raise a CommentariatError if Python would import somebody else's module in place of one of our packages.

    Python searches the folder of a script or a notebook before the installed packages.
    """
    from pathlib import Path  # noqa: PLC0415 - as everywhere here, so that `commentariat --help` answers at once

    for name in _PACKAGES:
        found = find_spec(name)
        origin = found.origin if found else None
        if origin is None or Path(origin).resolve().parents[1] != Path(__file__).resolve().parents[1]:
            raise CommentariatError(
                f"{origin or name} stands where Python looks for the package {name!r} of commentariat: give it another "
                "name, or start Python with -P, which leaves the working directory out"
            )


def connect(
    warehouse: str | PathLike[str] = "commentary", *, tables: Mapping[str, OwnTable] | None = None
) -> Reader:
    """Open a warehouse for reading; each query uses the newest published snapshot.

    The connection cannot change the warehouse and cannot open other files. A run can write at the same time.
    Close the connection, or use it as a context manager.

    Parameters
    ----------
    warehouse
        The warehouse's folder.
    tables
        Tables of your own that queries can use together with the warehouse's tables, by name: files (CSV, TSV,
        JSON lines, Parquet), Arrow tables or data frames.

    Raises
    ------
    InputError
        If a table of your own cannot be read, or has a name that the warehouse uses.
    WarehouseError
        If nothing has been published in this folder, or if a newer version of this program wrote it.

    Examples
    --------
    >>> import commentariat
    >>> with commentariat.connect("commentary") as warehouse:
    ...     table = warehouse.query(
    ...         "SELECT stance, count(*) AS n FROM current_stance WHERE target = $target GROUP BY stance",
    ...         {"target": "congestion-charge"},
    ...     )
    >>> table.column_names
    ['stance', 'n']
    """
    _refuse_other_modules()
    from pathlib import Path  # noqa: PLC0415

    from warehouse import connect as open_reader  # noqa: PLC0415

    return open_reader(Path(warehouse), tables=tables or {})


def classify(
    texts: Iterable[str],
    targets: Iterable[str | Target],
    *,
    titles: Sequence[str | None] | None = None,
    model: str = "fast",
    stated_right: float | None = None,
) -> list[Reading]:
    """Find the topics of texts, and the stance of each text towards each target.

    Parameters
    ----------
    texts
        Whole texts of articles, without their titles.
    targets
        Statements that one can be for or against. A :class:`Target` has an id, and may have several wordings.
    titles
        One title for each text; None for a text without a title.
    model
        A bundled model, the path of a model folder, or the name of a Hugging Face checkpoint; one without
        ``model.onnx`` and ``onnx/model.onnx`` needs the extra ``torch``.
    stated_right
        The share of the stated sides (favor or against, measured on general statements) that is to be right: above
        0.5 and below 1. None uses the default. An answer that is less certain than this becomes ``unsure``.

    Returns
    -------
    list of Reading
        One for each text, in the order of the texts. ``topics`` begins with the main topic. ``stances`` has one answer
        for each target, in the order of the targets, with ``stance``, ``about``, probabilities, and evidence as offsets
        into the text.

    Raises
    ------
    ModelError
        If the model cannot be loaded, or ``stated_right`` is out of its range.
    InputError
        If the number of titles differs from the number of texts, or if texts or targets are a single string.

    Examples
    --------
    >>> import commentariat
    >>> text = "Cities should charge drivers. Streets are for people, and a charge pays for the buses they need."
    >>> (reading,) = commentariat.classify([text], ["Cities should charge drivers for entering the centre"])
    >>> answer = reading.stances[0]
    >>> answer.about, answer.stance in ("favor", "unsure")
    (True, True)
    """
    _refuse_other_modules()
    from models import Document, Target, load_classifier  # noqa: PLC0415

    if isinstance(texts, str) or isinstance(targets, str):
        raise InputError("classify takes a list of texts and a list of targets: put a single one into a list")
    bodies = list(texts)
    headlines = list(titles) if titles is not None else [None] * len(bodies)
    if len(headlines) != len(bodies):
        raise InputError(f"{len(headlines)} titles for {len(bodies)} texts: give one for each, or None")
    asked = [t if isinstance(t, Target) else Target(id=t, statement=t) for t in targets]
    documents = [
        Document(id=str(number), text=text, title=title)
        for number, (text, title) in enumerate(zip(bodies, headlines, strict=True))
    ]
    classifier = (
        load_classifier(model) if stated_right is None else load_classifier(model, stated_right=stated_right)
    )
    parts = (documents[at : at + _READ_AT_ONCE] for at in range(0, len(documents), _READ_AT_ONCE))
    return [reading for part in parts for reading in classifier.read(part, [asked] * len(part))]


class CommentariatError(Exception):
    """Base of every error that is meant for a person.

    The message says what is wrong, where it is wrong, and what to do about it. The command line prints the message
    on one line, without a traceback, and exits with :attr:`exit_code`.
    """

    exit_code = 1


class ConfigError(CommentariatError):
    """The configuration cannot be used: a file is missing, a key is unknown, a value is out of range."""

    exit_code = 2


class InputError(CommentariatError):
    """Something that the user named (a file, a URL, a column, a query) cannot be read."""

    exit_code = 2


class ModelError(CommentariatError):
    """A classifier cannot be loaded or does not fit its description."""

    exit_code = 3


class WarehouseError(CommentariatError):
    """The warehouse refuses to read or to write, or an audit fails."""

    exit_code = 4


class AuditError(WarehouseError):
    """Rows fail an audit and were not committed; the warehouse itself is not damaged."""


class WarehouseLockedError(WarehouseError):
    """Another run is writing to the warehouse; the message says which process it is and when it began."""

    exit_code = 5


def one_line(error: BaseException) -> str:
    """Give the kind of an error and the first line of its message, at most 300 characters, for outcomes and logs."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]
