"""Targets: the identity of a wording, the id of a target, and trying a target on stored articles."""
