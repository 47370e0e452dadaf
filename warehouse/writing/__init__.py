"""One commit, from rows to an entry of the log; and what happens to the rest of an interrupted one."""
