"""The Salesforce client: login in the browser, tokens, describe, SOQL, Collections, errors as problems."""

from __future__ import annotations

from acassist.salesforce.address import PRODUCTION, SANDBOX, login_address, record_url
from acassist.salesforce.criteria import CriteriaError, selection_where, where
from acassist.salesforce.errors import row_problem
from acassist.salesforce.login import LoginRequest, LoginResult, LoginTools, log_in
from acassist.salesforce.oauth import OAuthClient, Tokens
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.tokens import CrossProcessLock, TokenSource

__all__ = [
    "PRODUCTION",
    "SANDBOX",
    "CriteriaError",
    "CrossProcessLock",
    "LoginRequest",
    "LoginResult",
    "LoginTools",
    "OAuthClient",
    "SalesforceClient",
    "TokenSource",
    "Tokens",
    "log_in",
    "login_address",
    "record_url",
    "row_problem",
    "selection_where",
    "where",
]
