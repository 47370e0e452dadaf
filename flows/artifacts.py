"""What a run leaves in the Prefect UI beside its log: the summary, on the run's tab and under Artifacts."""

from prefect.artifacts import acreate_markdown_artifact

from flows.report import Summary, as_markdown


async def write_summary_artifact(summary: Summary) -> None:
    """Write the summary as a Markdown artifact; its key keeps the history of nights together."""
    await acreate_markdown_artifact(
        as_markdown(summary), key="night-summary", description=f"Run {summary.run_id}: {summary.headline}"
    )
