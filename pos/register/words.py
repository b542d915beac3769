"""What the parts of a sale are called, on the screen and on paper."""

from pos.campaigns.words import CHANNEL_NAMES as CHANNEL_NAMES
from pos.errors import N_

BUYER_NAMES = {
    "petugas": N_("Petugas"),
    "wbp": N_("WBP/koperasi"),
    "keluarga": N_("Keluarga/pengunjung"),
    "masyarakat": N_("Masyarakat"),
    "instansi": N_("Instansi"),
    "upt": N_("UPT lain"),
    "reseller": N_("Reseller"),
}
REMOVAL_NAMES = {
    "line": N_("Baris dihapus"),
    "less": N_("Jumlah dikurangi"),
    "clear": N_("Keranjang dikosongkan"),
}
METHOD_NAMES = {"cash": N_("Tunai"), "qris": N_("QRIS"), "transfer": N_("Transfer"), "debit": N_("Debit")}
TENDER_NAMES = METHOD_NAMES | {"owed": N_("Belum dibayar")}
RATE_NAMES = {"wholesale": N_("Harga grosir"), "inside": N_("Harga dalam"), "auction": N_("Harga lelang")}
FLAG_NAMES = {
    "price": N_("Harga berbeda dari harga yang berlaku saat itu"),
    "archived": N_("Produk sudah tidak dijual lagi"),
    "clock_ahead": N_("Jam kasir mendahului jam server"),
    "clock_behind": N_("Jam kasir tertinggal dari jam server"),
    "register_closed": N_("Meja kasir sudah ditutup"),
    "before_sale": N_("Retur bertanggal sebelum penjualannya"),
    "number_gap": N_("Nomor nota melompat"),
    "shift_unknown": N_("Giliran yang disebut tidak dikenal"),
    "cashier_unknown": N_("Kasir yang disebut tidak berhak di sini; dicatat atas nama pengirim"),
    "not_approved": N_("Retur tanpa persetujuan petugas"),
    "sold_before": N_("Hanya ada satu, dan sudah terjual sebelumnya"),
    "susulan": N_("Nota susulan: ditulis tangan, dimasukkan kemudian dan disetujui orang kedua"),
    "discount": N_("Diskon di atas batas kasir tanpa persetujuan petugas"),
}
