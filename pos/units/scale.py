"""Which EAN-13 prefixes the labels of a gallery's scales carry a weight or a price behind: `21=berat, 22=harga`.

After the prefix stand five digits of item code, which is a barcode of the product, five of grams or rupiah, and the
check digit. static/js/labelled.js reads such labels.
"""

import re

from pos.errors import N_, PosError

KINDS = {"berat": "weight", "harga": "price"}
LONGEST = 120  # the ten prefixes of a shop's own codes
RULE = re.compile(r"(2[0-9])\s*=\s*(berat|harga)", re.ASCII | re.I)


def tidy(text: str) -> str:
    """The rules in their one way of writing; `PosError` with a sentence for `scale` where they are none."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        rule = RULE.fullmatch(part)
        if not rule or rule[1] in found:
            wrong = N_("Tulis awalan 20 sampai 29 dan isinya, masing-masing sekali: 21=berat, 22=harga.")
            raise PosError("Kode timbangan tidak benar.", fields={"scale": wrong})
        found[rule[1]] = rule[2].lower()
    return ", ".join(f"{prefix}={kind}" for prefix, kind in sorted(found.items()))


def prefixes(text: str) -> dict[str, str]:
    """What stands behind each prefix, "weight" or "price", of rules that are tidy."""
    return {prefix: KINDS[kind] for prefix, kind in (rule.split("=") for rule in text.split(", ") if rule)}
