"""Whether a text can be used as an e-mail address by both services."""

from __future__ import annotations

import string

# Lengths of RFC 5321 section 4.5.3.1; Salesforce's e-mail type holds 80 characters, which describe tells.
_MAX, _MAX_LOCAL, _MAX_LABEL = 254, 64, 63
_LOCAL = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~.")


def _valid_local(local: str) -> bool:
    if not 0 < len(local) <= _MAX_LOCAL or local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    return all(c in _LOCAL or (ord(c) > 127 and c.isalnum()) for c in local)


def _valid_label(label: str) -> bool:
    if not 0 < len(label) <= _MAX_LABEL or label.startswith("-") or label.endswith("-"):
        return False
    # Combining marks belong to letters of many scripts, so that names as typed in them are valid labels.
    return all(
        c == "-" or (c.isascii() and c.isalnum()) or (ord(c) > 127 and not c.isspace() and c.isprintable())
        for c in label
    )


def valid_email(text: str) -> bool:
    """Tell whether a text is one plain address with a domain that has a dot.

    Conservative like Salesforce: no quoted local part, no comment, no address literal, no leading, trailing or
    doubled dot. International domain names and letters are accepted. One pass per character, whatever the text.
    """
    if len(text) > _MAX or text.count("@") != 1:
        return False
    local, _, domain = text.partition("@")
    labels = domain.split(".")
    if len(labels) < 2 or not all(_valid_label(label) for label in labels):
        return False
    top = labels[-1]
    return len(top) >= 2 and not top.isdigit() and _valid_local(local)
