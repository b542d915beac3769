"""What the report pages call their columns and breakdowns."""

from pos.errors import N_, NC_

DIMENSIONS = {
    "day": N_("Hari"),
    "month": N_("Bulan"),
    "kanwil": N_("Kanwil"),
    "upt": N_("UPT"),
    "gallery": N_("Galeri"),
    "register": N_("Meja kasir"),
    "cashier": N_("Kasir"),
    "product": N_("Produk"),
    "category": N_("Kategori"),
    "maker": N_("Pembuat"),
    "buyer": N_("Pembeli"),
    "channel": N_("Kanal"),
    "nota": NC_("daftar", "Nota"),
}
COLUMNS = {
    "omzet": N_("Omzet"),
    "other": N_("Di luar WBP"),
    "sales": NC_("daftar", "Nota"),
    "pieces": N_("Jumlah"),
    "average": N_("Rata-rata"),
    "pnbp": N_("PNBP"),
    "premi": N_("Premi"),
    "gross": N_("Kotor"),
    "discount": N_("Diskon"),
    "refunds": N_("Retur"),
    "cost": N_("Modal"),
    "profit": N_("Laba"),
}
DETAILED = ("gross", "discount", "refunds")
COSTED = ("cost", "profit")
