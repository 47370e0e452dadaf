"""Commentariat: what the opinion pages say, and where they stand. This module is the one to import from Python.

:func:`connect` asks a warehouse in SQL, :func:`classify` gives topics and stances of texts; the errors that a person
may see are here too. ``nightly``, ``rescore`` and ``maintenance`` are the Prefect flows, for deployments of your own.
The pipeline itself lives in four packages: ``flows`` (what runs), ``tasks`` (the stations an article passes),
``models`` (the classifier) and ``warehouse`` (tables, commits, SQL). They are private: their names and what is in them
may change with any release.

They import the errors from here, so what is imported from them is imported when it is asked for.
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
    from warehouse.own_tables import OwnTable

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


if not TYPE_CHECKING:  # checkers see the imports above, and must not take every other name for one of these

    def __getattr__(name: str) -> object:
        if name not in _DEFINED_IN:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        _refuse_other_modules()
        module, _, attribute = _DEFINED_IN[name].partition(":")
        return getattr(import_module(module), attribute)


def _refuse_other_modules() -> None:
    """Raise a CommentariatError where a module of somebody else stands before one of ours in the search path.

    Python puts the folder of a script, and that of a notebook, before the installed packages.
    """
    from pathlib import Path  # noqa: PLC0415 - as everywhere here, so that `commentariat --help` answers at once

    for name in _PACKAGES:
        found = find_spec(name)
        origin = found.origin if found else None
        if origin is None or Path(origin).resolve().parents[1] != Path(__file__).resolve().parent:
            raise CommentariatError(
                f"{origin or name} stands where Python looks for the package {name!r} of commentariat: give it another "
                "name, or start Python with -P, which leaves the working directory out"
            )


def connect(
    warehouse: str | PathLike[str] = "commentary", *, tables: Mapping[str, OwnTable] | None = None
) -> Reader:
    """Open a warehouse for reading; each query sees the newest snapshot that has been published.

    The connection can neither change the warehouse nor touch another file, and a run that is writing is not in its way.
    Close it, or use it as a context manager.

    Parameters
    ----------
    warehouse
        The warehouse's folder.
    tables
        Tables of your own to ask together with the warehouse's, by name: files (CSV, TSV, JSON lines, Parquet), Arrow
        tables or data frames.

    Raises
    ------
    InputError
        If a table of your own cannot be read, or has a name that the warehouse uses.
    WarehouseError
        If nothing has been published there, or a newer version of this program wrote it.

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
    """Say what texts are about, and where their authors stand on each target.

    Parameters
    ----------
    texts
        Whole pieces, without their titles.
    targets
        Statements one can be for or against. A :class:`Target` has an id, and may have several wordings.
    titles
        One for each text, or None where it has none.
    model
        A bundled model, the path of a model folder, or the name of a Hugging Face checkpoint (extra ``torch``).
    stated_right
        Of all sides that are stated on general statements, the share that is to be right, above 0.5 and below 1;
        None takes the usual one. What is less sure is answered ``unsure``.

    Returns
    -------
    list of Reading
        One for each text, in their order: ``topics``, the first being the main one, and ``stances``, one for each
        target in their order, with ``stance``, ``about``, probabilities, and evidence as offsets into the text.

    Raises
    ------
    ModelError
        If the model cannot be loaded, or ``stated_right`` is out of its range.
    InputError
        If there are not as many titles as texts, or a single text or target is not in a list.

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
    return list(classifier.read(documents, [asked] * len(documents)))


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
