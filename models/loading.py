"""Finding a classifier by name, and loading it once for each process."""

import json
import re
from functools import lru_cache, partial
from pathlib import Path

from commentariat import ModelError
from models.vocabulary import Classifier

_MODELS = Path(__file__).parent
DEFAULT = "fast"
#: Share of the stated sides that is to be right, where the user names none.
STATED_RIGHT = 0.65
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def bundled_models() -> list[str]:
    """Names of the models that are there to be loaded."""
    return sorted(path.parent.name for path in _MODELS.glob("*/config.json"))


def load_classifier(
    name: str = DEFAULT,
    *,
    taxonomy: str = "cap",
    threads: int | None = None,
    stated_right: float = STATED_RIGHT,
    calibration: str = "",
) -> Classifier:
    """Load a classifier; a second call with the same arguments returns the same object.

    Parameters
    ----------
    name
        A bundled model ("fast"), the path of a model folder, or the name of a Hugging Face checkpoint
        (stance or NLI; extra ``torch``).
    taxonomy
        A bundled topic scheme ("cap", "iptc") or the path of a TOML file.
    threads
        Inputs that are read at the same time, one on each thread; None takes every core the process may use. Workers
        that share a machine should divide its cores.
    stated_right
        Of all sides that are stated on general statements, the share that is to be right; between 0.5 and 1. The rest
        of what seems to show a stance is "unsure". A larger share states fewer sides.
    calibration
        Text of a file as :func:`models.refitted.written` makes it: a calibration in place of the model's own.

    Raises
    ------
    ModelError
        If there is no such model, a file of it is missing or does not fit, or a number is out of its range; the
        message says what there is.
    ConfigError
        If there is no such taxonomy.
    """
    if threads is not None and threads < 1:
        raise ModelError(f"threads is {threads}: it must be at least 1, or None for every core.")
    if not 0.5 < stated_right < 1.0:
        raise ModelError(
            f"stated_right is {stated_right}: it is the share of the stated sides that is to be right, above 0.5 and "
            "below 1."
        )
    return _load(name, taxonomy, threads, stated_right, calibration)


@lru_cache(maxsize=4)
def _load(name: str, taxonomy: str, threads: int | None, stated_right: float, calibration: str) -> Classifier:
    # Naming a model, as every configuration does, must not cost the import of what runs one.
    from models.folder import open_classifier  # noqa: PLC0415
    from models.huggingface import download  # noqa: PLC0415

    make = partial(open_classifier, name, taxonomy, threads, stated_right, calibration)
    if name in bundled_models():
        return make(_MODELS / name)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return make(folder) if _is_ours(folder) else make(_MODELS / DEFAULT, foreign=folder)
    if _HUB_NAME.fullmatch(name):
        return make(_MODELS / DEFAULT, foreign=download(name))
    raise ModelError(
        f"Unknown model {name!r}. Bundled: {', '.join(bundled_models()) or 'none'}. Or give the path of a "
        "model folder, or the name of a Hugging Face checkpoint as owner/name."
    )


def _is_ours(folder: Path) -> bool:
    """Whether a folder is laid out like the bundled one: its config names that network, whatever else is missing."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True  # not a checkpoint of any kind: opening it as one of this kind names what is missing
    return not isinstance(config, dict) or "StanceNetwork" in config.get("architectures", ())
