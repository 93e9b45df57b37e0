"""What the vendor reports or should never send, as errors of ours."""

from __future__ import annotations

import json

import pytest

from debabelizer.contract import Failure
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
)
from fakes.soniox_frames import frame, speak, stream, texts, token


@pytest.mark.parametrize(
    ("number", "kind", "error", "retryable"),
    [
        (400, "invalid_request", ConfigurationError, False),
        (400, "model_not_available", ConfigurationError, False),
        (400, "", ConfigurationError, False),
        (401, "unauthenticated", AuthenticationError, False),
        (402, "organization_balance_exhausted", QuotaExceededError, False),
        (402, "project_monthly_budget_exhausted", QuotaExceededError, False),
        (403, "permission_denied", AuthenticationError, False),
        (403, "temp_api_key_session_expired", ConnectionError, True),
        (408, "request_timeout", ConnectionError, True),
        (413, "max_duration_reached", ConnectionError, True),
        (413, "", ConnectionError, True),
        (429, "limit_exceeded", RateLimitError, True),
        (429, "max_concurrent_connections_reached", RateLimitError, True),
        (500, "internal_error", StreamingError, True),
        (503, "service_unavailable", ConnectionError, True),
        (503, "", ConnectionError, True),
        (599, "something_new", StreamingError, True),
    ],
)
def test_errors_keep_the_vendors_words(number: int, kind: str, error: type[ProviderError], retryable: bool) -> None:
    made = stream()
    speak(made, 1.0)
    made.commit()
    told = {"error_code": number, "error_message": "Vendor's words.", **({"error_type": kind} if kind else {})}
    (failure,) = made.receive(json.dumps({"tokens": [], **told}))
    assert isinstance(failure, Failure)
    assert type(failure.error) is error
    assert failure.error.retryable is retryable
    assert failure.error.vendor_message == "Vendor's words."
    assert "Vendor's words." in failure.error.message
    assert failure.error.code
    assert failure.error.remedy


def test_a_time_out_while_nobody_spoke_is_no_failure() -> None:
    made = stream()
    assert made.receive(json.dumps({"error_code": 408, "error_message": "No audio."})) == ()
    assert made.closed(1000, "") is None
    assert isinstance(stream().closed(1006, ""), ConnectionError)


@pytest.mark.parametrize("message", ["", "nothing", b"\xff\x00", "[]", '{"tokens": 7}', '{"tokens": [{"text": null}]}'])
def test_garbage_is_a_failure(message: str | bytes) -> None:
    (failure,) = stream().receive(message)
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, StreamingError)


def test_a_frame_without_tokens_changes_nothing() -> None:
    made = stream()
    speak(made, 1.0)
    made.receive(frame(token("Hel", 0.1, 0.2, final=False)))
    assert made.receive('{"type": "news", "of": "tomorrow"}') == ()
    assert texts(made.receive(frame("<end>"))) == [("Retract", 0)], "it was still there"
