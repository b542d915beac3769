"""Everything that can go wrong for a person, as a sentence with a status."""

from collections.abc import Mapping
from typing import Any


def N_(text: str) -> str:
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return text


class Word(str):
    """A marked word with more than one meaning: `context` says which, for whoever translates it."""

    context = ""


def NC_(context: str, text: str) -> Word:
    """`N_` for a word that stands for different things in different places."""
    word = Word(text)
    word.context = context
    return word


class Sentence:
    """A translatable sentence: `text` with `%(name)s` places and the values that fill them."""

    def __init__(self, text: str, **values: Any) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"


class PosError(Exception):
    """Something is not right with what was asked.

    `code` is for programs, `status` for HTTP, the sentence for people; `fields` names the places
    (`lines.0.quantity`) with a sentence each, `data` carries extra facts into the JSON answer.
    """

    code = "invalid"
    status = 422

    def __init__(
        self,
        text: str,
        *,
        fields: Mapping[str, "str | Sentence"] | None = None,
        data: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        self.sentence = Sentence(text, **values)
        self.fields = {k: v if isinstance(v, Sentence) else Sentence(v) for k, v in (fields or {}).items()}
        self.data = dict(data or {})
        super().__init__(str(self.sentence))


class NotSignedIn(PosError):
    code, status = "not_signed_in", 401


class Forbidden(PosError):
    code, status = "forbidden", 403


class NotFound(PosError):
    code, status = "not_found", 404


class Conflict(PosError):
    code, status = "conflict", 409
