"""What the stock room's codes are called on screen and on paper."""

from pos.errors import N_

REASON_NAMES = {
    "sale": N_("Penjualan"),
    "refund": N_("Retur"),
    "receive": N_("Terima"),
    "adjust": N_("Koreksi"),
    "sent": N_("Dikirim"),
    "arrived": N_("Tiba"),
    "write_off": N_("Dihapus"),
    "opname": N_("Opname"),
}
