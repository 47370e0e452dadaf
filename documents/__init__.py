"""The documents as a site: its pages, what of them is generated from the code, and what is shown of commands.

It runs from a checkout and is not in the wheel.
"""

from pathlib import Path

ROOT = Path(__file__).parent.parent
