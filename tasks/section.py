"""What all sections of a configuration have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section of the file or an entry of one: typed, immutable, no unknown keys, limits for every number.

    A number without an upper limit is accepted and then ends a run, perhaps after all its work: the time before so many
    days does not exist.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
