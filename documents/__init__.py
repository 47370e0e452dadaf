"""The documents as a site: the pages, the parts generated from the code, and the shown output of commands.

This package runs from a checkout and is not in the wheel.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent
