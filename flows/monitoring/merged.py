"""What a compaction did, in words."""

from warehouse.upkeep.compaction import Compacted


def merged_in_words(merged: Compacted, min_files: int) -> str:
    """Say how many files were merged; if there were none to be merged, from which number on a month is merged."""
    if not merged.files_before:
        return (
            f"nothing was merged, because no month of a table has at least {min_files:,} files (--min-files sets "
            "another number)"
        )
    return f"{merged.files_before:,} files became {merged.files_after:,}, with the same {merged.rows:,} rows"
