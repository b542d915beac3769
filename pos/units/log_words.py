"""What an entry of the log tells besides who, what and about whom, for people: `peran: Kasir → Petugas`."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _

from pos import clock, money, web
from pos.errors import N_
from pos.units import qris, services
from pos.units.models import AuditEntry

DETAILS = {
    "name": N_("nama"),
    "role": N_("peran"),
    "unit": N_("unit"),
    "units": N_("unit"),
    "active": N_("aktif"),
    "since": N_("sejak"),
    "until": N_("sampai"),
    "day": N_("hari"),
    "days": N_("hari"),
    "from_day": N_("berlaku sejak"),
    "from_at": N_("berlaku sejak"),
    "expires": N_("berlaku sampai"),
    "at": N_("pukul"),
    "amount": N_("jumlah"),
    "total": N_("jumlah"),
    "before": N_("sebelumnya"),
    "base": N_("yang dibagi"),
    "kanwil": N_("Kanwil"),
    "kind": N_("jenis"),
    "class_name": N_("kelas"),
    "city": N_("kota"),
    "address": N_("alamat"),
    "phone": N_("telepon"),
    "cutoff_minutes": N_("menit lewat tengah malam"),
    "rounding_step": N_("pembulatan tunai"),
    "discount_limit": N_("batas diskon kasir (persen)"),
    "down_payment": N_("uang muka pesanan (persen)"),
    "qris": "QRIS",
    "scale": N_("kode timbangan"),
    "paper_width": N_("lebar kertas"),
    "added": N_("baru"),
    "new": N_("baru"),
    "changed": N_("berubah"),
    "changes": N_("berubah"),
    "recorded": N_("dicatat"),
    "known": N_("sudah ada"),
    "refused": N_("ditolak"),
    "reason": N_("alasan"),
    "note": N_("catatan"),
    "text": N_("catatan"),
    "asked_by": N_("diminta oleh"),
    "approved": N_("yang disetujui"),
    "given": N_("potongan"),
    "device": N_("perangkat"),
    "cashier": N_("diterima oleh"),
    "float": N_("uang awal"),
    "method": N_("cara bayar"),
    "code": N_("kode"),
    "number": N_("nomor"),
    "price": N_("harga"),
    "cost": N_("biaya"),
    "wholesale": N_("harga grosir"),
    "wholesale_from": N_("grosir mulai"),
    "inside": N_("harga dalam"),
    "category": N_("kategori"),
    "unit_of_measure": N_("satuan"),
    "description": N_("keterangan"),
    "brand": N_("merek"),
    "workshop": N_("bengkel kerja"),
    "composition": N_("komposisi"),
    "net_weight": N_("berat bersih"),
    "featured": N_("unggulan"),
    "wbp_made": N_("buatan WBP"),
    "made_to_order": N_("pesanan"),
    "one_of_a_kind": N_("hanya satu"),
    "auction": N_("lelang"),
    "service": N_("jasa"),
    "product": N_("nomor produk"),
    "products": N_("produk"),
    "corrects": N_("mengoreksi setoran"),
    "deposits": N_("setoran"),
    "period": N_("masa setor"),
    "works": N_("hari kerja"),
    "rows": N_("baris"),
    "lines": N_("baris"),
    "commission": N_("komisi"),
    "omzet": N_("omzet"),
    "round": N_("putaran"),
    "root": N_("akar bukti"),
    "notas": N_("nota"),
    "count": N_("banyaknya"),
    "target": N_("target"),
    "targets": N_("target"),
    "wbp_only": N_("hanya buatan WBP"),
    "public": N_("terbuka untuk umum"),
    "windows": N_("jadwal lain"),
    "report_until": N_("batas lapor"),
    "report_zone": N_("zona batas lapor"),
    "categories": N_("kategori"),
    "channels": N_("kanal"),
    "series": N_("seri"),
    "receiving": N_("penerimaan"),
    "transfer": N_("kiriman"),
    "write_off": N_("penghapusan"),
    "opname": N_("opname"),
    "quantity": N_("banyaknya"),
    "short": N_("kurang"),
    "over": N_("lebih"),
    "wrong": N_("berselisih"),
    "host": N_("alamat jaringan"),
    "port": N_("porta"),
    "queue": N_("antrean"),
    "dpi": N_("titik per inci"),
    "dx": N_("geser ke kanan"),
    "dy": N_("geser ke bawah"),
}
HIDDEN = ("version", "file", "photo")  # numbers and sums that only the program knows
MONEY = ("amount", "total", "before", "given", "float", "price", "cost", "wholesale", "inside", "omzet", "target")
THOUSANDTHS = ("quantity", "short", "over", "wholesale_from")
DAYS = ("since", "until", "day", "from_day", "expires")
WORDS = {
    "cash": N_("Tunai"),
    "transfer": N_("Transfer"),
    "debit": N_("Debit"),
    "qris": "QRIS",
    "discount": N_("Diskon"),
    "refund": N_("Retur"),
    "correction": N_("Koreksi cara bayar"),
}


def spoken(entry: AuditEntry) -> list[str]:
    """What an entry tells, one text a fact; two values of a list are what it was and what it became."""
    return [
        f"{web.tr(DETAILS[key]) if key in DETAILS else key}: "
        + " → ".join(_value(key, v) for v in (value if isinstance(value, list) else [value]))
        for key, value in _facts(entry.detail)
        if key != "product" or not entry.act.startswith("product.")  # it is the subject
    ]


def _facts(detail: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in detail.items():
        if key in HIDDEN or (key == "before" and "after" in detail):
            continue
        if key == "after":  # a price and its cost, beside those before
            pairs = zip(detail.get("before") or [None, None], value, strict=True)
            yield from ((name, list(pair)) for name, pair in zip(("price", "cost"), pairs, strict=True))
        elif key in ("changes", "changed") and isinstance(value, dict):
            named = all(name.isdecimal() for name in value)
            yield from [("products", len(value))] if named else value.items()
        else:
            yield key, value


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if value in ("", None):
        return "–"
    if isinstance(value, int):
        return money.rupiah(value) if key in MONEY else money.quantity_text(value) if key in THOUSANDTHS else str(value)
    return _text(key, str(value))


def _text(key: str, value: str) -> str:
    if key == "role":
        return web.tr(services.ROLE_NAMES.get(value, value))
    if key == "qris":
        return qris.merchant(value).name
    if key in ("method", "approved"):
        first, _space, rest = value.partition(" ")
        return f"{web.tr(WORDS.get(first, first))} {rest}".strip()
    with suppress(ValueError):
        if key in DAYS:
            return str(web.FILTERS["day"](date.fromisoformat(value)))
        if key in ("from_at", "report_until"):
            return str(web.FILTERS["at"](clock.parse(value), g.person.zone))
    return value
