"""What to do if the package ``deltalake`` is not installed; without it, the modules on Delta tables cannot be used."""

MISSING = (
    "Delta tables need the package deltalake: in a clone of Commentariat, pip install -e '.[delta]' or uv tool install "
    "'.[delta]'"
)
