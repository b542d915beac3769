"""What people mean when they write a price, a quantity, yes or no, a barcode, a unit of measure.

Cells come from CSV (always text), from XLSX (with Excel's own types) and from form fields. A value that could
mean two things is refused with the reason, never guessed.
"""

import re
from dataclasses import dataclass
from typing import Any

from pos import money
from pos.catalog.models import MAX_PRICE, MAX_QUANTITY, UNITS_OF_MEASURE
from pos.catalog.services import check_digit, has_valid_check_digit
from pos.errors import N_, Sentence

LONGEST_PRICE = 40  # letters; what is longer is no price, and is not worth taking apart
MOST_EXACT = 10**15  # Excel keeps 15 digits of a number; what is longer has lost its end


class Unreadable(ValueError):
    """Cannot be read as what it should be; `reason` says why."""

    def __init__(self, text: str, **values: Any) -> None:
        self.reason = Sentence(text, **values)
        super().__init__(str(self.reason))


def plain(value: Any) -> str:
    """The cell as one line of text: trimmed, inner white space made single, what cannot be seen left out."""
    if value is None:
        return ""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in str(value)).split())


def lines(value: Any) -> str:
    """A text of several lines: line ends as one kind, ends of lines and of the text trimmed."""
    if value is None:
        return ""
    kept = "".join(c if c.isprintable() or c.isspace() else "" for c in str(value))
    return "\n".join(
        " ".join(line.split()) for line in kept.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip()


# -- money and quantities ------------------------------------------------------------------------------

_CURRENCY = re.compile(r"^(?:rp|idr)\.?\s*|\s*(?:rupiah|,[-–—=]{1,2}|\.[-–—]{1,2})$", re.I)
_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_SPACES = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+")


def rupiah(value: Any) -> int:
    """Whole rupiah of `12500`, `12.500`, `Rp 12.500`, `Rp12.500,-`, `12.500,00` or a number cell.

    `12,500` (12,5 or 12500?) and `12.50` are refused as ambiguous; so are fractions and negative amounts.
    """
    amount = _from_number(value) if isinstance(value, int | float) else _from_text(plain(value))
    if amount < 0:
        raise Unreadable(N_("harga tidak boleh negatif"))
    if amount > MAX_PRICE:
        raise Unreadable(N_("lebih dari %(most)s"), most=money.rupiah(MAX_PRICE))
    return amount


def _from_number(value: int | float) -> int:
    if isinstance(value, bool) or value != value or abs(value) == float("inf"):
        raise Unreadable(N_("bukan harga"))
    if value != int(value):
        raise Unreadable(N_("pecahan rupiah; harga harus rupiah bulat"))
    return int(value)


def _from_text(text: str) -> int:
    if len(text) > LONGEST_PRICE:
        raise Unreadable(N_("bukan harga"))
    bare = text.replace("−", "-")
    negative = bare.startswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("()").lstrip("-+ ") if negative else bare
    while (shorter := _CURRENCY.sub("", bare).strip()) != bare:
        bare = shorter
    if bare.startswith("-"):
        negative, bare = True, bare.lstrip("- ")
    amount = _digits(bare)
    return -amount if negative else amount


def _digits(text: str) -> int:
    if re.fullmatch(r"[0-9]{1,15}", text):
        return int(text)
    if not re.fullmatch(r"[0-9][0-9., ]*", text):
        raise Unreadable(N_("bukan harga"))
    if _DOTS.fullmatch(text) or _SPACES.fullmatch(text):
        return int(re.sub("[. ]", "", text))
    if _COMMAS.fullmatch(text) and text.count(",") > 1:
        return int(text.replace(",", ""))
    whole, mark, decimals = _split_decimals(text)
    if mark and len(decimals) in (1, 2) and (_ungrouped(whole, mark)):
        if decimals.strip("0"):
            raise Unreadable(N_("pecahan rupiah; harga harus rupiah bulat"))
        return int(re.sub("[., ]", "", whole))
    if text.count(",") + text.count(".") == 1 and re.fullmatch(r"[0-9]{1,3}[.,][0-9]{1,3}", text):
        raise Unreadable(N_("bisa dibaca dua cara (desimal atau ribuan); tulis tanpa koma, misalnya 12500 atau 12.500"))
    raise Unreadable(N_("titik atau koma tidak pada tempatnya"))


def _split_decimals(text: str) -> tuple[str, str, str]:
    last = max(text.rfind("."), text.rfind(","))
    return text[:last], text[last : last + 1] if last >= 0 else "", text[last + 1 :]


def _ungrouped(whole: str, mark: str) -> bool:
    """Is `whole` surely the part before a decimal `mark`? Grouped by the other sign, or too long for a group."""
    if re.fullmatch(r"[0-9]{4,15}", whole):
        return True
    return bool((_DOTS if mark == "," else _COMMAS).fullmatch(whole))


def quantity(value: Any, divisible: bool) -> int:
    """Thousandths of `3`, `1,5` or `1.250` pieces; what is sold whole has no decimals, a sign may stand before it."""
    text = plain(value).replace("−", "-")
    match = re.fullmatch(r"([+-]?)\s*([0-9]+(?:\.[0-9]{3})*)(?:([.,])([0-9]{1,3}))?", text)
    if not match or len(text) > 15:
        raise Unreadable(N_("bukan jumlah"))
    sign, whole, mark, decimals = match.groups()
    if divisible and "." in text and "," not in text and re.search(r"\.[0-9]{3}$", text):
        raise Unreadable(N_("bisa dibaca dua cara; tulis 1500 untuk seribu lima ratus, 1,5 untuk satu setengah"))
    if mark and not divisible and int(decimals):
        raise Unreadable(N_("barang ini dihitung utuh"))
    thousandths = int(whole.replace(".", "")) * money.THOUSAND + int((decimals or "").ljust(3, "0"))
    if thousandths > MAX_QUANTITY:
        most = money.grouped(MAX_QUANTITY // money.THOUSAND)
        raise Unreadable(N_("terlalu banyak; paling banyak %(most)s sekali catat"), most=most)
    return -thousandths if sign == "-" else thousandths


# -- yes or no, units of measure -----------------------------------------------------------------------

YES = {"ya", "y", "yes", "true", "benar", "1", "x", "v", "✓", "✔", "unggulan", "wbp"}
NO = {"tidak", "tdk", "t", "no", "n", "false", "salah", "0", "-", "bukan"}


def flag(value: Any) -> bool:
    """`ya`, `tidak`, `true`, `1`, `x` ... as a truth."""
    if isinstance(value, bool):
        return value
    text = plain(value).lower().removesuffix(".0")
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(N_("tulis ya atau tidak"))


_MEASURES = {
    **{name: name for name in UNITS_OF_MEASURE},
    **dict.fromkeys(("pcs", "pc", "biji", "bh", "unit", "butir", "ea"), "buah"),
    **dict.fromkeys(("kilogram", "kilo", "kgs"), "kg"),
    **dict.fromkeys(("gr", "g"), "gram"),
    **dict.fromkeys(("ltr", "l", "lt"), "liter"),
    **dict.fromkeys(("m", "mtr"), "meter"),
    **dict.fromkeys(("psg", "pair"), "pasang"),
    **dict.fromkeys(("lbr", "helai"), "lembar"),
    **dict.fromkeys(("pak", "pack", "pkt"), "paket"),
}


def measure(value: Any) -> str:
    """One of `UNITS_OF_MEASURE`, by its name or a usual short form."""
    found = _MEASURES.get(plain(value).lower().rstrip("."))
    if found is None:
        raise Unreadable(N_("satuan tidak dikenal; pilih: %(choices)s"), choices=", ".join(UNITS_OF_MEASURE))
    return found


_PER = re.compile(r"(?:\bper\s+|/)(kg|kilogram|gram|liter|meter|pasang|set|lembar|ekor|paket)\b", re.I)
_SET = re.compile(r"(?:satu\s+)?set\s", re.I)


def measure_hint(name: str) -> str | None:
    """The unit of measure a product's name speaks of: `Ikan lele per kg`, `Satu set kursi`."""
    match = _PER.search(name)
    if match:
        return _MEASURES[match.group(1).lower()]
    return "set" if _SET.match(name) else None


# -- barcodes ------------------------------------------------------------------------------------------

_STANDARD = {8: "ean8", 12: "upca", 13: "ean13"}


@dataclass(frozen=True)
class Code:
    """A barcode and what it is printed as; `restored` when zeros that a spreadsheet had dropped were put back."""

    code: str
    symbology: str
    restored: bool = False


def barcode(value: Any) -> Code:
    """A code as a scanner would send it, its check digit proved where the kind has one."""
    text = _code_text(value)
    if re.fullmatch(r"[0-9][.,]?[0-9]*E\+?[0-9]+", text, re.I):
        raise Unreadable(N_("diubah Excel menjadi angka ilmiah; jadikan kolom ini teks, lalu ketik ulang kodenya"))
    digits = text.replace("-", "").replace(" ", "")
    if not re.fullmatch(r"[0-9]+", digits):
        if not re.fullmatch(r"[\x21-\x7e]{1,48}", text):
            raise Unreadable(N_("kode batang hanya berisi huruf, angka dan tanda tanpa spasi, paling banyak 48"))
        return Code(text, "other")
    if len(digits) > 48 or not digits.strip("0"):
        raise Unreadable(N_("bukan kode batang"))
    if len(digits) in _STANDARD:
        if not has_valid_check_digit(digits):
            raise Unreadable(N_("angka pemeriksa salah: seharusnya berakhir %(digit)s"), digit=check_digit(digits[:-1]))
        return Code(digits, _STANDARD[len(digits)])
    if len(digits) in (7, 11) and has_valid_check_digit(digits):
        full = digits.zfill(8 if len(digits) == 7 else 12)
        return Code(full, _STANDARD[len(full)], restored=True)
    return Code(digits, "other")


def _code_text(value: Any) -> str:
    if isinstance(value, bool):
        raise Unreadable(N_("bukan kode batang"))
    if isinstance(value, int | float):
        if value != value or value <= 0 or value >= MOST_EXACT or value != int(value):
            raise Unreadable(
                N_("tersimpan sebagai angka dan kehilangan digit; jadikan kolom ini teks, lalu ketik ulang kodenya")
            )
        return str(int(value))
    return plain(value).lstrip("'")
