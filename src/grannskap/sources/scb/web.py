"""The web: ask politely, wait when told to, and ask again when an answer did not come whole."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from grannskap import __version__
from grannskap.errors import GrannskapError, InputFileError

__all__ = ["Clock", "RefusalError", "Web", "whole_json"]

_TRIES = 8
_CONNECT, _READ = 15.0, 300.0
"""Seconds; SCB's map service takes some 90 s for 500 areas."""

_LONGEST_WAIT = 600.0
_BACKOFF = 2.0
_MOST_BACKOFF = 60.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes that say: not now."""

_MOST_BYTES = 1 << 28
_AGENT = f"grannskap/{__version__}"

_BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Where the time comes from; a test puts another in its place.

    Attributes
    ----------
    now : callable
        Seconds that never go backwards.
    sleep : callable
        Waits for so many seconds.
    date : callable
        The hour, in UTC.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    date: Callable[[], datetime] = _utc


@dataclass(frozen=True)
class _Answer:
    """One answer as it came."""

    status: int
    reason: str
    retry_after: str | None
    content: bytes


class RefusalError(Exception):
    """The service answered that it will not: asking again would not help."""

    def __init__(self, status: int, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(f"{status} {why}")


def whole_json(content: bytes) -> None:
    """Raise ValueError where a text is no whole JSON, as one that was cut short."""
    json.loads(content)


@dataclass
class Web:
    """A session that keeps to a pace and survives what passes.

    Attributes
    ----------
    clock : Clock
        Where the time comes from.
    pace : float
        Seconds from the beginning of one call to that of the next, for each host.
    calls : int
        How many have been made.
    """

    clock: Clock = field(default_factory=Clock)
    pace: float = 1.0
    calls: int = 0
    _last: dict[str, float] = field(default_factory=dict)
    _session: requests.Session = field(default_factory=requests.Session)

    def ask(
        self,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
        check: Callable[[bytes], None] = whole_json,
    ) -> bytes:
        """Return the whole answer of one call.

        Parameters
        ----------
        url : str
            The full address.
        body : mapping, optional
            What is posted as JSON; without it the address is got.
        check : callable
            Raises ValueError where an answer is not whole.

        Returns
        -------
        bytes
            As it came.

        Raises
        ------
        RefusalError
            When the service says that the call is wrong.
        InputFileError
            When it did not answer, or not whole, however often it was asked.
        """
        why = ""
        for number in range(_TRIES):
            self._keep_pace(url)
            wait = min(_BACKOFF * 2**number, _MOST_BACKOFF)
            try:
                answer = self._call(url, body)
                if answer.status < 400:
                    check(answer.content)
                    return answer.content
            except _BROKEN as error:
                why = _shortly(error)
            except ValueError as error:
                why = f"an answer that is not whole ({_shortly(error)})"
            else:
                why = f"{answer.status} {answer.reason}"
                if answer.status not in _PASSING:
                    raise RefusalError(answer.status, _problem(answer))
                wait = self._told_to_wait(answer, url) or wait
            if number < _TRIES - 1:
                self.clock.sleep(wait)
        raise _silent(url, why)

    def _call(self, url: str, body: Mapping[str, Any] | None) -> _Answer:
        self.calls += 1
        with self._session.request(
            "GET" if body is None else "POST",
            url,
            json=body,
            timeout=(_CONNECT, _READ),
            headers={"User-Agent": _AGENT},
            stream=True,
        ) as answer:
            told = answer.headers.get("Retry-After")
            return _Answer(answer.status_code, answer.reason, told, b"".join(_limited(answer)))

    def _keep_pace(self, url: str) -> None:
        """Wait until this host may be asked again; every call counts, also one made anew."""
        host = urlsplit(url).netloc
        if host in self._last:
            wait = self._last[host] + self.pace - self.clock.now()
            if wait > 0:
                self.clock.sleep(wait)
        self._last[host] = self.clock.now()

    def _told_to_wait(self, answer: _Answer, url: str) -> float | None:
        """Return the seconds that an answer asks us to wait, told in seconds or as a date."""
        seconds = None if answer.retry_after is None else self._seconds(answer.retry_after)
        if seconds is not None and seconds > _LONGEST_WAIT:
            raise InputFileError(
                "service asks for patience", {"url": _host(url), "minutes": round(seconds / 60)}
            )
        return seconds

    def _seconds(self, told: str) -> float | None:
        date = email.utils.parsedate_tz(told)
        if date is not None:
            due = datetime.fromtimestamp(email.utils.mktime_tz(date), UTC)
            return max(0.0, (due - self.clock.date()).total_seconds())
        try:
            return Retry().parse_retry_after(told)
        except InvalidHeader:
            return None


def _limited(answer: requests.Response) -> list[bytes]:
    parts, total = [], 0
    for part in answer.iter_content(1 << 16):
        parts.append(part)
        total += len(part)
        if total > _MOST_BYTES:
            values = {"url": _host(answer.url), "most": _MOST_BYTES >> 20}
            raise InputFileError("answer too large", values)
    return parts


def _problem(answer: _Answer) -> str:
    """Return what a refusal says of itself, in one short line."""
    try:
        told = json.loads(answer.content)
        text = told.get("detail") or told.get("title") or ""
    except (ValueError, AttributeError):
        plain = answer.content[:400].decode("utf-8", "replace")
        text = "" if "<" in plain else plain
    return " ".join(str(text or answer.reason).split())[:200]


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _shortly(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]


def _silent(url: str, why: str) -> GrannskapError:
    return InputFileError(
        "service does not answer", {"url": _host(url), "tries": _TRIES, "why": why}
    )
