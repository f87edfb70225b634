"""Refusals of the REST services, with the code, text and HTTP status of the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """A request or a record was refused.

    `body()` is the list form of section 2.4; `row()` the form inside Collections, where the key is `statusCode`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        fields: Sequence[str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status
        self.fields = list(fields) if fields is not None else None
        self.extra = extra or {}

    def body(self) -> list[dict[str, Any]]:
        entry: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            entry["fields"] = self.fields
        return [{**entry, **self.extra}]

    def row(self) -> dict[str, Any]:
        return {"statusCode": self.code, "message": self.message, "fields": self.fields or [], **self.extra}

    def bulk_text(self) -> str:
        """Return the text of the `sf__Error` column (section 4.3)."""
        return f"{self.code}:{self.message}:{','.join(self.fields or [])} --"


def no_such_column(name: str, sobject: str) -> ApiError:
    """Return the refusal of a field that does not exist or that field-level security hides (section 2.2)."""
    return ApiError("INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject}")


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    return ApiError("NOT_FOUND", message, status=404)


def unsupported_type(name: str) -> ApiError:
    text = (
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append "
        "the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."
    )
    return ApiError("INVALID_TYPE", text)


def bad_json(message: str) -> ApiError:
    return ApiError("JSON_PARSER_ERROR", message)


def deleted() -> ApiError:
    return ApiError("ENTITY_IS_DELETED", "entity is deleted", status=404, fields=[])


def gone() -> ApiError:
    return ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", status=404, fields=[])
