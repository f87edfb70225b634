"""Who the token belongs to: the identity URL, userinfo, and the OpenID configuration (section 1.10)."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.salesforce.call import Reply
from acassist.sandbox.salesforce.table import Row
from acassist.sandbox.salesforce.web import Visit

SERVICES = {
    "enterprise": "/services/Soap/c/{version}/",
    "metadata": "/services/Soap/m/{version}/",
    "partner": "/services/Soap/u/{version}/",
    "rest": "/services/data/v{version}/",
    "sobjects": "/services/data/v{version}/sobjects/",
    "search": "/services/data/v{version}/search/",
    "query": "/services/data/v{version}/query/",
    "recent": "/services/data/v{version}/recent/",
    "tooling_rest": "/services/data/v{version}/tooling/",
    "custom_domain": "",
}


def identity(visit: Visit, org_id: str, user_id: str) -> Reply:
    """Answer `GET {id}`; `?version=latest` fills the version into the addresses."""
    refused = _refusal(visit)
    if refused:
        return refused
    if org_id != visit.org.org_id:
        return _plain("Wrong_Org")
    user = visit.org.rows_of("User").rows.get(user_id)
    if user is None:
        return _plain("Bad_Id")
    return Reply(200, _identity(visit, user))


def userinfo(visit: Visit) -> Reply:
    """Answer `GET /services/oauth2/userinfo`."""
    refused = _refusal(visit)
    if refused:
        return refused
    user = visit.org.rows_of("User").rows[visit.org.auth.sessions[visit.bearer].user_id]
    full = _identity(visit, user)
    shared = ("user_id", "organization_id", "email", "email_verified", "photos", "urls", "active", "user_type")
    body = {
        "sub": full["id"],
        "preferred_username": full["username"],
        "nickname": full["nick_name"],
        "name": full["display_name"],
        "given_name": full["first_name"],
        "family_name": full["last_name"],
        "zoneinfo": full["timezone"],
        "profile": f"{visit.addresses.salesforce_instance}/{user['Id']}",
        "picture": full["photos"]["picture"],
        "address": {},
        "is_salesforce_integration_user": False,
        "language": full["language"],
        "locale": full["locale"],
        "utcOffset": full["utcOffset"],
        "updated_at": full["last_modified_date"],
        "is_app_installed": full["is_app_installed"],
    }
    return Reply(200, {**body, **{key: full[key] for key in shared}})


def configuration(visit: Visit) -> Reply:
    """Answer `GET /.well-known/openid-configuration`."""
    base = visit.addresses.salesforce_login
    return Reply(
        200,
        {
            "issuer": base,
            "authorization_endpoint": f"{base}/services/oauth2/authorize",
            "token_endpoint": f"{base}/services/oauth2/token",
            "revocation_endpoint": f"{base}/services/oauth2/revoke",
            "introspection_endpoint": f"{base}/services/oauth2/introspect",
            "userinfo_endpoint": f"{base}/services/oauth2/userinfo",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["api", "refresh_token", "offline_access", "id", "openid", "web"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
            "subject_types_supported": ["public"],
        },
    )


def _refusal(visit: Visit) -> Reply | None:
    """Return 403 in plain text for a bad token, unlike the REST services."""
    if not visit.bearer:
        return _plain("Missing_OAuth_Token")
    session = visit.org.auth.sessions.get(visit.bearer)
    return None if session is not None and session.until > visit.now else _plain("Bad_OAuth_Token")


def _plain(text: str) -> Reply:
    return Reply(403, raw=text.encode(), media="text/html;charset=UTF-8")


def _identity(visit: Visit, user: Row) -> dict[str, Any]:
    instance = visit.addresses.salesforce_instance
    version = "67.0" if visit.query.get("version") == "latest" else visit.query.get("version", "{version}")
    picture = f"{instance}/profilephoto/005/F"
    return {
        "id": f"{visit.addresses.salesforce_login}/id/{visit.org.org_id}/{user['Id']}",
        "asserted_user": True,
        "user_id": user["Id"],
        "organization_id": visit.org.org_id,
        "username": user["Username"],
        "nick_name": user["CommunityNickname"],
        "display_name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "first_name": user.get("FirstName"),
        "last_name": user["LastName"],
        "timezone": user["TimeZoneSidKey"],
        "photos": {"picture": picture, "thumbnail": f"{instance}/profilephoto/005/T"},
        "addr_street": None,
        "addr_city": None,
        "addr_state": None,
        "addr_country": None,
        "addr_zip": None,
        "mobile_phone": None,
        "mobile_phone_verified": False,
        "is_lightning_login_user": False,
        "status": {"created_date": None, "body": None},
        "urls": {name: instance + path.replace("{version}", version) for name, path in SERVICES.items()},
        "active": bool(user["IsActive"]),
        "user_type": "STANDARD",
        "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"],
        "utcOffset": 0,
        "last_modified_date": user["LastModifiedDate"],
        "is_app_installed": visit.org.switches.app_installed,
    }
