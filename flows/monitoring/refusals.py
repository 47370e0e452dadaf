"""Makes a message with the remedy if the Prefect server refuses a request."""

from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL, PREFECT_CLOUD_API_URL

from commentariat import CommentariatError, ConfigError

_NOT_ADMITTED = (401, 403)


def refusal_of(error: BaseException, what: str) -> CommentariatError | None:
    """Make an error with one message of a refused request.

    Parameters
    ----------
    error
        What Prefect's client raised. It may have the refusal as its cause: if already the request for the server's
        version is refused, Prefect raises that it cannot reach the server.
    what
        What the server was asked to accept, e.g. ``the run``.

    Returns
    -------
    CommentariatError or None
        A :class:`~commentariat.ConfigError` if the server asks for a password, because the remedy is a setting; None
        if the error is not about a refused request.
    """
    refusal: BaseException | None = error
    while refusal is not None and not isinstance(refusal, PrefectHTTPStatusError):
        refusal = refusal.__cause__
    if refusal is None:
        return None
    status = refusal.response.status_code
    refused = f"the Prefect server at {PREFECT_API_URL.value()} does not accept {what}: it answers {status}"
    if status in _NOT_ADMITTED and _is_cloud():
        return ConfigError(
            f"{refused}, since it asks for a key; set PREFECT_API_KEY to a key that you made in Prefect Cloud, and "
            "PREFECT_API_URL to the address of your workspace: `prefect cloud login` sets both"
        )
    if status in _NOT_ADMITTED:
        return ConfigError(
            f"{refused}, since it asks for a user and a password; set PREFECT_API_AUTH_STRING to the value that the "
            "server has in PREFECT_SERVER_API_AUTH_STRING, or to the user:password of the proxy before it"
        )
    return CommentariatError(f"{refused}; see its log, or try again in a minute")


def _is_cloud() -> bool:
    return (PREFECT_API_URL.value() or "").startswith(PREFECT_CLOUD_API_URL.value())
