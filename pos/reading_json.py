"""JSON as others send it: what no page of ours writes and no database of ours can hold is no JSON (400)."""

import json
import re
from typing import Any

from flask.json.provider import DefaultJSONProvider

NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Provider(DefaultJSONProvider):
    """Flask's own, but that it refuses what would break further in: nesting without end, halves of letters, NUL."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        text = s if isinstance(s, str) else s.decode("utf-8-sig")  # what is no UTF-8 is a ValueError as well
        try:
            value = json.loads(text, **kwargs)
            if "\\u" in text:  # only an escape can hide what the bytes themselves cannot be
                said = json.dumps(value, ensure_ascii=False)
                said.encode()
                if NUL.search(said):
                    raise ValueError("NUL in a text")
        except RecursionError:
            raise ValueError("nested too deeply") from None
        return value
