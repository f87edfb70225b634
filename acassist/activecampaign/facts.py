"""Who the key belongs to, and what the account tells of itself."""

from __future__ import annotations

import asyncio

from acassist.activecampaign.address import account_name
from acassist.activecampaign.rest import Json, RestPart, number, text
from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import AccountFacts

# What resolvers say when a name does not exist (Linux, macOS, Windows). "Temporary failure" is a network fault.
_NO_SUCH_NAME = ("name or service not known", "nodename nor servname", "getaddrinfo failed", "no address associated")


def _account_wrong(problem: Problem, host: str) -> Problem | None:
    """Name a wrong account, whichever of its three faces it shows (section 1); None for another failure."""
    unknown = problem.code is ProblemCode.NO_NETWORK and any(t in problem.detail.casefold() for t in _NO_SUCH_NAME)
    if not unknown and problem.code is not ProblemCode.BAD_ANSWER:
        return None
    return Problem(
        ProblemCode.AC_ACCOUNT_WRONG, values={"host": host}, detail=problem.detail, service=Service.ACTIVECAMPAIGN
    )


class Facts(RestPart):
    """Facts about the account."""

    async def account_facts(self) -> AccountFacts:
        """Check the key with GET /users/me and read what the account tells of itself (section 9).

        Raises ProblemError AC_KEY_REFUSED, AC_ACCOUNT_WRONG and transport problems. Everything beyond the user is
        optional: account name and limits are for administrators, accounts depend on the plan.
        """
        user = await self._user()
        settings, accounts = await asyncio.gather(self._settings(), self._accounts_available())
        return self._facts_from(settings, user, accounts)

    async def identity(self) -> AccountFacts:
        """Tell whose account this is in one call; a key that may not read the account's settings is told less."""
        settings = await self._settings()
        if not settings:
            return await self.account_facts()
        return self._facts_from(settings, {}, None)

    def _facts_from(self, settings: Json, user: Json, accounts: bool | None) -> AccountFacts:
        url = self._rest.http.base_url
        total = settings.get("subscriber_total")
        return AccountFacts(
            api_url=url,
            user_id=text(user.get("id")),
            user_name=" ".join(part for part in (text(user.get("firstName")), text(user.get("lastName"))) if part),
            user_email=text(user.get("email")),
            time_zone=text(user.get("localZoneid")),
            account=account_name(url, text(settings.get("account"))) or "",
            # No limit, or one that is no number, is not a limit of zero people.
            subscriber_limit=number(settings.get("subscriber_limit")) or None,
            subscriber_total=None if total is None else number(total),
            accounts_available=accounts,
        )

    async def _user(self) -> Json:
        try:
            body = await self._rest.get("users/me")
        except ProblemError as error:
            wrong = _account_wrong(error.problem, self._rest.host)
            raise ProblemError(wrong or error.problem) from error
        user = body.get("user")
        if not isinstance(user, dict):
            raise ProblemError(
                Problem(ProblemCode.AC_ACCOUNT_WRONG, values={"host": self._rest.host}, service=Service.ACTIVECAMPAIGN)
            )
        return user

    async def _settings(self) -> Json:
        try:
            return await self._rest.get("settings/account")
        except ProblemError:
            return {}

    async def _accounts_available(self) -> bool | None:
        """Probe the accounts feature: None when the answer tells neither way."""
        try:
            await self._rest.get("accounts", {"limit": 1})
        except ProblemError as error:
            refused = error.problem.code in {ProblemCode.AC_PLAN, ProblemCode.AC_NO_RIGHTS}
            return False if refused else None
        return True
