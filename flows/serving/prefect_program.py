"""The program of a Prefect server that a command starts: ``prefect_program.py server start`` and its options.

It imports the server's modules, which takes two seconds. Then it waits for a line on standard input: until then it
opens no database, and an import that has failed is not reported. Without a line, it ends.
"""

import gc
import sys
from importlib import import_module


def main() -> None:
    """Do what ``prefect`` does, once a line has come."""
    # Python's collector of cycles would search the modules again and again while they are imported (half a second of
    # 2.8 until the server answers). They stay as long as the server, so it never searches them.
    gc.disable()
    try:
        import_module("prefect.server.api.server")  # `prefect server start` imports it later
        prefect = import_module("prefect.cli")
    finally:
        if not sys.stdin.readline():
            sys.exit()
    gc.freeze()
    gc.enable()
    prefect.app()


if __name__ == "__main__":
    main()
