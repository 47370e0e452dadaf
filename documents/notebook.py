"""The notebook of the documents: running all its cells, and returning its outputs as text."""

from pathlib import Path
from typing import Any

from documents import ROOT

NOTEBOOK = ROOT / "docs" / "notebooks" / "quickstart.ipynb"


def executed(here: Path, notebook: Path = NOTEBOOK) -> Any:  # noqa: ANN401 - nbformat's notebooks are dictionaries
    """Run the cells of a notebook in the folder ``here``, and return it with their outputs.

    Raises
    ------
    CellExecutionError
        When a cell fails.
    """
    import nbclient  # noqa: PLC0415 - needed only to run a notebook
    import nbformat  # noqa: PLC0415

    content = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]  # no annotations there
    place = {"metadata": {"path": str(here)}}
    nbclient.NotebookClient(
        content, timeout=120, kernel_name="python3", resources=place, record_timing=False
    ).execute()
    return content


def outputs(content: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the output below each code cell."""
    return [_printed(cell) for cell in content["cells"] if cell["cell_type"] == "code"]


def as_markdown(content: Any) -> str:  # noqa: ANN401 - as above
    """Return a notebook as a page: its text, its code, and the output of the code."""
    parts = []
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        if printed := _printed(cell):
            parts.append(f"```text\n{printed.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def _printed(cell: Any) -> str:  # noqa: ANN401 - as above
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])
