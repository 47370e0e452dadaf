"""``commentariat rescore``: the targets that it can be given."""

from pathlib import Path

from tests.flows.conftest import Command


def test_rescore_refuses_an_unknown_target_and_lists_the_configured_ones(command: Command, published: Path):
    ended = command("rescore", "--dry-run", "--target", "no-such", "-w", published)
    assert ended.code == 2
    assert "no target no-such; configured are ai-licensing" in ended.err
