"""What the ways in which goods reach a buyer are called."""

from pos.errors import N_

CHANNEL_NAMES = {
    "galeri": N_("Galeri"),
    "kunjungan": N_("Ruang kunjungan/PTSP"),
    "bazar": N_("Stan/bazar"),
    "pesanan": N_("Pesanan"),
    "titip": N_("Titip jual"),
    "online": N_("Marketplace/e-katalog"),
    "lelang": N_("Lelang"),
}
