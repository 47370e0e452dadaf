"""The Prefect server of a command that works without another one: it ends with the process of the command."""

import atexit
import os
from contextlib import ExitStack, suppress

from flows.serving.local_server import (
    ImportingServer,
    LateServerError,
    TakenPortError,
    free_port,
    importing_server,
)
from flows.settings.server_settings import folder_of_database


class CommandServer:
    """A server that starts at once, in a process of its own, while this process imports Prefect and prepares its work.

    Prefect would start such a server itself, but only when the flow is called, and after it has imported all of the
    server's code into this process. Its database is the one that `prefect server start` uses, so the runs can be seen
    in the UI afterwards.
    """

    def __init__(self) -> None:
        self._processes = ExitStack()
        # What Prefect has not sent yet when the command ends is sent in exit handlers that are registered later than
        # this one, and so run before it.
        atexit.register(self.end)
        self._server = self._started()

    def go_on(self) -> None:
        """Let the server open its database; to be called when Prefect has been imported and names no other server.

        Raises
        ------
        ConfigError
            When it could not write its database.
        """
        self._server.go_on(folder_of_database())

    def use(self) -> None:
        """Wait until the server answers, and let Prefect in this process work with it.

        Raises
        ------
        CommentariatError
            When the server has ended, or does not answer in the time that Prefect's settings give it.
        """
        from prefect.context import refresh_global_settings_context
        from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS as START_SECONDS

        from flows.night.garbage import search_only_newer_objects

        search_only_newer_objects()  # the night would do it at its beginning; now there is time
        try:
            try:
                api = self._server.api(START_SECONDS.value())
            except TakenPortError:  # by another program, before the server could take it
                self._server = self._started()
                self.go_on()
                api = self._server.api(START_SECONDS.value())
        except LateServerError as error:
            raise LateServerError(
                f"{error}. Nothing was done; try again when the machine is less busy, or allow more time with "
                f"{START_SECONDS.name}"
            ) from None
        os.environ["PREFECT_API_URL"] = api
        # Prefect would derive this address from the other one, and alerts would link to pages that end with the run.
        os.environ.setdefault("PREFECT_UI_URL", "")
        refresh_global_settings_context()

    def end(self) -> None:
        """End the server; a second call does nothing."""
        # A second Ctrl-C ends only the waiting: the server was asked to end, and a process beside it sees to it.
        with suppress(KeyboardInterrupt):
            self._processes.close()

    def _started(self) -> ImportingServer:
        return self._processes.enter_context(importing_server(free_port(), temporary=True))
