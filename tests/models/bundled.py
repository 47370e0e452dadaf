"""The folder of the bundled model, and copies of it to change."""

import json
import shutil
from pathlib import Path

import models

FAST = Path(models.__file__).parent / "fast"


def copy_of_fast(folder: Path, **config: object) -> Path:
    """Make a folder like the bundled one, with another config. Its graphs are links: unlink one to change it."""
    folder.mkdir(parents=True)
    for path in FAST.iterdir():
        if path.suffix == ".onnx":
            (folder / path.name).symlink_to(path)
        else:
            shutil.copy(path, folder)
    written = folder / "config.json"
    written.write_text(json.dumps(json.loads(written.read_text("utf-8")) | config), encoding="utf-8")
    return folder
