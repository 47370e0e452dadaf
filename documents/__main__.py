"""``python -m documents`` writes the reference pages again."""

import sys

from documents import ROOT
from documents.reference import write

for page in write():
    sys.stdout.write(f"{page.relative_to(ROOT)} is new\n")
