"""Finding a classifier by name, and loading it once in each process."""

import json
import re
from functools import lru_cache, partial
from pathlib import Path

from commentariat import ModelError
from models.interface import Classifier
from models.taxonomy import Taxonomy, load_taxonomy

_MODELS = Path(__file__).parent
DEFAULT_MODEL = "fast"
DEFAULT_TAXONOMY = "cap"
#: The share of the stated sides that is to be right if the user gives none.
STATED_RIGHT = 0.7
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def bundled_models() -> list[str]:
    """Names of the bundled models that can be loaded."""
    return sorted(path.parent.name for path in _MODELS.glob("*/config.json"))


def checked_stated_right(share: float) -> float:
    """Refuse a share of right sides that a classifier cannot be set to.

    Raises
    ------
    ValueError
        When the share is out of range; the message names the range.
    """
    if not 0.5 < share < 1:
        raise ValueError("should be above 0.5 and below 1: the share of the stated sides that is to be right")
    return share


def load_classifier(
    name: str = DEFAULT_MODEL,
    *,
    taxonomy: str = DEFAULT_TAXONOMY,
    threads: int | None = None,
    stated_right: float = STATED_RIGHT,
    calibration: str = "",
) -> Classifier:
    """Load a classifier; a second call with the same arguments and the same taxonomy returns the same object.

    Parameters
    ----------
    name
        A bundled model ("fast"), the path of a model folder, or the name of a Hugging Face checkpoint
        (stance or NLI; extra ``torch``).
    taxonomy
        A bundled taxonomy ("cap", "iptc") or the path of a TOML file.
    threads
        Number of inputs that are read at the same time, one on each thread; None uses every core that the process may
        use. Workers that share a machine should divide its cores among them.
    stated_right
        The share of the stated sides (on general statements) that is to be right; between 0.5 and 1. The other answers
        that seem to show a stance are "unsure". A larger share means that fewer sides are stated.
    calibration
        Text of a calibration file (:mod:`models.calibration_file`), whose values replace the model's own calibration.

    Raises
    ------
    ModelError
        If there is no such model, if one of its files is missing or does not fit, or if a number is out of its range.
        The message says which models exist.
    ConfigError
        If there is no such taxonomy.
    """
    if threads is not None and threads < 1:
        raise ModelError(f"threads is {threads}: it must be at least 1, or None for every core.")
    try:
        checked_stated_right(stated_right)
    except ValueError as error:
        raise ModelError(f"stated_right is {stated_right}: it {error}.") from error
    return _load(name, load_taxonomy(taxonomy), threads, stated_right, calibration)


@lru_cache(maxsize=4)
def _load(
    name: str, taxonomy: Taxonomy, threads: int | None, stated_right: float, calibration: str
) -> Classifier:
    # The key is the content of the taxonomy and not its name, because the file may have been edited since.
    # A configuration only names a model; this must not import the large libraries that run one.
    from models.folder import open_classifier  # noqa: PLC0415 - as above
    from models.hub import download  # noqa: PLC0415 - as above

    make = partial(open_classifier, name, taxonomy, threads, stated_right, calibration)
    if name in bundled_models():
        return make(_MODELS / name)
    try:
        folder = Path(name).expanduser()
        is_folder = folder.is_dir()
    except (OSError, RuntimeError) as error:  # a name that is too long, or a home folder that is not known
        raise ModelError(f"The model folder {name} cannot be read: {error}") from error
    if is_folder:
        return make(folder) if _is_ours(folder) else make(_MODELS / DEFAULT_MODEL, foreign=folder)
    if _HUB_NAME.fullmatch(name):
        return make(_MODELS / DEFAULT_MODEL, foreign=download(name), is_from_hub=True)
    raise ModelError(
        f"Unknown model {name!r}. Bundled: {', '.join(bundled_models()) or 'none'}. Or give the path of a "
        "model folder, or the name of a Hugging Face checkpoint as owner/name."
    )


def _is_ours(folder: Path) -> bool:
    """Whether a folder has the form of the bundled one: its config names that network, even if files are missing."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True  # no checkpoint at all: opening it as a bundled folder reports the missing file
    if not isinstance(config, dict):
        return True
    networks = config.get("architectures")  # a checkpoint may have null here
    return isinstance(networks, list) and "StanceNetwork" in networks
