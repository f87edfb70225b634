"""From the text of a query to its tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.soql.nodes import (
    Compare,
    Condition,
    Includes,
    InList,
    InQuery,
    Junction,
    Literal,
    Not,
    Order,
    Path,
    Query,
)
from acassist.sandbox.salesforce.stamps import parse_datetime, stamp

MAX_LENGTH = 100_000
MAX_LITERAL = 4_000
TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
  | (?P<date>\d{4}-\d\d-\d\d)(?![\dT])
  | (?P<number>[+-]?\d+(?:\.\d+)?)(?![\w.])
  | (?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)
  | (?P<sign><=|>=|!=|<>|[=<>(),:])
    )""",
    re.VERBOSE,
)
PERIODS = frozenset(
    {"YESTERDAY", "TODAY", "TOMORROW", "LAST_WEEK", "THIS_WEEK", "NEXT_WEEK", "LAST_MONTH", "THIS_MONTH"}
    | {"NEXT_MONTH", "LAST_YEAR", "THIS_YEAR", "NEXT_YEAR", "LAST_90_DAYS", "NEXT_90_DAYS"}
)
COUNTED = frozenset({"LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO"})
RESERVED = frozenset(
    {"AND", "ASC", "DESC", "EXCLUDES", "FIRST", "FROM", "GROUP", "HAVING", "IN", "INCLUDES", "LAST", "LIKE", "LIMIT"}
    | {"NOT", "NULL", "NULLS", "OR", "SELECT", "USING", "WHERE", "WITH", "OFFSET", "ORDER", "TRUE", "FALSE", "FOR"}
)
ESCAPES = {"n": "\n", "N": "\n", "r": "\r", "R": "\r", "t": "\t", "T": "\t", "b": "\b", "B": "\b", "f": "\f"}
ESCAPES |= {"F": "\f", "'": "'", '"': '"', "\\": "\\"}
SIGNS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the query and where it begins."""

    kind: str
    text: str
    at: int


def malformed(text: str, at: int, message: str) -> ApiError:
    """Return MALFORMED_QUERY with the place, as the service words it."""
    start = max(0, at - 30)
    line = text[start : at + 30].replace("\n", " ")
    return ApiError("MALFORMED_QUERY", f"\n{line}\n{'^':>{at - start + 1}}\nERROR at Row:1:Column:{at + 1}\n{message}")


def parse(text: str) -> Query:
    """Return the tree of `text`. Raises ApiError MALFORMED_QUERY for anything outside the supported grammar."""
    if len(text) > MAX_LENGTH:
        raise ApiError("MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._scan()
        self.place = 0

    def _scan(self) -> list[Token]:
        tokens, at, end = [], 0, len(self.text.rstrip())
        while at < end:
            match = TOKEN.match(self.text, at)
            if match is None or match.lastgroup is None:
                raise malformed(self.text, at, f"unexpected token: '{self.text[at:].split()[0]}'")
            kind = match.lastgroup
            tokens.append(Token(kind, match.group(kind), match.start(kind)))
            at = match.end()
        tokens.append(Token("end", "<EOF>", end))
        return tokens

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def refuse(self, message: str | None = None) -> ApiError:
        return malformed(self.text, self.now.at, message or f"unexpected token: '{self.now.text}'")

    def word(self, *words: str) -> bool:
        """Consume the words if they come next."""
        here = self.tokens[self.place : self.place + len(words)]
        if len(here) == len(words) and all(
            t.kind == "name" and t.text.upper() == w for t, w in zip(here, words, strict=True)
        ):
            self.place += len(words)
            return True
        return False

    def sign(self, sign: str) -> bool:
        if self.now.kind == "sign" and self.now.text == sign:
            self.place += 1
            return True
        return False

    def need(self, *, word: str = "", sign: str = "") -> None:
        if not (self.word(word) if word else self.sign(sign)):
            raise self.refuse()

    def name(self) -> str:
        token = self.now
        if token.kind != "name" or token.text.upper() in RESERVED:
            raise self.refuse()
        self.place += 1
        return token.text

    def path(self) -> Path:
        parts = tuple(self.name().split("."))
        if len(parts) > 6:
            raise self.refuse("Only five levels of parents can be reached.")
        return parts

    def whole(self) -> Query:
        query = self.query()
        if self.now.kind != "end":
            raise self.refuse()
        return query

    def query(self) -> Query:
        self.need(word="SELECT")
        count = self._count()
        paths = () if count else self._paths()
        self.need(word="FROM")
        sobject = "Group" if self.word("GROUP") else self.name()
        if "." in sobject:
            raise self.refuse()
        where = self.condition() if self.word("WHERE") else None
        order = self._order() if self.word("ORDER", "BY") else ()
        limit = self._whole_number() if self.word("LIMIT") else None
        offset = self._whole_number() if self.word("OFFSET") else 0
        if count and order:
            raise self.refuse("COUNT() cannot be ordered.")
        if offset > 2000:
            raise ApiError("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
        return Query(paths, sobject, where, order, limit, offset, count)

    def _count(self) -> bool:
        following = self.tokens[self.place + 1 : self.place + 3]
        if self.now.text.upper() == "COUNT" and [t.text for t in following] == ["(", ")"]:
            self.place += 3
            return True
        return False

    def _paths(self) -> tuple[Path, ...]:
        paths = [self.path()]
        while self.sign(","):
            paths.append(self.path())
        lowered = [tuple(part.lower() for part in path) for path in paths]
        for index, path in enumerate(lowered):
            if path in lowered[:index]:
                raise ApiError("INVALID_FIELD", f"duplicate field selected: {'.'.join(paths[index])}")
        return tuple(paths)

    def _order(self) -> tuple[Order, ...]:
        terms = [self._term()]
        while self.sign(","):
            terms.append(self._term())
        return tuple(terms)

    def _term(self) -> Order:
        path = self.path()
        descending = self.word("DESC")
        if not descending:
            self.word("ASC")
        last = self.word("NULLS", "LAST")
        if not last:
            self.word("NULLS", "FIRST")
        return Order(path, descending, last)

    def _whole_number(self) -> int:
        token = self.now
        if token.kind != "number" or not token.text.isdigit():
            raise self.refuse()
        self.place += 1
        return int(token.text)

    def condition(self) -> Condition:
        """Parse conditions joined by AND or by OR; mixing the two needs parentheses, as in the real grammar."""
        if self.word("NOT"):
            inner = Not(self._simple())
            if self.now.text.upper() in ("AND", "OR"):
                raise self.refuse()
            return inner
        parts = [self._simple()]
        joint = self.now.text.upper()
        if joint not in ("AND", "OR"):
            return parts[0]
        while self.word(joint):
            parts.append(Not(self._simple()) if self.word("NOT") else self._simple())
        if self.now.text.upper() in ("AND", "OR"):
            raise self.refuse()
        return Junction(joint == "AND", tuple(parts))

    def _simple(self) -> Condition:
        if self.sign("("):
            inner = self.condition()
            self.need(sign=")")
            return inner
        path = self.path()
        negated = self.word("NOT")
        if self.word("IN"):
            return self._in(path, negated=negated)
        if negated:
            raise self.refuse()
        for word in ("INCLUDES", "EXCLUDES"):
            if self.word(word):
                return self._includes(path, negated=word == "EXCLUDES")
        return self._compare(path)

    def _compare(self, path: Path) -> Compare:
        if self.word("LIKE"):
            literal = self.literal(pattern=True)
            if literal.kind != "string" or not literal.value:
                raise self.refuse("LIKE needs a string.")
            return Compare(path, "LIKE", literal)
        operator = SIGNS.get(self.now.text) if self.now.kind == "sign" else None
        if operator is None:
            raise self.refuse()
        self.place += 1
        return Compare(path, operator, self.literal())

    def _in(self, path: Path, *, negated: bool) -> InList | InQuery:
        self.need(sign="(")
        if self.now.text.upper() == "SELECT":
            query = self.query()
            self.need(sign=")")
            if query.count or len(query.paths) != 1 or query.limit is not None or query.offset or query.order:
                raise self.refuse("A semi join selects exactly one field and nothing more.")
            return InQuery(path, query, negated)
        literals = [self.literal()]
        while self.sign(","):
            literals.append(self.literal())
        self.need(sign=")")
        return InList(path, tuple(literals), negated)

    def _includes(self, path: Path, *, negated: bool) -> Includes:
        self.need(sign="(")
        sets = []
        while True:
            literal = self.literal()
            if literal.kind != "string":
                raise self.refuse()
            sets.append(frozenset(part.strip().lower() for part in str(literal.value).split(";")))
            if not self.sign(","):
                break
        self.need(sign=")")
        return Includes(path, tuple(sets), negated)

    def literal(self, *, pattern: bool = False) -> Literal:
        """Parse a value; `pattern` keeps the escapes of % and _ for LIKE."""
        token = self.now
        self.place += 1
        if token.kind == "string":
            return Literal("string", self._unescape(token, pattern=pattern))
        if token.kind == "number":
            return Literal("number", float(token.text))
        if token.kind == "datetime":
            return self._moment(token)
        if token.kind == "date":
            return self._day(token)
        if token.kind == "name":
            return self._word_literal(token)
        self.place -= 1
        raise self.refuse()

    def _moment(self, token: Token) -> Literal:
        when = parse_datetime(token.text)
        if when is None:
            raise malformed(self.text, token.at, f"invalid date-time: {token.text}")
        return Literal("datetime", stamp(when))

    def _day(self, token: Token) -> Literal:
        try:
            return Literal("date", date.fromisoformat(token.text).isoformat())
        except ValueError as error:
            raise malformed(self.text, token.at, f"invalid date: {token.text}") from error

    def _word_literal(self, token: Token) -> Literal:
        word = token.text.upper()
        if word in ("TRUE", "FALSE"):
            return Literal("boolean", word == "TRUE")
        if word == "NULL":
            return Literal("null", None)
        if word in COUNTED and self.sign(":"):
            return Literal("period", (word, self._whole_number()))
        if word in PERIODS:
            return Literal("period", (word, 0))
        raise malformed(self.text, token.at, f"unexpected token: '{token.text}'")

    def _unescape(self, token: Token, *, pattern: bool) -> str:
        raw = token.text[1:-1]
        if len(raw) > MAX_LITERAL:
            raise malformed(self.text, token.at, "String literals may not be longer than 4000 characters.")
        out, at = [], 0
        while at < len(raw):
            char = raw[at]
            if char != "\\":
                out.append(char)
                at += 1
                continue
            following = raw[at + 1]
            if pattern and following in "%_\\":
                out.append("\\" + following)
            elif following in ESCAPES:
                out.append(ESCAPES[following])
            else:
                raise malformed(self.text, token.at, f"Illegal escape sequence: \\{following}")
            at += 2
        return "".join(out)
