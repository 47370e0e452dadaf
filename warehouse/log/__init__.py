"""The commit log: its entries, and the checkpoints that make it quick to open."""
