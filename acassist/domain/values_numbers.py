"""Numbers, currencies and percents as people write them, and their one canonical form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

from babel import Locale

from acassist.domain.fields import normalized_type
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values_problem import Canonical, Pair

# Longer digit strings fit no field of either service; the bound also keeps every step cheap.
MAX_LENGTH = 80
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_NO_CENTS = re.compile(r"(?<=\d)[.,:]-{1,2}$")  # "85.-", "85,--", "85:-"
_INVISIBLE = frozenset("\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_SAME = {c: "'" for c in "’‘ʼ＇`´"} | {c: "-" for c in "−－﹣‐‑–"} | {c: "%" for c in "％٪﹪"} | {"．": ".", "，": ","}
# Forms that people use beside the symbols of the locale data.
_SYMBOLS = ("€", "$", "£", "¥", "₹", "₽", "₺", "US$", "R$", "kr", "kr.", "zł", "Kč", "Ft", "lei", "Fr", "Fr.",
            "SFr.", "Rs", "Rs.")  # fmt: skip


class NumberFault(ValueError):
    """A text that is no number or not a single one; `code` says which."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Convention:
    """How a locale writes numbers: decimal sign, group sign and the currency marks that may stand beside them."""

    decimal: str
    group: str
    marks: tuple[str, ...] = field(default=(), repr=False)


def convention(locale: str) -> Convention:
    """Read the convention of a locale such as `de_CH`; raises babel.UnknownLocaleError or ValueError."""
    parsed = Locale.parse(locale.replace("-", "_"))
    symbols = parsed.number_symbols["latn"]
    english = Locale.parse("en")
    marks = {*english.currencies, *english.currency_symbols.values(), *parsed.currency_symbols.values(), *_SYMBOLS}
    folded = {_clean(mark).casefold() for mark in marks if mark != "¤"}
    ordered = tuple(sorted(folded, key=lambda m: (-len(m), m)))
    return Convention(_clean(symbols["decimal"]), _clean(symbols["group"]), ordered)


def _clean(text: str) -> str:
    """Bring digits, spaces, apostrophes and signs of all scripts to one form."""
    out = []
    for c in text.strip():
        if c in _INVISIBLE:
            continue
        if c.isdecimal():
            c = str(unicodedata.decimal(c))
        elif unicodedata.category(c) == "Zs" or c == "\t":
            c = " "
        out.append(_SAME.get(c, c))
    return "".join(out).strip()


def _without_marks(text: str, marks: tuple[str, ...]) -> str:
    """Take away at most one currency mark on each side; the longest first, so that `US$` is not read as `$`."""
    for mark in marks:
        if text.casefold().startswith(mark) and not (mark[-1].isalpha() and text[len(mark) :][:1].isalpha()):
            text = text[len(mark) :].strip()
            break
    for mark in marks:
        if text.casefold().endswith(mark) and not (mark[0].isalpha() and text[: -len(mark)][-1:].isalpha()):
            text = text[: -len(mark)].strip()
            break
    return text


def _sign(text: str) -> tuple[str, bool]:
    """Split off a sign: leading, or the brackets of bookkeeping. A trailing one may also mean "no cents"."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text[:1] in {"-", "+"}:
        return text[1:].strip(), text[0] == "-"
    return text, False


@dataclass(frozen=True, slots=True)
class _Reading:
    value: Decimal
    decimal: str
    group: str
    decimals: int
    groups: int


def _whole(text: str, decimal: str) -> tuple[str, str, int] | None:
    """Read the part before the decimal sign: its digits, the group sign and how often it stands there."""
    if text.isdecimal():
        return text, "", 0
    signs = {c for c in text if not c.isdecimal()}
    if len(signs) != 1 or signs & {decimal} or not signs <= set(".,' ٬"):
        return None
    sign = signs.pop()
    first, *rest = text.split(sign)
    if not first or first[0] == "0" or not rest or len(rest[-1]) != 3:
        return None
    by_three = len(first) <= 3 and all(len(part) == 3 for part in rest)
    by_two = len(first) <= 2 and all(len(part) == 2 for part in rest[:-1])  # 12,34,567 in India
    return ("".join([first, *rest]), sign, len(rest)) if by_three or by_two else None


def _readings(text: str) -> list[_Reading]:
    """List every way in which digits and separators make one number, whatever the locale."""
    found = []
    for decimal in ("", ".", ",", "٫"):
        if decimal and text.count(decimal) != 1:
            continue
        before, _, after = text.partition(decimal) if decimal else (text, "", "")
        if (after and not after.isdecimal()) or not (before or after):
            continue
        whole = _whole(before, decimal) if before else ("0", "", 0)
        if whole is not None:
            digits, group, groups = whole
            found.append(_Reading(Decimal(f"{digits}.{after or 0}"), decimal, group, len(after), groups))
    return found


def _conforms(reading: _Reading, how: Convention) -> bool:
    """Tell whether a reading uses the signs of the locale, or signs that mean the same everywhere."""
    if reading.decimal not in {"", how.decimal, "٫"} or reading.group == how.decimal:
        return False
    always = {"", how.group, "'", " ", "٬"}
    return reading.group in always or reading.decimal == how.decimal or reading.groups > 1


def parse_number(
    text: str, how: Convention, *, scale: int | None, money: bool = False, percent: bool = False
) -> Decimal:
    """Read a number as written by people.

    The locale settles what a separator means; `1234.56` without groups is clear in every locale. A form that
    contradicts the locale, or whose locale reading has three decimals where the field holds fewer, is ambiguous
    (rule 3.2). Raises NumberFault.
    """
    if len(text) > MAX_LENGTH * 2:
        raise NumberFault(ProblemCode.VALUE_NOT_NUMBER)
    bare, negative = _bare(_clean(text), how, money=money, percent=percent)
    readings = _readings(bare)
    if not readings:
        raise NumberFault(ProblemCode.VALUE_NOT_NUMBER)
    value = _settle(readings, how, scale)
    # Unary minus would round to the context's 28 digits.
    return value.copy_negate() if negative else value


def _bare(text: str, how: Convention, *, money: bool, percent: bool) -> tuple[str, bool]:
    text, negative = _sign(text)
    if money:
        text = _without_marks(text, how.marks)
        text = _NO_CENTS.sub("", text)
    if percent:
        text = text.removesuffix("%").removeprefix("%").strip()
    if not negative and (money or percent):
        text, negative = _sign(text)
    return text, negative


def _settle(readings: list[_Reading], how: Convention, scale: int | None) -> Decimal:
    values = {reading.value for reading in readings}
    # A form with one reading only is no guess, whatever the locale: "1.234,56 €" is never anything else.
    if len(values) == 1:
        return values.pop()
    fitting = [reading for reading in readings if _conforms(reading, how)]
    if len({reading.value for reading in fitting}) != 1:
        raise NumberFault(ProblemCode.VALUE_AMBIGUOUS)
    chosen = fitting[0]
    if len(values) > 1 and scale is not None and chosen.decimals > scale:
        raise NumberFault(ProblemCode.VALUE_AMBIGUOUS)
    return chosen.value


def plain(value: Decimal) -> str:
    """Return the canonical text: no exponent, no trailing zeros, no negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@dataclass(frozen=True, slots=True)
class NumberConversion:
    """Number, currency and percent; percents are whole (25 means 25 %) on both sides."""

    pair: Pair
    how: Convention
    rounded: bool = False
    money: bool = field(default=False)
    percent: bool = field(default=False)

    @property
    def _scale(self) -> int | None:
        """Return the decimals that the Salesforce field keeps, or None when describe does not tell."""
        return self.pair.sf.scale if self.pair.sf.precision or self.pair.sf.type in {"int", "long"} else None

    @property
    def _machine(self) -> bool:
        """Tell whether ActiveCampaign stores a number and not a text (account fields)."""
        return normalized_type(self.pair.ac) in {"currency", "number"}

    def from_salesforce(self, raw: object) -> Canonical:
        """Read a JSON number, or a number in a text."""
        if raw is None or raw == "":
            return None
        text = repr(raw) if isinstance(raw, float) else str(raw)
        if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,80}(\.\d{0,80})?([eE][+-]?\d{1,2})?", text, re.ASCII):
            raise self.pair.sf_problem(ProblemCode.VALUE_NOT_NUMBER)
        value = Decimal(text)
        return plain(self._shown(value) if self.rounded else value)

    def _shown(self, value: Decimal) -> Decimal:
        """Round a formula's result as Salesforce shows it; its floating digits are no information."""
        if self._scale is None:
            return value
        with localcontext() as context:
            context.prec = 300
            return value.quantize(Decimal(1).scaleb(-self._scale), rounding=ROUND_HALF_UP)

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read a number as typed."""
        text = _clean(raw or "")
        if not text:
            return None
        if self._machine:
            if len(text) > MAX_LENGTH or not _PLAIN.fullmatch(text):
                raise self.pair.ac_problem(ProblemCode.VALUE_NOT_NUMBER)
            return plain(Decimal(text))
        try:
            value = parse_number(text, self.how, scale=self._scale, money=self.money, percent=self.percent)
        except NumberFault as fault:
            raise self.pair.ac_problem(fault.code) from None
        return plain(value)

    def to_salesforce(self, value: Canonical) -> object:
        """Return an int or float, or the digits as text where a float would change them."""
        if value is None:
            return None
        number = self._decimal(value)
        self._check_range(number)
        if number == number.to_integral_value():
            return int(number)
        near = float(number)
        return near if Decimal(repr(near)) == number else value

    def _decimal(self, value: str) -> Decimal:
        if not _PLAIN.fullmatch(value):
            raise self.pair.sf_problem(ProblemCode.VALUE_NOT_NUMBER)
        return Decimal(value)

    def _check_range(self, number: Decimal) -> None:
        whole, _, decimals = plain(number.copy_abs()).partition(".")
        sf = self.pair.sf
        too_fine = self._scale is not None and len(decimals) > self._scale
        room = sf.precision - sf.scale if sf.precision else sf.digits
        if too_fine or (room > 0 and number and len(whole) > room):
            raise self.pair.sf_problem(ProblemCode.VALUE_OUT_OF_RANGE, room or None)

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the plain number with the locale's decimal sign and no groups."""
        if value is not None and len(value) > MAX_LENGTH:
            raise self.pair.ac_problem(ProblemCode.VALUE_OUT_OF_RANGE)
        if value is None or self._machine:
            return value or ""
        whole, _, decimals = value.partition(".")
        if len(decimals) == 3 and self._scale is not None and self._scale < 3:
            decimals += "0"  # three decimals could be read as thousands
        return f"{whole}{self.how.decimal}{decimals}" if decimals else whole

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare canonical numbers."""
        return a == b
