"""Who calls: an API key, a service account, or whoever is logged in on this computer. Google's own library knows the
kinds of login; the network it needs is the HTTP client it is lent."""

from __future__ import annotations

import asyncio
import datetime
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from debabelizer.errors import AuthenticationError, ConfigurationError, ConnectionError, ProviderError, Remedy
from debabelizer_providers.google.description import NAME
from debabelizer_providers.google.library import load

if TYPE_CHECKING:
    import httpx

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_ANSWER_S = 10.0
_LEAST_LIFE = datetime.timedelta(minutes=8)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """``api_key``, or ``service_account`` (JSON or the path of its file), or neither: the login of this computer.
    ``project`` empty: the one the login names."""

    api_key: str = ""
    service_account: str = ""
    project: str = ""

    def __repr__(self) -> str:
        kind = "key" if self.api_key else "service account" if self.service_account else "login"
        return f"Account({kind}, {self.project or 'its own project'})"


class Access(msgspec.Struct, frozen=True):
    """``headers`` (lower case) that let a call in, and the ``project`` that pays; empty where none is known."""

    headers: Mapping[str, str]
    project: str

    def __repr__(self) -> str:
        return f"Access({self.project})"


async def access(account: Account, http: httpx.AsyncClient) -> Access:
    """Raises ProviderError. Tokens are kept until shortly before they expire."""
    if account.api_key:
        return Access({"x-goog-api-key": account.api_key}, account.project)
    return await asyncio.to_thread(_by_login, account, _Fetch(http, asyncio.get_running_loop()))


class _Login(msgspec.Struct):
    credentials: Any
    project: str


_logins: dict[Account, _Login] = {}
_one_at_a_time = threading.Lock()


def _by_login(account: Account, fetch: _Fetch) -> Access:
    auth_error = load("google.auth.exceptions").GoogleAuthError
    with _one_at_a_time:
        try:
            login = _logins.get(account)
            if login is None:
                login = _service_account(account) if account.service_account else _of_this_computer(account, fetch)
                _logins[account] = login
            if not login.credentials.valid or _ends_soon(login.credentials):
                login.credentials.refresh(fetch)
        except auth_error as error:
            _logins.pop(account, None)
            raise _told(error, fetch) from error
    headers: dict[str, str] = {}
    login.credentials.apply(headers)
    return Access(headers, account.project or login.project)


def _ends_soon(credentials: Any) -> bool:
    """A connection lives for minutes and opens its calls with the one token."""
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)  # as Google's library counts
    return credentials.expiry is not None and credentials.expiry < now + _LEAST_LIFE


def _service_account(account: Account) -> _Login:
    """A service account signs its own tokens: no exchange is needed (https://google.aip.dev/auth/4111)."""
    info = _read(account.service_account)
    kind = info.get("type")
    try:
        if kind == "service_account":
            signer = load("google.oauth2.service_account").Credentials.from_service_account_info(info)
            token = load("google.auth.jwt").Credentials.from_signing_credentials(
                signer, None, additional_claims={"scope": SCOPE}
            )
            return _Login(token, str(info.get("project_id") or ""))
        if kind == "authorized_user":
            user = load("google.oauth2.credentials").Credentials.from_authorized_user_info(info, scopes=[SCOPE])
            project = account.project or str(info.get("quota_project_id") or "")
            return _Login(user.with_quota_project(project) if project else user, project)
    except ValueError as problem:  # Google's own MalformedError is one, too
        raise _unusable(f"it is incomplete or damaged: {problem}") from problem
    raise _unusable(
        f"it is of the kind “{kind}”, which works through the switch “Use the login of the gcloud tool” only"
    )


def _read(given: str) -> dict[str, Any]:
    text = given
    if not given.lstrip().startswith("{"):
        path = Path(given).expanduser()
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as problem:
            raise _unusable(f"the file {path} cannot be read: {getattr(problem, 'strerror', problem)}") from None
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise _unusable("it is not JSON") from None  # the problem's own words may hold parts of the key


def _of_this_computer(account: Account, fetch: _Fetch) -> _Login:
    found, project = load("google.auth").default(
        scopes=[SCOPE], request=fetch, quota_project_id=account.project or None
    )
    return _Login(found, str(project or getattr(found, "quota_project_id", None) or ""))


def _unusable(why: str) -> ConfigurationError:
    return ConfigurationError(f"The Google service account key is of no use: {why}.", NAME, remedy=Remedy.SET_KEY)


def _told(error: Exception, fetch: _Fetch) -> ProviderError:
    kinds = load("google.auth.exceptions")
    if fetch.trouble is not None:
        return fetch.trouble
    words = str(error.args[0] if error.args else error)[:300]
    if isinstance(error, kinds.DefaultCredentialsError):
        message = "Nobody is logged in to Google on this computer: run “gcloud auth application-default login”."
        return ConfigurationError(message, NAME, "no_login", vendor_message=words, remedy=Remedy.SET_KEY)
    if getattr(error, "retryable", False):
        return ConnectionError(f"Google gave no token. ({words})", NAME, "token", vendor_message=words)
    return AuthenticationError(f"Google refused the login. ({words})", NAME, "token", vendor_message=words)


class _Answer:
    """As google.auth.transport.Response."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.headers = answer.headers
        self.data = answer.content


class _Fetch:
    """As google.auth.transport.Request, by the client of the running loop; called from a thread."""

    def __init__(self, http: httpx.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._http = http
        self._loop = loop
        self.trouble: ProviderError | None = None
        """What kept the last exchange from happening."""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> _Answer:
        import httpx

        patience = min(timeout or _ANSWER_S, _ANSWER_S)
        request = self._http.request(method, url, content=body, headers=dict(headers or {}), timeout=patience)
        self.trouble = None
        try:
            return _Answer(asyncio.run_coroutine_threadsafe(request, self._loop).result())
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            host = urlsplit(url).hostname
            self.trouble = ConnectionError(f"{host} cannot be reached: {problem}", NAME, "token")
            raise load("google.auth.exceptions").TransportError(problem) from problem
