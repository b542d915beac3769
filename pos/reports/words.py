"""What the boards call things on the screen."""

from pos.errors import N_, NC_

RULE_NAMES = {
    "lines + rounding = total of the sale": N_("Jumlah baris dan pembulatan sama dengan total nota"),
    "payments - change = total of the sale": N_("Pembayaran dikurangi kembalian sama dengan total nota"),
    "documents = rows": N_("Isi nota di basis data sama dengan dokumen yang diterima dari kasir"),
    "turnover = lines": N_("Omzet harian sama dengan jumlah baris nota"),
    "receipt numbers have no gap": N_("Nomor nota setiap meja kasir berurutan tanpa lompatan"),
    "stock moves = lines": N_("Mutasi stok sama dengan barang di nota"),
    "on hand = sum of moves": N_("Stok yang ditampilkan sama dengan jumlah mutasinya"),
    "papers of stock = their moves": N_("Penerimaan, kiriman dan penghapusan sama dengan mutasinya"),
    "sent = arrived + on the way + lost": N_("Yang dikirim sama dengan yang tiba, di jalan, ditemukan dan hilang"),
    "opname moves = counted - book": N_("Mutasi opname sama dengan selisih hitungannya"),
    "shares of a line = its base": N_("Bagian PNBP, premi dan lainnya tepat sama dengan dasarnya"),
    "base = what the scheme says": N_("Dasar pembagian setiap barang sesuai dengan skemanya"),
    "refunds <= what was sold": N_("Retur tidak melebihi yang terjual"),
    "corrections of payments follow one another": N_("Setiap koreksi cara bayar menyambung yang sebelumnya"),
    "paid off <= what was left owed": N_("Pelunasan tidak melebihi yang belum dibayar"),
    "one open shift a register": N_("Setiap meja kasir punya paling banyak satu giliran terbuka"),
    "Z numbers have no gap": N_("Nomor Z setiap meja kasir berurutan tanpa lompatan"),
    "submitted figures = their notas": N_("Setiap angka yang diajukan unit sama dengan jumlah notanya"),
    "declared = verified submissions": N_("Setiap angka yang dideklarasikan sama dengan pengajuan yang diverifikasi"),
    "late notas keep to their series": N_("Setiap nota susulan di seri nomornya sendiri dan bertanda"),
    "Z = its notas": N_("Setiap laporan Z sama dengan jumlah nota dan kas gilirannya"),
    "covered <= owed": N_("Setoran tidak menutup lebih dari PNBP yang terhitung pada hari itu"),
    "covered <= deposited": N_("Hari yang ditutup setiap setoran tidak melebihi jumlahnya"),
    "what is taken back = what was written": N_("Setiap pembatalan setoran tepat sama dengan yang dibatalkan"),
}
DIMENSION_NAMES = {
    "kanwil": N_("Kanwil"),
    "upt": N_("UPT"),
    "gallery": N_("Galeri"),
    "day": N_("Hari"),
    "maker": N_("Pembuat"),
    "product": N_("Produk"),
    "category": N_("Kategori"),
    "buyer": N_("Pembeli"),
    "channel": N_("Kanal"),
    "nota": NC_("daftar", "Nota"),
}
