"""Numbers in sentences for people."""


def articles(count: int) -> str:
    """Write a number of articles: 1 article, 1,204 articles."""
    return f"{count:,} article" if count == 1 else f"{count:,} articles"
