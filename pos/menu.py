"""The main menu: rooms of the house as people look for them, and what a person may open in each."""

from collections.abc import Sequence
from typing import NamedTuple

from pos.errors import N_, NC_

EVERYONE = ("cashier", "staff", "official", "admin", "auditor")
READERS = EVERYONE[1:]


class Entry(NamedTuple):
    """A page that the menu leads to: its endpoint, its name, and the roles that may open it."""

    endpoint: str
    name: str
    roles: Sequence[str]


class Group(NamedTuple):
    """Pages that belong together, under one name and icon."""

    name: str
    icon: str
    entries: Sequence[Entry]


MENU = (
    Group(NC_("layar", "Kasir"), "upc-scan", [Entry("register.till", NC_("layar", "Kasir"), ("cashier", "staff"))]),
    Group(
        NC_("daftar", "Nota"),
        "receipt",
        [
            Entry("receipts.sales", NC_("daftar", "Nota"), EVERYONE),
            Entry("shifts.shifts", N_("Giliran"), EVERYONE),
            Entry("receipts.unpaid", N_("Belum dibayar"), EVERYONE),
            Entry("receipts.prints", N_("Cetakan"), ("cashier", "staff", "admin")),
            Entry("removals.removals", N_("Dikeluarkan dari keranjang"), READERS),
        ],
    ),
    Group(
        N_("Barang"),
        "box-seam",
        [
            Entry("catalog.products", NC_("daftar", "Produk"), READERS),
            Entry("catalog.prices", N_("Daftar harga"), READERS),
            Entry("mapping.page", N_("Pemetaan"), READERS),
            Entry("catalog.certificates_list", NC_("daftar", "Sertifikat"), READERS),
            Entry("storefront.shelves", N_("Etalase publik"), READERS),
        ],
    ),
    Group(
        N_("Stok"),
        "clipboard",
        [
            Entry("stock.stock", N_("Stok"), EVERYONE),
            Entry("stock.receivings_list", N_("Penerimaan"), READERS),
            Entry("stock.transfers_list", N_("Pindah barang"), READERS),
            Entry("stock.opnames_list", N_("Opname"), EVERYONE),
            Entry("consignment.accounts", N_("Titip jual"), READERS),
            Entry("stock.write_offs_list", N_("Penghapusan"), READERS),
        ],
    ),
    Group(
        N_("Label"),
        "tags",
        [
            Entry("labels.choose", N_("Cetak label"), ("staff",)),
            Entry("reprints.queue", N_("Antrean cetak ulang"), READERS),
            Entry("labels.layouts", N_("Tata letak"), ("staff",)),
            Entry("labels.printers", NC_("daftar", "Printer label"), ("staff",)),
        ],
    ),
    Group(
        N_("Kampanye"),
        "graph-up",
        [
            Entry("reports.campaigns", N_("Kampanye"), EVERYONE),
            Entry("late.notes", N_("Nota susulan"), READERS),
            Entry("packs.choose", N_("Paket verifikasi"), READERS),
            Entry("officers.roster", N_("Pegawai"), ("staff", "official")),
        ],
    ),
    Group(
        "PNBP",
        "bank",
        [
            Entry("treasury.overview", N_("Ringkasan"), READERS),
            Entry("treasury.deposits", N_("Setoran"), READERS),
            Entry("treasury.billings", N_("Kode billing"), READERS),
            Entry("treasury.monthly", N_("Rekap bulanan"), READERS),
            Entry("treasury.premi", N_("Premi per bengkel"), READERS),
            Entry("treasury.compared", N_("Kas negara"), READERS),
            Entry("treasury.target_list", N_("Target"), READERS),
            Entry("treasury.due_rules", N_("Jatuh tempo"), READERS),
            Entry("revenue.schemes", N_("Skema bagi hasil"), READERS),
        ],
    ),
    Group(
        N_("Laporan"),
        "bar-chart-line",
        [
            Entry("report.page", N_("Penjualan"), EVERYONE),
            Entry("evening.page", N_("Rekap sore"), EVERYONE),
            Entry("specials.page", N_("Khusus"), READERS),
            Entry("bundle.page", N_("Pemeriksaan"), ("admin", "official", "auditor")),
            Entry("books.page", N_("Buku"), ("admin", "official", "auditor")),
        ],
    ),
    Group(
        N_("Kelola"),
        "diagram-3",
        [
            Entry("units.tree", NC_("daftar", "Unit"), ("admin", "official", "auditor")),
            Entry("units.people", N_("Pengguna"), ("admin",)),
            Entry("units.audit_log", NC_("siapa melakukan apa", "Catatan"), ("admin", "official", "auditor")),
        ],
    ),
)


def for_role(role: str) -> list[Group]:
    """The menu with only what `role` may open; a group with nothing in it is left out."""
    groups = (Group(g.name, g.icon, [entry for entry in g.entries if role in entry.roles]) for g in MENU)
    return [group for group in groups if group.entries]
