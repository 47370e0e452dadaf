"""The error message if ``deltalake`` is not installed, without which the modules on Delta tables cannot be used."""

MISSING = (
    "Delta tables need the package deltalake: in a clone of Commentariat, pip install -e '.[delta]' or uv tool install "
    "'.[delta]'"
)
