"""The one HTTP client: time-outs, TLS, proxies, host fence, pacing, call budget, retry rules, faults as problems."""

from __future__ import annotations

from acassist.http.address import check_address, host_of, is_loopback, origin
from acassist.http.budget import CallBudget, parse_limit_info
from acassist.http.client import TOKEN_TIMEOUT, Auth, HeaderAuth, HttpClient, Wiring
from acassist.http.pacing import Pacer, Priority
from acassist.http.response import Response, http_date

__all__ = [
    "TOKEN_TIMEOUT",
    "Auth",
    "CallBudget",
    "HeaderAuth",
    "HttpClient",
    "Pacer",
    "Priority",
    "Response",
    "Wiring",
    "check_address",
    "host_of",
    "http_date",
    "is_loopback",
    "origin",
    "parse_limit_info",
]
