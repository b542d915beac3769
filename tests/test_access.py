"""Every address as every kind of person: a new one must be given its line here.

The columns are strangers, cashiers, staff, officials (of the UPT, its Kanwil and the nation alike), admins and
auditors, all with Lapas Ambon in their scope; `outside` is what those get who would be let in but work in Pontianak
(`=`: the same, for the address names nothing that belongs to a unit). `in` is the way to the sign-in form. Forms are
sent empty.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.catalog import certificates
from pos.catalog.models import Product
from pos.consignment import acts
from pos.db import atomic, db
from pos.labels import settings as label_settings
from pos.labels.layouts import layout_named
from pos.receipts import printing
from pos.receipts.models import PrintJob
from pos.register.lookup import sale_numbered
from pos.stock import goods, opnames, receivings, transfers, write_offs
from pos.units import devices
from pos.units import services as units
from pos.units.models import Device, Gallery, Register
from tests import world
from tests.register import drawer
from tests.treasury import paid_in
from tests.verification import filing

TABLE = """
rule                                            | nobody cashier staff official admin auditor | outside
GET /                                           | in  302 302 302 302 302 | =
GET /masuk                                      | 200 200 200 200 200 200 | =
POST /masuk                                     | 422 422 422 422 422 422 | =
POST /keluar                                    | 302 302 302 302 302 302 | =
POST /bahasa/<code>                             | 302 302 302 302 302 302 | =
GET /healthz                                    | 200 200 200 200 200 200 | =
GET /api/openapi.json                           | 200 200 200 200 200 200 | =
GET /pasang                                     | 404 404 404 404 404 404 | =
POST /pasang                                    | 404 404 404 404 404 404 | =
GET /mulai                                      | in  403 403 403 200 403 | =

GET /unit                                       | in  403 403 200 200 200 | =
GET /unit/muat                                  | in  403 403 403 200 403 | 404
POST /unit/muat                                 | in  403 403 403 422 403 | 404
GET /unit/<int:unit_id>                         | in  403 403 200 200 200 | 404
GET /unit/<int:unit_id>/ubah                    | in  403 403 403 200 403 | 404
POST /unit/<int:unit_id>/ubah                   | in  403 403 403 422 403 | 404
GET /unit/<int:unit_id>/kop                     | in  403 403 403 200 403 | 404
POST /unit/<int:unit_id>/kop                    | in  403 403 403 302 403 | 404
GET /unit/<int:unit_id>/kop/contoh.pdf          | in  403 403 403 200 403 | 404
GET /unit/<int:unit_id>/galeri                  | in  403 403 403 200 403 | 404
POST /unit/<int:unit_id>/galeri                 | in  403 403 403 422 403 | 404
GET /unit/galeri/<int:gallery_id>               | in  403 403 403 200 403 | 404
POST /unit/galeri/<int:gallery_id>              | in  403 403 403 302 403 | 404
GET /unit/galeri/<int:gallery_id>/diskon        | in  403 200 403 200 403 | 404
POST /unit/galeri/<int:gallery_id>/diskon       | in  403 302 403 302 403 | 404
GET /unit/galeri/<int:gallery_id>/kasir         | in  403 403 403 200 403 | 404
POST /unit/galeri/<int:gallery_id>/kasir        | in  403 403 403 422 403 | 404
GET /unit/kasir/<int:register_id>               | in  403 403 403 200 403 | 404
POST /unit/kasir/<int:register_id>              | in  403 403 403 302 403 | 404
POST /unit/perangkat/<int:device_id>/cabut      | in  403 302 403 302 403 | 404
GET /unit/kasir/<int:register_id>/printer       | in  403 403 403 200 403 | 404
POST /unit/kasir/<int:register_id>/printer      | in  403 403 403 302 403 | 404
GET /unit/kasir/<int:register_id>/printer/uji   | in  403 403 403 200 403 | 404
POST /unit/kasir/<int:register_id>/printer/uji  | in  403 403 403 302 403 | 404
GET /pengguna                                   | in  403 403 403 200 403 | =
GET /pengguna/baru                              | in  403 403 403 200 403 | =
POST /pengguna/baru                             | in  403 403 403 422 403 | =
GET /pengguna/<int:user_id>                     | in  403 403 403 200 403 | 404
POST /pengguna/<int:user_id>                    | in  403 403 403 422 403 | 404
GET /pengguna/<int:user_id>/sandi               | in  403 403 403 200 403 | 404
POST /pengguna/<int:user_id>/sandi              | in  403 403 403 422 403 | 404
GET /sandi                                      | in  200 200 200 200 200 | =
POST /sandi                                     | in  422 422 422 422 422 | =
GET /pin                                        | in  200 200 200 200 200 | =
POST /pin                                       | in  422 422 422 422 422 | =
GET /catatan                                    | in  403 403 200 200 200 | =

GET /produk                                     | in  403 200 200 200 200 | =
GET /produk/ekspor.<any(csv, xlsx, pdf):kind>   | in  403 200 200 200 200 | =
GET /produk/baru                                | in  403 200 403 200 403 | =
POST /produk/baru                               | in  403 422 403 422 403 | =
GET /produk/<int:product_id>                    | in  403 200 403 200 403 | 404
POST /produk/<int:product_id>                   | in  403 302 403 302 403 | 404
POST /produk/<int:product_id>/harga             | in  403 422 403 422 403 | 404
POST /produk/<int:product_id>/kode              | in  403 422 403 422 403 | 404
POST /produk/<int:product_id>/arsip             | in  403 302 403 302 403 | 404
POST /produk/<int:product_id>/foto              | in  403 422 403 422 403 | 404
POST /produk/<int:product_id>/sertifikat        | in  403 422 403 422 403 | 404
GET /produk/massal                              | in  403 200 403 200 403 | =
POST /produk/massal                             | in  403 422 403 422 403 | =
GET /sertifikat                                 | in  403 200 200 200 200 | =
GET /sertifikat.<any(csv, xlsx, pdf):kind>      | in  403 200 200 200 200 | =
POST /sertifikat/<int:certificate_id>/cabut     | in  403 302 403 302 403 | 404
GET /sertifikat/<int:certificate_id>/pindaian-<int:page>.webp | in  403 404 404 404 404 | 404
GET /pemetaan                                   | in  403 200 200 200 200 | =
GET /pemetaan.<any(csv, xlsx, pdf):kind>        | in  403 200 200 200 200 | =
GET /harga                                      | in  403 200 200 200 200 | =
GET /harga.<any(csv, xlsx, pdf):kind>           | in  403 200 200 200 200 | =
GET /foto/<content>-<any(besar, kecil):size>.webp  | 404 404 404 404 404 404 | =
GET /produk/impor                               | in  403 200 403 200 403 | =
POST /produk/impor                              | in  403 422 403 422 403 | =
GET /produk/impor/<token>                       | in  403 404 403 404 403 | =
POST /produk/impor/<token>                      | in  403 404 403 404 403 | =
GET /produk/impor/contoh.<any(csv, xlsx):kind>  | in  403 200 403 200 403 | =
GET /produk/<int:product_id>/stok               | in  403 200 403 200 403 | =
POST /produk/<int:product_id>/terima            | in  403 422 403 422 403 | =
POST /produk/<int:product_id>/koreksi           | in  403 422 403 422 403 | =

GET /stok                                       | in  200 200 200 200 200 | =
GET /stok.<any(csv, xlsx, pdf):kind>            | in  200 200 200 200 200 | =
GET /stok/kedaluwarsa                           | in  200 200 200 200 200 | =
GET /stok/kedaluwarsa.<any(csv, xlsx, pdf):kind> | in  200 200 200 200 200 | =
GET /stok/kartu/<int:product_id>                | in  200 200 200 200 200 | =
GET /stok/kartu/<int:product_id>/kartu.<any(csv, xlsx, pdf):kind> | in  200 200 200 200 200 | =
POST /stok/kartu/<int:product_id>/minimum       | in  403 302 403 302 403 | =
GET /penerimaan                                 | in  403 200 200 200 200 | =
GET /penerimaan.<any(csv, xlsx, pdf):kind>      | in  403 200 200 200 200 | =
GET /penerimaan/baru                            | in  403 200 403 200 403 | =
POST /penerimaan/baru                           | in  403 422 403 422 403 | =
GET /penerimaan/<int:receiving_id>              | in  403 200 200 200 200 | 404
GET /penerimaan/<int:receiving_id>/label        | in  403 302 403 403 403 | 404
GET /pindah                                     | in  403 200 200 200 200 | =
GET /pindah.<any(csv, xlsx, pdf):kind>          | in  403 200 200 200 200 | =
GET /pindah/baru                                | in  403 200 403 200 403 | =
POST /pindah/baru                               | in  403 422 403 422 403 | =
GET /pindah/<int:transfer_id>                   | in  403 200 200 200 200 | 404
POST /pindah/<int:transfer_id>/tiba             | in  403 422 403 422 403 | 404
POST /pindah/<int:transfer_id>/tarik            | in  403 422 403 422 403 | 404
POST /pindah/<int:transfer_id>/<int:position>/kurang | in  403 422 403 422 403 | 404
GET /opname                                     | in  200 200 200 200 200 | =
POST /opname                                    | in  403 422 403 422 403 | 302
GET /opname/<int:opname_id>                     | in  403 200 200 200 200 | 404
GET /opname/<int:opname_id>/hitung              | in  200 200 403 200 403 | 404
POST /opname/<int:opname_id>/nol                | in  403 302 403 302 403 | 404
POST /opname/<int:opname_id>/tutup              | in  403 409 403 409 403 | 404
GET /opname/<int:opname_id>/hasil.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | 404
POST /api/opname/<int:opname_id>/counts         | 401 422 422 403 422 403 | =
GET /api/opname/<int:opname_id>/goods           | 401 200 200 403 200 403 | 404
GET /penghapusan                                | in  403 200 200 200 200 | =
GET /penghapusan.<any(csv, xlsx, pdf):kind>     | in  403 200 200 200 200 | =
GET /penghapusan/baru                           | in  403 200 403 200 403 | =
POST /penghapusan/baru                          | in  403 422 403 422 403 | =
GET /penghapusan/<int:write_off_id>             | in  403 200 200 200 200 | 404

GET /titip-jual                                 | in  403 200 200 200 200 | =
GET /titip-jual.<any(csv, xlsx, pdf):kind>      | in  403 200 200 200 200 | =
GET /titip-jual/<int:seller_id>/<int:maker_id>  | in  403 200 200 200 200 | 404
GET /titip-jual/<int:seller_id>/<int:maker_id>/laporan.pdf | in  403 200 200 200 200 | 404
POST /titip-jual/<int:seller_id>/<int:maker_id>/bayar | in  403 422 403 403 403 | 404
POST /titip-jual/<int:seller_id>/<int:maker_id>/komisi | in  403 422 403 422 403 | 404
POST /titip-jual/terima/<uuid:settlement_id>    | in  403 422 403 403 403 | 404

GET /label                                      | in  403 200 403 403 403 | =
GET /label/antrean                              | in  403 200 200 200 200 | =
POST /label/antrean                             | in  403 302 403 302 403 | =
GET /label/antrean.<any(csv, xlsx, pdf):kind>   | in  403 200 200 200 200 | =
POST /label/cetak                               | in  403 422 403 403 403 | =
GET /label/cetak/<token>                        | in  403 404 403 403 403 | =
GET /label/cetak/<token>/sejauh                 | in  403 404 403 403 403 | =
GET /label/cetak/<token>.pdf                    | in  403 404 403 403 403 | =
GET /label/uji                                  | in  403 200 403 403 403 | =
GET /label/pratinjau.svg                        | in  403 422 403 403 403 | =
GET /label/tata-letak                           | in  403 200 403 403 403 | =
GET /label/tata-letak/baru                      | in  403 200 403 403 403 | =
POST /label/tata-letak/baru                     | in  403 422 403 403 403 | =
GET /label/tata-letak/gambar.svg                | in  403 200 403 403 403 | =
GET /label/tata-letak/<int:layout_id>           | in  403 200 403 403 403 | 404
POST /label/tata-letak/<int:layout_id>          | in  403 422 403 403 403 | 404
POST /label/tata-letak/<int:layout_id>/hapus    | in  403 302 403 403 403 | 404
GET /label/printer                              | in  403 200 403 403 403 | =
GET /label/printer/baru                         | in  403 200 403 403 403 | =
POST /label/printer/baru                        | in  403 422 403 403 403 | =
GET /label/printer/<int:printer_id>             | in  403 200 403 403 403 | 404
POST /label/printer/<int:printer_id>            | in  403 302 403 403 403 | 404
POST /label/printer/<int:printer_id>/hapus      | in  403 302 403 403 403 | 404

GET /etalase/<slug>                             | 404 404 404 404 404 404 | =
GET /etalase/<slug>/<name>                      | 404 404 404 404 404 404 | =
GET /p/<path:code>                              | 404 404 404 404 404 404 | =
GET /P/<path:code>                              | 404 404 404 404 404 404 | =
GET /etalase-publik                             | in  403 302 200 200 200 | =
GET /etalase-publik/ekspor.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | =
GET /etalase-publik/<int:unit_id>               | in  403 200 403 200 403 | 404
POST /etalase-publik/<int:unit_id>              | in  403 302 403 302 403 | 404
GET /etalase-publik/<int:unit_id>/unduh.zip     | in  403 422 403 422 403 | 404

GET /kasir                                      | in  200 200 403 403 403 | =
GET /kasir/daftarkan                            | in  403 200 403 200 403 | =
POST /kasir/daftarkan                           | in  403 422 403 422 403 | =
GET /kasir/halaman/<any(id, en):language>       | 200 200 200 200 200 200 | =
GET /kasir/dialog/<any(id, en):language>        | 200 200 200 200 200 200 | =
GET /kasir/js/<name>.js                         | 200 200 200 200 200 200 | =
GET /kasir/layar                                | 200 200 200 200 200 200 | =
GET /kasir/layar/<any(id, en):language>         | 200 200 200 200 200 200 | =
GET /kasir/dasar.css                            | 200 200 200 200 200 200 | =
GET /kasir/etalase.webmanifest                  | 200 200 200 200 200 200 | =
GET /sw.js                                      | 200 200 200 200 200 200 | =
GET /api/session                                | 401 200 200 403 403 403 | =
GET /api/catalog                                | 401 200 200 403 200 403 | =
POST /api/sales                                 | 401 201 201 403 403 403 | 404
POST /api/removals                              | 401 200 200 403 403 403 | 404
POST /api/shifts                                | 401 201 201 403 403 403 | 404
POST /api/shifts/<uuid:shift_id>/events         | 401 201 201 403 403 403 | 404

GET /keranjang                                  | in  403 200 200 200 200 | =
GET /keranjang.<any(csv, xlsx, pdf):kind>       | in  403 200 200 200 200 | =
GET /giliran                                    | in  200 200 200 200 200 | =
GET /giliran/<uuid:shift_id>                    | in  200 200 200 200 200 | 404
GET /giliran/<uuid:shift_id>/laporan.<any(pdf, txt):kind> | in  200 200 200 200 200 | 404
POST /giliran/<uuid:shift_id>/cetak             | in  302 302 403 302 403 | 404
GET /api/sales                                  | 401 200 200 403 403 403 | 404
GET /api/sales/<receipt>                        | 401 200 200 200 200 200 | 404
POST /api/approvals                             | 401 422 422 403 403 403 | =
POST /api/codes                                 | 401 422 422 403 403 403 | =

GET /penjualan                                  | in  200 200 200 200 200 | =
GET /penjualan.<any(csv, xlsx, pdf):kind>       | in  200 200 200 200 200 | =
GET /penjualan/<receipt>                        | in  200 200 200 200 200 | 404
GET /penjualan/<receipt>/bayar/<int:position>   | in  200 200 403 403 403 | 404
POST /penjualan/<receipt>/bayar/<int:position>  | in  422 422 403 403 403 | 404
GET /penjualan/<receipt>/pelunasan              | in  302 302 403 403 403 | 404
POST /penjualan/<receipt>/pelunasan             | in  422 422 403 403 403 | 404
GET /belum-dibayar                              | in  200 200 200 200 200 | =
GET /belum-dibayar.<any(csv, xlsx, pdf):kind>   | in  200 200 200 200 200 | =
GET /penjualan/<receipt>/cetak                  | in  200 200 200 200 200 | 404
POST /penjualan/<receipt>/cetak                 | in  302 302 302 302 403 | 404
GET /penjualan/<receipt>/nota.pdf               | in  200 200 200 200 200 | 404
GET /penjualan/<receipt>/kwitansi.pdf           | in  200 200 200 200 200 | 404
GET /nota/impor                                 | in  403 200 403 403 403 | =
POST /nota/impor                                | in  403 422 403 403 403 | =
GET /nota/impor/<token>                         | in  403 404 403 403 403 | =
POST /nota/impor/<token>                        | in  403 404 403 403 403 | =
GET /cetakan                                    | in  200 200 403 200 403 | =
POST /cetakan/<int:job_id>/lagi                 | in  302 302 403 302 403 | 404
POST /cetakan/<int:job_id>/peramban             | in  302 302 403 302 403 | 404
GET /api/registers/<code>/printer               | 401 200 200 403 200 403 | 404
POST /api/receipts/<receipt>/prints             | 401 422 422 403 403 403 | =
POST /api/shifts/<uuid:shift_id>/prints         | 401 200 200 403 403 403 | 404
GET /api/prints/<int:job_id>                    | 401 200 200 403 200 403 | 404
POST /api/prints/<int:job_id>/retry             | 401 200 200 403 403 403 | 404
POST /api/prints/<int:job_id>/browser           | 401 200 200 403 403 403 | 404
GET /nota                                       | 200 200 200 200 200 200 | =
GET /nota/<code>                                | 200 200 200 200 200 200 | =
GET /NOTA/<code>                                | 200 200 200 200 200 200 | =

GET /kampanye                                   | in  200 200 200 200 200 | =
GET /kampanye/baru                              | in  403 403 403 200 403 | 403
POST /kampanye/baru                             | in  403 403 403 422 403 | 403
GET /kampanye/<slug>                            | in  200 200 200 200 200 | =
GET /kampanye/<slug>/ubah                       | in  403 403 403 200 403 | 403
POST /kampanye/<slug>/ubah                      | in  403 403 403 422 403 | 403
GET /kampanye/<slug>/tabel.<kind>               | in  200 200 200 200 200 | =
GET /pegawai                                    | in  403 200 200 403 403 | =
POST /pegawai                                   | in  403 422 403 403 403 | =
GET /kampanye/<slug>/petugas                    | in  403 200 200 403 403 | =
GET /kampanye/<slug>/petugas.<any(csv, xlsx, pdf):kind> | in  403 200 200 403 403 | =
GET /kampanye/<slug>/papan                      | in  200 200 200 200 200 | =
GET /kampanye/<slug>/harian                     | in  200 200 200 200 200 | =
GET /kampanye/<slug>/harian.<any(csv, xlsx, pdf):kind> | in  200 200 200 200 200 | =
GET /kampanye/<slug>/melapor                    | in  200 200 200 200 200 | =
GET /kampanye/<slug>/melapor.<any(csv, xlsx, pdf):kind> | in  200 200 200 200 200 | =
GET /kampanye/<slug>/banding                    | in  200 200 200 200 200 | =
GET /kampanye/<slug>/banding.<any(csv, xlsx, pdf):kind> | in  200 200 200 200 200 | =
GET /api/campaigns/<slug>/wall                  | 401 200 200 200 200 200 | =
GET /api/campaigns/<slug>/replay                | 401 422 422 422 422 422 | =
GET /api/campaigns/<slug>/totals                | 401 200 200 200 200 200 | =
GET /kampanye/<slug>/verifikasi                 | in  403 200 200 200 200 | =
GET /kampanye/<slug>/verifikasi.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | =
GET /kampanye/<slug>/verifikasi/<int:unit_id>   | in  403 200 200 200 200 | 404
POST /kampanye/<slug>/verifikasi/<int:unit_id>/ajukan | in  403 422 422 403 403 | 404
POST /kampanye/<slug>/verifikasi/<int:unit_id>/putusan | in  403 403 404 403 403 | 404
GET /kampanye/<slug>/deklarasi                  | in  403 200 200 200 200 | =
POST /kampanye/<slug>/deklarasi                 | in  403 403 422 403 403 | =
GET /kampanye/<slug>/berita-acara.pdf           | in  403 404 404 404 404 | =
GET /kampanye/<slug>/penghargaan                | in  403 200 200 200 200 | =
GET /kampanye/<slug>/penghargaan.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | =
GET /susulan                                    | in  403 200 200 200 200 | =
GET /susulan.<any(csv, xlsx, pdf):kind>         | in  403 200 200 200 200 | =
GET /susulan/baru                               | in  403 200 200 403 403 | =
POST /susulan/baru                              | in  403 422 422 403 403 | =
GET /susulan/<uuid:note_id>                     | in  403 200 200 200 200 | 404
POST /susulan/<uuid:note_id>/putusan            | in  403 422 422 422 403 | 404
GET /susulan/<uuid:note_id>/foto-<any(besar, kecil):size>.webp | in  403 200 200 200 200 | 404
GET /paket                                      | in  403 200 200 200 200 | =
POST /paket                                     | in  403 422 422 422 422 | =
POST /kampanye/<slug>/deklarasi/paket           | in  403 404 404 404 404 | =
GET /paket/<token>                              | in  403 404 404 404 404 | =
GET /paket/<token>/kemajuan                     | in  403 404 404 404 404 | =
GET /paket/<token>/unduh                        | in  403 404 404 404 404 | =
GET /laporan                                    | in  200 200 200 200 200 | =
GET /laporan/ekspor.<any(csv, xlsx, pdf):kind>  | in  200 200 200 200 200 | =
GET /laporan/khusus                             | in  403 200 200 200 200 | =
GET /laporan/khusus/<report>                    | in  403 200 200 200 200 | =
GET /laporan/khusus/<report>/ekspor.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | =
GET /laporan/rekap-sore                         | in  200 200 200 200 200 | =
GET /laporan/rekap-sore/gambar.png              | in  200 200 200 200 200 | =
GET /laporan/rekap-sore/rekap.pdf               | in  200 200 200 200 200 | =
GET /laporan/rekap-sore/jadwal                  | in  403 200 403 200 403 | =
POST /laporan/rekap-sore/jadwal                 | in  403 422 403 422 403 | =
GET /laporan/pemeriksaan                        | in  403 403 200 200 200 | =
POST /laporan/pemeriksaan                       | in  403 403 200 200 200 | =
GET /buku                                       | in  403 403 200 200 200 | =

GET /setoran                                    | in  403 200 200 200 200 | =
GET /setoran/ekspor.<any(csv, xlsx, pdf):kind>  | in  403 200 200 200 200 | =
GET /setoran/baru                               | in  403 200 403 403 403 | =
POST /setoran/baru                              | in  403 422 403 403 403 | =
GET /setoran/tautkan                            | in  403 200 403 200 403 | =
POST /setoran/tautkan                           | in  403 409 403 409 403 | =
GET /setoran/<int:deposit_id>                   | in  403 200 200 200 200 | 404
GET /setoran/<int:deposit_id>/koreksi           | in  403 200 403 403 403 | 404
POST /setoran/<int:deposit_id>/koreksi          | in  403 422 403 403 403 | 404
POST /setoran/<int:deposit_id>/tautkan          | in  403 302 403 403 403 | 404
POST /setoran/<int:deposit_id>/catatan          | in  403 422 422 422 403 | 404
GET /setoran/billing                            | in  403 200 200 200 200 | =
GET /setoran/billing/ekspor.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | =
GET /setoran/billing/baru                       | in  403 200 403 403 403 | =
POST /setoran/billing/baru                      | in  403 422 403 403 403 | =
POST /setoran/billing/<int:billing_id>/batal    | in  403 302 403 403 403 | 404
GET /pnbp                                       | in  403 200 200 200 200 | =
GET /pnbp/ekspor.<any(csv, xlsx, pdf):kind>     | in  403 200 200 200 200 | =
GET /pnbp/hari/<int:unit_id>/<day>              | in  403 200 200 200 200 | 404
GET /pnbp/rekap                                 | in  403 200 200 200 200 | =
GET /pnbp/rekap.<any(csv, xlsx, pdf):kind>      | in  403 200 200 200 200 | =
GET /pnbp/premi                                 | in  403 200 200 200 200 | =
GET /pnbp/premi.<any(csv, xlsx, pdf):kind>      | in  403 200 200 200 200 | =
GET /pnbp/kas-negara                            | in  403 200 200 200 200 | =
GET /pnbp/kas-negara.<any(csv, xlsx, pdf):kind> | in  403 200 200 200 200 | =
GET /pnbp/kas-negara/impor                      | in  403 200 200 200 403 | =
POST /pnbp/kas-negara/impor                     | in  403 422 422 422 403 | =
GET /pnbp/kas-negara/impor/<token>              | in  403 404 404 404 403 | =
POST /pnbp/kas-negara/impor/<token>             | in  403 404 404 404 403 | =
GET /pnbp/kas-negara/<int:row_id>               | in  403 200 200 200 200 | 404
POST /pnbp/kas-negara/<int:row_id>/catatan      | in  403 422 422 422 403 | 404
GET /pnbp/target                                | in  403 200 200 200 200 | =
GET /pnbp/target.<any(csv, xlsx, pdf):kind>     | in  403 200 200 200 200 | =
GET /pnbp/target/baru                           | in  403 403 200 200 403 | =
POST /pnbp/target/baru                          | in  403 403 422 422 403 | =
POST /pnbp/target/impor                         | in  403 403 422 422 403 | =
GET /pnbp/jatuh-tempo                           | in  403 200 200 200 200 | =
POST /pnbp/jatuh-tempo/aturan                   | in  403 403 403 422 403 | =
POST /pnbp/jatuh-tempo/hari                     | in  403 403 403 422 403 | =
POST /pnbp/jatuh-tempo/hari/<int:off_day_id>/hapus | in  403 403 403 302 403 | 404
GET /skema                                      | in  403 403 403 200 403 | =
GET /skema/baru                                 | in  403 403 403 200 403 | =
POST /skema/baru                                | in  403 403 403 422 403 | =
"""
PEOPLE = {  # username: (column, is it outside)
    "": ("nobody", False),
    "kasir": ("cashier", False),
    "petugas": ("staff", False),
    "pejabat-upt": ("official", False),
    "pejabat": ("official", False),
    "pejabat-pusat": ("official", False),
    "admin": ("admin", False),
    "pemeriksa": ("auditor", False),
    "kasir-ptk": ("cashier", True),
    "petugas-ptk": ("staff", True),
    "pejabat-ptk": ("official", True),
    "admin-ptk": ("admin", True),
}
NOT_OURS = {"static", "bootstrap.static"}  # files for everybody


class Line(NamedTuple):
    method: str
    rule: str
    statuses: dict[str, str]
    outside: str

    def expected(self, username: str) -> str:
        column, is_outside = PEOPLE[username]
        status = self.statuses[column]
        return self.outside if is_outside and self.outside != "=" and status != "403" else status


def lines() -> Iterator[Line]:
    header, *rows = (row for row in TABLE.splitlines() if row)
    columns = header.split("|")[1].split()
    for row in rows:
        where, statuses, outside = (part.strip() for part in row.split("|"))
        method, rule = where.split(" ", 1)
        yield Line(method, rule, dict(zip(columns, statuses.split(), strict=True)), outside)


LINES = list(lines())


@pytest.fixture
def places(app: Flask) -> dict[str, Any]:
    """What the places in the addresses stand for: things of Lapas Ambon."""
    with app.app_context():
        recorded = world.sell()
        code = f"{recorded.receipt}-{recorded.code}"
        ambon = units.unit_named("Lapas Kelas IIA Ambon")
        a_layout = replace(layout_named("roll-40x30"), title="Stiker")
        a_printer = label_settings.Printer(203, name="Gudang")
        found = {
            "unit_id": ambon.id,
            "gallery_id": db.session.scalar(sa.select(Gallery.id).where(Gallery.unit_id == ambon.id)),
            "register_id": db.session.scalar(sa.select(Register.id).where(Register.code == "AMB-2")),
            "product_id": db.session.scalar(sa.select(Product.id).where(Product.name == "Keripik pisang")),
            "user_id": units.add_user("kasir-lama", "Kasir lama", world.PASSWORD, "cashier", ambon).id,
            "receipt": recorded.receipt,
            "slug": "odop-2026",
            "name": "print",
            "report": "retur",
            "kind": "csv",
            "position": 0,
            "content": "0" * 32,
            "size": "kecil",
            "token": "0" * 32,
            "device_id": device_at("AMB-2"),
            "language": "en",
            "register": "AMB-2",
            "job_id": a_failed_job(recorded.receipt),
            "shift_id": drawer.open_shift()["id"],
            "note_id": filing.enter(Path(app.instance_path) / "files" / "susulan").id,
            "layout_id": label_settings.save_layout(world.person("petugas"), a_layout).id,
            "printer_id": label_settings.save_printer(world.person("petugas"), a_printer).id,
            "certificate_id": a_certificate(),
            "page": 1,
            "day": "2026-04-26",
            **paid_in.examples(ambon),
        }
        found |= consigned(ambon.id)
        found |= papers_of_stock(found["gallery_id"], found["product_id"])
        units.add_user(
            "pejabat-ptk", "Pejabat", world.PASSWORD, "official", units.unit_named("Lapas Kelas IIA Pontianak")
        )
    return found | {"code": code}


def a_certificate() -> int:
    chips = db.session.scalars(sa.select(Product).where(Product.name == "Keripik pisang")).one()
    given = certificates.Given("halal", "ID35110000012345678")
    return certificates.enter(world.person("petugas"), chips.id, given, Path()).id


def consigned(maker_id: int) -> dict[str, Any]:
    """Goods of Ambon that Kendari sold, and what it paid over for them."""
    seller_id = units.unit_named("Lapas Kelas IIA Kendari").id
    world.sell("kasir-kdi", "KDI-1", [("Tas rajut", 2000)])
    paid = acts.Paid(clock.today("WITA"), clock.today("WITA"), 100_000, "BRI 1")
    row = acts.settle(world.person("admin"), str(uuid.uuid4()), seller_id, maker_id, paid)
    return {"seller_id": seller_id, "maker_id": maker_id, "settlement_id": row.id}


def papers_of_stock(gallery_id: int, product_id: int) -> dict[str, Any]:
    """One of each paper that moves stock, between two galleries of Ambon."""
    staff, lines = world.person("petugas"), [goods.Line(product_id, 1000)]
    stand = units.add_gallery(units.unit_named("Lapas Kelas IIA Ambon"), "Stan Ambon")
    received = receivings.receive(staff, gallery_id, lines)
    sent = transfers.send(staff, gallery_id, stand.id, lines)
    gone = write_offs.write_off(staff, gallery_id, lines, "rusak")
    opname = opnames.begin(staff, gallery_id)
    return {
        "receiving_id": received.id,
        "transfer_id": sent.id,
        "write_off_id": gone.id,
        "opname_id": opname.id,
    }


def device_at(register: str) -> int:
    row = db.session.scalar(sa.select(Register).where(Register.code == register))
    devices.enrol(row, "Tablet", world.person("petugas"))
    return db.session.scalar(sa.select(Device.id)) or 0


def a_failed_job(receipt: str) -> int:
    """A print that waited for a server which has ended."""
    row = printing.record_print(sale_numbered(receipt), world.person("kasir"), "printer", str(uuid.uuid4()))
    with atomic() as session:
        session.execute(sa.update(PrintJob).values(moved_at=clock.now() - timedelta(hours=1)))
    job = printing.job_of(row)
    assert job is not None
    return job.id


def path_of(line: Line, places: dict[str, Any]) -> str:
    code = {"bahasa": "id", "api": places["register"]}.get(line.rule.split("/")[1], places["code"])
    names = places | {"code": code}
    names |= {"kind": "txt"} if line.rule.startswith("/giliran") else {}
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda place: str(names[place[1]]), line.rule)


def ask(browser: Any, app: Flask, line: Line, places: dict[str, Any]) -> str:
    """What the answer is, in the words of the table."""
    body: dict[str, Any] = {"data": {}}
    if line.rule.startswith("/api/"):
        body = {"json": {}}
    if line.rule == "/api/sales":
        with app.app_context():
            body = {"json": world.sale()}
    if line.rule.startswith("/api/shifts"):
        body = {"json": drawer.event("cash_in", 1_000) if "events" in line.rule else drawer.opening("AMB-2")}
    if line.rule == "/api/removals":
        body = {"json": {"register": "AMB-1", "removals": [{}]}}
    if line.rule == "/api/approvals":
        body = {"json": {}}
    if line.method == "GET":
        body = {"query_string": {"register": "AMB-2"}} if line.rule == "/api/sales" else {}
    with browser.open(path_of(line, places), method=line.method, **body) as answer:
        to_sign_in = answer.status_code == 302 and str(answer.location).startswith("/masuk")
        return "in" if to_sign_in and line.rule != "/keluar" else str(answer.status_code)


@pytest.mark.parametrize("username", PEOPLE)
def test_everybody_gets_just_what_the_table_says(app: Flask, as_: Any, places: dict[str, Any], username: str) -> None:
    wrong = {}
    for line in LINES:
        answer, expected = ask(as_(username), app, line, places), line.expected(username)
        if answer != expected:
            wrong[f"{line.method} {line.rule}"] = f"{answer}, not {expected}"
    assert wrong == {}


def test_every_address_has_its_line(app: Flask) -> None:
    known = [(line.method, line.rule) for line in LINES]
    rules = {
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in NOT_OURS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(known) == len(set(known))
    assert set(known) - rules == set(), "these are gone"
    assert rules - set(known) == set(), "give these their lines"


@pytest.mark.parametrize("username", ["", "kasir", "admin"])
def test_no_form_is_taken_without_its_token(app: Flask, as_: Any, places: dict[str, Any], username: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for line in LINES:
        if line.method == "POST":
            assert ask(as_(username), app, line, places) == "400", line.rule


def test_an_address_answers_only_to_its_methods(app: Flask, as_admin: Any, places: dict[str, Any]) -> None:
    for line in LINES:
        if not any(other.rule == line.rule and other.method != line.method for other in LINES):
            method = "POST" if line.method == "GET" else "GET"
            with as_admin.open(path_of(line, places), method=method) as answer:
                assert answer.status_code in (404, 405), line.rule


def test_what_does_not_exist_is_like_what_is_out_of_scope(as_admin: Any, places: dict[str, Any]) -> None:
    nothing = {key: 999_999 if key.endswith("_id") else "TAK-ADA" for key in places}
    for line in LINES:
        if line.outside == "404" and "<" in line.rule and line.method == "GET" and line.statuses["admin"] != "403":
            with as_admin.get(path_of(line, nothing)) as answer:
                assert answer.status_code == 404, line.rule
