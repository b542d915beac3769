"""Long lists in an address. Proxies refuse a request line of more than 8 KB, so a long list travels squeezed."""

import binascii
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask.json import loads
from werkzeug.datastructures import MultiDict

SHORT = 1500  # bytes up to which fields stay as they are, to be read and shared
MOST = 200_000  # bytes that are unpacked, whatever was sent
NAME = "padat"


def packed(fields: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """`fields` for an address: as they are while they are short, else squeezed into one."""
    if len(urlencode(fields, doseq=True)) <= SHORT:
        return dict(fields)
    said = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
    return {NAME: urlsafe_b64encode(zlib.compress(said, 9)).decode().rstrip("=")}


def unpacked(args: Any) -> Any:
    """`args` (of a request) with what was squeezed laid out again; what cannot be read is left out."""
    text = args.get(NAME, "")
    if not text:
        return args
    whole = MultiDict((name, value) for name, value in args.items(multi=True) if name != NAME)
    try:
        said = zlib.decompressobj().decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), MOST)
        fields = {name: [str(value) for value in values] for name, values in loads(said).items()}
        for name, values in fields.items():
            whole.setlist(name, values)
    except (ValueError, binascii.Error, zlib.error, AttributeError, TypeError, RecursionError):
        pass
    return whole
