"""The receipt on paper: complete, within its width, scannable, the same every time, and harmless to a printer."""

import io
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from pos import money
from pos.db import atomic
from pos.errors import PosError
from pos.receipts import escpos, kwitansi, pdf, slip, text
from pos.receipts.formats import receipt_bytes
from pos.receipts.slip import Item, Slip, slip_of
from pos.register.lookup import sale_numbered
from pos.units.services import registers_for
from tests import world
from tests.receipts.sales import NASTY, refund, sale_of

BASE = "https://etalase.test"
LONG = "Tas rajut motif tenun ikat Tanimbar ukuran besar dengan lapisan furing dan ritsleting ganda, edisi Hari Bhakti"


def words_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def picture(content: bytes, dpi: int = 203) -> Any:
    document = pypdfium2.PdfDocument(content)
    image = document[0].render(scale=dpi / 72).to_pil().convert("L")
    document.close()
    return image


def ink_span(image: Any) -> tuple[int, int]:
    """The first and last column with ink."""
    box = image.point(lambda value: 255 if value < 200 else 0).getbbox()
    return box[0], box[2]


def a_slip(**over: Any) -> Slip:
    fields: dict[str, Any] = {
        "gallery": "Galeri",
        "unit": "Lapas",
        "contact": (),
        "receipt": "AMB-1-000001",
        "when": "26 Apr 2026 09.30 WIT",
        "business_day": "",
        "cashier": "Rina",
        "buyer": "Masyarakat",
        "refund_of": "",
        "items": (),
        "sums": (),
        "total": 0,
        "paid": (),
        "code": "AXXX XXXX XXXX XXXX",
        "address": "HTTPS://ETALASE.TEST/NOTA/AMB-1-000001-AXXXXXXXXXXXXXXX",
        "typed_at": "etalase.test/nota",
    }
    return Slip(**fields | over)


def test_the_receipt_says_everything_a_buyer_may_ask(ctx: Any) -> None:
    recorded = world.sell(
        lines=[("Tas rajut", 2000, 1000), ("Kue kering kenari", 1000)],
        discount=4_050,
        rounding=50,
        buyer="keluarga",
        at="2026-04-26T23:59:00+09:00",
    )
    sale = sale_numbered(recorded.receipt)
    expected = (
        "Galeri Lapas Ambon",
        "Jl. Contoh 1",
        "Telp. 0911-000000",
        "AMB-1-000001",
        "26 Apr 2026 23.59 WIT",
        "Kasir",
        "Keluarga/pengunjung",
        "Tas rajut",
        "2 buah",
        "160.000",
        "-1.000",
        "Buatan Lapas Kelas IIA Ambon",
        "Buatan Lapas Perempuan Kelas III Ambon",
        "204.000",
        "-4.050",
        "50",
        "Rp200.000",
        "Tunai",
        "205.000",
        "Kembalian",
        "5.000",
        " ".join(recorded.code[i : i + 4] for i in range(0, 16, 4)),
    )
    for width in (58, 80):
        on_paper = words_of(receipt_bytes(sale, "pdf", width, BASE))
        as_text = receipt_bytes(sale, "text", width, BASE).decode()
        for said in expected:
            assert said.split()[0] in on_paper and said in " ".join(on_paper.split()), (width, said)
            assert said in " ".join(as_text.split()) or said == "Galeri Lapas Ambon", (width, said)


def test_the_columns_of_a_receipt_add_up(ctx: Any) -> None:
    recorded = world.sell(lines=[("Tas rajut", 3000, 7), ("Keripik pisang", 1250)], discount=10_001, rounding=8)
    paper = slip_of(sale_numbered(recorded.receipt), BASE)
    lines = sum(item.gross - item.discount for item in paper.items)
    assert paper.sums[0][1] == lines
    assert lines + sum(amount for _, amount in paper.sums[1:]) == paper.total


def test_an_evening_past_midnight_names_both_days(ctx: Any) -> None:
    with atomic():
        registers_for(world.person("kasir"))[0].gallery.cutoff_minutes = 120
    paper = slip_of(sale_numbered(world.sell(at="2026-04-27T00:40:00+09:00").receipt), BASE)
    assert (paper.when, paper.business_day) == ("27 Apr 2026 00.40 WIT", "26 April 2026")
    assert "26 April 2026" in words_of(pdf.strip(paper, 58)) and "26 April 2026" in text.plain(paper, 58)


def test_a_refund_says_retur_and_of_which_nota(app: Any) -> None:
    with app.app_context():
        first = world.sell(lines=[("Tas rajut", 2000)]).receipt
    back, _ = refund(app, first)
    with app.app_context():
        sale = sale_numbered(back)
        for content in (words_of(receipt_bytes(sale, "pdf", 58, BASE)), receipt_bytes(sale, "text", 58, BASE).decode()):
            for said in ("RETUR", first, back, "-Rp80.000", "Dikembalikan tunai"):
                assert said in content, said
        sheet = words_of(kwitansi.sheet(sale, BASE))
        assert "BUKTI PENGEMBALIAN UANG" in sheet and "Delapan puluh ribu rupiah" in sheet and first in sheet


@pytest.mark.parametrize("width", [58, 80])
def test_the_qr_scans_at_the_printers_own_dots_and_leads_to_the_answer(app: Any, as_stranger: Any, width: int) -> None:
    with app.app_context():
        recorded = world.sell()
        content = receipt_bytes(sale_numbered(recorded.receipt), "pdf", width, BASE)
    found = zxingcpp.read_barcodes(picture(content).point(lambda value: 255 if value > 127 else 0))
    assert [symbol.text for symbol in found] == [f"HTTPS://ETALASE.TEST/NOTA/{recorded.receipt}-{recorded.code}"]
    answer = as_stranger.get(found[0].text.removeprefix("HTTPS://ETALASE.TEST"))
    assert answer.status_code == 200 and "Nota ini asli" in answer.text


@pytest.mark.parametrize("width", [58, 80])
def test_nothing_is_printed_beyond_the_print_head(ctx: Any, width: int) -> None:
    sale = sale_of(LONG + " W" * 4, price=999_999_999, quantity=9_999_000)
    image = picture(receipt_bytes(sale, "pdf", width, "https://galeri-unggulan.kanwil-maluku.example.go.id"))
    margin = (width - slip.PAPERS[width]) / 2 * 203 / 25.4
    left, right = ink_span(image)
    assert left >= margin - 1 and right <= image.width - margin + 1


def test_the_page_is_as_long_as_what_is_on_it(ctx: Any) -> None:
    def height(lines: int) -> float:
        recorded = world.sell(lines=[("Tas rajut", 1000)] * lines)
        pages = PdfReader(io.BytesIO(receipt_bytes(sale_numbered(recorded.receipt), "pdf", 58, BASE))).pages
        assert len(pages) == 1 and float(pages[0].mediabox.width) == pytest.approx(58 * 72 / 25.4)
        return float(pages[0].mediabox.height)

    one, two, hundred = height(1), height(2), height(100)
    assert one < two and hundred - one == pytest.approx(99 * (two - one), rel=0.02)  # to a dot


def test_the_same_sale_gives_the_same_bytes_with_its_fonts_inside(ctx: Any) -> None:
    sale = sale_numbered(world.sell().receipt)
    for make in (lambda: receipt_bytes(sale, "pdf", 58, BASE), lambda: kwitansi.sheet(sale, BASE)):
        content = make()
        assert content == make()
        for page in PdfReader(io.BytesIO(content)).pages:
            for font in page["/Resources"]["/Font"].get_object().values():
                assert "/FontFile2" in font.get_object()["/FontDescriptor"].get_object()


def test_what_the_face_cannot_draw_is_shown_and_not_dropped() -> None:
    assert pdf.shown("Tas 袋 ×") == "Tas ? ×"


# -- kwitansi ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "needed"), [(5_000_000, False), (5_000_001, True)])
def test_a_kwitansi_keeps_a_place_for_the_meterai_only_above_five_million(
    app: Any, as_cashier: Any, price: int, needed: bool
) -> None:
    with app.app_context():
        receipt = sale_of("Lemari", price=price).receipt
    content = words_of(as_cashier.get(f"/penjualan/{receipt}/kwitansi.pdf").data)
    assert ("METERAI" in content) == needed
    assert ("meterai Rp10.000" in as_cashier.get(f"/penjualan/{receipt}").text) == needed


def test_a_kwitansi_states_who_what_where_and_the_amount_in_words(ctx: Any) -> None:
    content = words_of(kwitansi.sheet(a_sale(), BASE))
    for said in (
        "DIREKTORAT JENDERAL PEMASYARAKATAN",
        "KANWIL SULAWESI TENGGARA",
        "LAPAS KELAS IIA KENDARI",
        "Galeri Lapas Kendari",
        "KWITANSI",
        "KDI-1-000001",
        "Instansi",
        "Enam juta lima ratus ribu rupiah",
        "Meja jati",
        "Rp6.500.000",
        "Kendari, 20 April 2026",
        "Yang menerima,",
        "Kasir-Kdi",
    ):
        assert said in content, said


def a_sale() -> Any:
    recorded = world.sell("kasir-kdi", "KDI-1", [("Meja jati", 1000)], at="2026-04-20T11:00:00+08:00", buyer="instansi")
    return sale_numbered(recorded.receipt)


def test_a_long_kwitansi_goes_on_and_stays_within_its_margins(ctx: Any) -> None:
    recorded = world.sell(lines=[("Tas rajut", 1000), ("Kue kering kenari", 1000)] * 40)
    content = kwitansi.sheet(sale_numbered(recorded.receipt), BASE)
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 1 and all("Banyaknya" in page.extract_text() for page in pages[:-1])
    assert words_of(content).count("Kue kering kenari") == 40
    left, right = ink_span(picture(content, 100))
    assert left >= 19 / 25.4 * 100 and right <= 191 / 25.4 * 100


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (900, "sembilan ratus rupiah"),
        (1_000, "seribu rupiah"),
        (80_000, "delapan puluh ribu rupiah"),
        (1_100_011, "satu juta seratus ribu sebelas rupiah"),
        (25_000_000, "dua puluh lima juta rupiah"),
        (1_482_350_000, "satu miliar empat ratus delapan puluh dua juta tiga ratus lima puluh ribu rupiah"),
    ],
)
def test_terbilang(amount: int, said: str) -> None:
    assert money.words(amount) == said


# -- text and ESC/POS ----------------------------------------------------------------------------------

anything = st.text(max_size=120)


@settings(max_examples=150, deadline=None)
@given(
    name=anything,
    maker=anything,
    gallery=anything,
    reference=anything,
    price=st.integers(-(10**15), 10**15),
    width=st.sampled_from([58, 80]),
)
def test_no_line_of_text_is_longer_than_the_paper(
    name: str, maker: str, gallery: str, reference: str, price: int, width: int
) -> None:
    paper = a_slip(
        gallery=gallery,
        cashier=maker,
        items=(Item(name, maker, "1.000.000,125 pasang", price, price, price),),
        sums=(("Jumlah", price),),
        paid=((f"Transfer {reference}", price),),
        total=price,
    )
    for line in text.plain(paper, width).split("\n"):
        assert len(line) <= text.COLUMNS[width]
        assert all(" " <= char <= "~" for char in line)


def test_names_are_folded_to_what_every_printer_has() -> None:
    assert text.fold(NASTY) == 'Tas pu rajut  ikat "Tanimbar" x2 - naive ? ?'


def test_an_escpos_job_cuts_at_the_end_and_carries_no_command_from_a_name(ctx: Any) -> None:
    paper = a_slip(
        gallery=NASTY,
        cashier=NASTY,
        contact=(NASTY,),
        items=(Item(NASTY, NASTY, "1 buah", 1, 1, 0),),
        paid=((NASTY, 1),),
    )
    for width, dots in ((58, 384), (80, 576)):
        job = escpos.job(paper, width)
        commands, printed, rasters = parsed(job)
        assert job.endswith(b"\x1dVB\x00")
        assert b"\x1bp" not in commands and b"\x10\x14" not in job[: job.index(b"\x1dv0")], "the drawer stays shut"
        assert all(32 <= byte < 127 or byte == 10 for byte in printed)
        assert max(map(len, printed.decode().split("\n"))) <= text.COLUMNS[width]
        assert len(rasters) == 1 and rasters[0][0] * 8 <= dots


def test_the_qr_of_an_escpos_job_scans(ctx: Any) -> None:
    recorded = world.sell()
    _, printed, rasters = parsed(receipt_bytes(sale_numbered(recorded.receipt), "escpos", 58, BASE))
    across, down, dots = rasters[0]
    image = Image.frombytes("1", (across * 8, down), bytes(byte ^ 255 for byte in dots))
    found = zxingcpp.read_barcodes(image.convert("L"))
    assert [symbol.text for symbol in found] == [f"HTTPS://ETALASE.TEST/NOTA/{recorded.receipt}-{recorded.code}"]
    assert recorded.receipt.encode() in printed


LENGTHS = {b"\x1b@": 2, b"\x1b!": 3, b"\x1bE": 3, b"\x1ba": 3, b"\x1bt": 3, b"\x1bd": 3, b"\x1dV": 4}


def parsed(job: bytes) -> tuple[list[bytes], bytes, list[tuple[int, int, bytes]]]:
    """Commands, printed bytes and rasters (bytes across, dots down, dots) of a stream; fails on an unknown command."""
    commands, printed, rasters, at = [], b"", [], 0
    while at < len(job):
        two = job[at : at + 2]
        if two == b"\x1dv":
            across, down = (
                int.from_bytes(job[at + 4 : at + 6], "little"),
                int.from_bytes(job[at + 6 : at + 8], "little"),
            )
            rasters.append((across, down, job[at + 8 : at + 8 + across * down]))
            at += 8 + across * down
        elif job[at] in (0x1B, 0x1D, 0x10):
            commands.append(two)
            at += LENGTHS[two]
        else:
            printed += job[at : at + 1]
            at += 1
    return commands, printed, rasters


def test_an_unknown_form_or_width_is_refused(ctx: Any) -> None:
    sale = sale_numbered(world.sell().receipt)
    for form, width in (("docx", 58), ("pdf", 57)):
        with pytest.raises(PosError):
            receipt_bytes(sale, form, width, BASE)
