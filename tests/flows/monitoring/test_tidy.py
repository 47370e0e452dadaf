"""Printed lines have no spaces at their ends."""

import io

from rich.console import Console
from rich.table import Table

from flows.monitoring.tidy import print_tidy


def test_a_table_leaves_no_spaces_at_the_ends_of_lines():
    stream = io.StringIO()
    table = Table("name", "n")
    table.add_row("a", "1")
    print_tidy(Console(file=stream, width=60), table, "end")
    assert all(line == line.rstrip() for line in stream.getvalue().splitlines())
    assert stream.getvalue().endswith("end\n")
