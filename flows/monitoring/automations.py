"""Rules that the Prefect server applies by itself; they are updated by name."""

from datetime import timedelta
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

FLOWS = ("nightly", "rescore", "maintenance")
# The rule is only for runs that have this tag when they start: those of the command line, of `commentariat serve` and
# of prefect.yaml, which send a heartbeat every 30 seconds. Other programs of the server may have a flow `nightly`, too,
# and a flow that somebody calls in Python may send its heartbeats as seldom as Prefect's default, every three minutes.
TAG = "commentariat"
HEARTBEAT = "prefect.flow-run.heartbeat"
# Events that a run sends when it has ended or is paused; they are named after the state.
_NO_LONGER_RUNNING = (
    "Completed",
    "Failed",
    "NeedsAttention",
    "Crashed",
    "Cancelling",
    "Cancelled",
    "Paused",
    "Suspended",
    "AwaitingRetry",
)
SILENCE = timedelta(seconds=90)


def dead_runs(silence: timedelta = SILENCE) -> AutomationCore:
    """Make the rule that a run of ours without a heartbeat has crashed; a run is ours if it started with our tag.

    Without the rule, a run that is killed together with the process that started it (SIGKILL, power cut, out of memory)
    would be shown as running for ever, and the next night could not start.
    """
    return AutomationCore(
        name="commentariat: a run without heartbeats has crashed",
        description="Kept up to date by `commentariat serve`; changes made here are overwritten.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=[  # a run must have all of these
                {"prefect.resource.role": "flow", "prefect.resource.name": list(FLOWS)},
                {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"},
            ],
            for_each={"prefect.resource.id"},
            after={HEARTBEAT},
            expect={HEARTBEAT, *(f"prefect.flow-run.{state}" for state in _NO_LONGER_RUNNING)},
            threshold=1,
            within=silence,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                name="Crashed",
                message=f"no heartbeat for {silence.total_seconds():.0f} seconds: the process was killed, or its "
                "machine is gone. What was finished is kept; the next run does the rest.",
            )
        ],
    )


async def upsert(automation: AutomationCore) -> None:
    """Create the rule, or update the rule of the same name if it differs; duplicates of it are removed.

    With each update the rule's trigger gets a new id, and the server forgets the runs whose heartbeats it waits for. A
    run that died shortly before would then be shown as running for ever.
    """
    async with get_client() as client:
        known = await client.read_automations_by_name(automation.name)
        if not known:
            await client.create_automation(automation)
            return
        if _content(known[0]) != _content(automation):
            await client.update_automation(known[0].id, automation)
        for double in known[1:]:
            await client.delete_automation(double.id)


def _content(automation: AutomationCore) -> dict[str, Any]:
    """Give all that a rule says, without the ids that the server adds; sets stay sets, since they come in any order."""
    received = AutomationCore.model_validate_json(automation.model_dump_json())
    return received.model_dump(exclude={"owner_resource"})
