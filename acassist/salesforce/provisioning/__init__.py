"""Prepares an org and takes it back: fields, permission sets, assignments, page layouts (salesforce_api 6)."""

from __future__ import annotations
