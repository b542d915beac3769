"""The public pages as text, whether they are served or written into a folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask import current_app, g, render_template, url_for
from flask_babel import gettext as _

from pos.catalog import photos
from pos.storefront import services
from pos.storefront.models import PublicShelf
from pos.storefront.services import Good
from pos.units import names
from pos.units.models import Gallery

STYLE, ICON = "css/public.css", "icon.svg"


class Served:
    """Where things are while the program serves them."""

    def __init__(self, shelf: PublicShelf) -> None:
        self.shelf = shelf

    def home(self) -> str:
        return url_for("storefront.unit", slug=self.shelf.slug)

    def gallery(self, name: str) -> str:
        return url_for("storefront.gallery", slug=self.shelf.slug, name=name)

    def product(self, good: Good, gallery: str = "") -> str:
        if good.maker:
            return url_for("storefront.sold", slug=self.shelf.slug, name=gallery, code=good.code)
        return url_for("storefront.product", code=good.code)

    def photo(self, good: Good, size: str) -> str:
        return url_for("catalog.picture", content=good.photo, size=size)

    def static(self, name: str) -> str:
        return url_for("static", filename=name)

    def whole(self, path: str) -> str:
        """The same with the host, for those who copy a page's address into a message."""
        return f"{current_app.config['PUBLIC_URL']}{path}" if current_app.config["PUBLIC_URL"] else ""


class Written(Served):
    """Where things are in a folder that needs no server: all beside each other."""

    def home(self) -> str:
        return "index.html"

    def gallery(self, name: str) -> str:
        return f"galeri-{name}.html"

    def product(self, good: Good, gallery: str = "") -> str:
        return f"produk-{names.slug(good.code)}.html"

    def photo(self, good: Good, size: str) -> str:
        return f"foto-{good.photo}-{size}.webp"

    def static(self, name: str) -> str:
        return name.rsplit("/", 1)[-1]

    def whole(self, path: str) -> str:
        return ""


@dataclass(frozen=True)
class Place:
    """A gallery as the public finds it."""

    name: str
    address: str
    phone: str
    link: str


def unit_page(shelf: PublicShelf, link: Served) -> str:
    """The unit's goods, the featured ones first."""
    return _shelf_page(shelf, link, services.goods_of(shelf))


def gallery_page(shelf: PublicShelf, link: Served, name: str, gallery: Gallery) -> str:
    """What one gallery sells: the unit's goods, then what other units made."""
    return _shelf_page(shelf, link, goods_in(shelf, gallery), name, gallery)


def goods_in(shelf: PublicShelf, gallery: Gallery) -> list[Good]:
    """What the gallery sells; what lies there is known to the stock room, which stands above this one."""
    return services.goods_at(shelf, current_app.extensions["shelves"].held(gallery.id))


def _shelf_page(
    shelf: PublicShelf, link: Served, goods: list[Good], name: str = "", gallery: Gallery | None = None
) -> str:
    places = [
        Place(place.name, place.address, place.phone, link.gallery(place_name))
        for place_name, place in services.galleries_of(shelf).items()
        if place_name != name
    ]
    own = [good for good in goods if not good.maker]
    return _page(
        "storefront/unit.html",
        shelf,
        link,
        gallery=gallery,
        gallery_name=name,
        featured=[good for good in own if good.featured],
        others=_by_category([good for good in own if not good.featured]),
        guests=[good for good in goods if good.maker],
        places=places,
        order=_order(shelf, None),
    )


def product_page(shelf: PublicShelf, good: Good, link: Served) -> str:
    return _page("storefront/product.html", shelf, link, good=good, order=_order(shelf, good))


def _page(template: str, shelf: PublicShelf, link: Served, **more: Any) -> str:
    g.language = "id"  # the same for everybody, so that any cache on the way may keep it
    marks = {"pirt": _("P-IRT"), "halal": _("Halal"), "merek": _("Merek terdaftar"), "bpom": _("BPOM"), "sni": _("SNI")}
    return render_template(
        template, shelf=shelf, unit=names.short_name(shelf.unit.name), link=link, marks=marks, style=STYLE, **more
    )


def _by_category(goods: list[Good]) -> dict[str, list[Good]]:
    found: dict[str, list[Good]] = {}
    for good in sorted(goods, key=lambda good: good.category):
        found.setdefault(good.category, []).append(good)
    return found


def _order(shelf: PublicShelf, good: Good | None) -> str:
    """The link that opens WhatsApp with the first words of an order; empty without a number."""
    if not shelf.whatsapp:
        return ""
    unit = names.short_name(shelf.unit.name)
    text = f"Halo {unit}, saya mau bertanya tentang produk di etalase."
    if good:
        text = f"Halo {unit}, saya mau memesan {good.name} (kode {good.code}). Apakah masih ada?"
    return services.whatsapp_link(shelf.whatsapp, text)


# -- files ---------------------------------------------------------------------------------------------


def files(shelf: PublicShelf, photo_folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the shelf by its name: pages that point at each other, photos, style. Needs no server."""
    link = Written(shelf)
    yield link.home(), unit_page(shelf, link).encode()
    goods = {good.code: good for good in services.goods_of(shelf)}
    for name, gallery in services.galleries_of(shelf).items():
        yield link.gallery(name), gallery_page(shelf, link, name, gallery).encode()
        goods |= {good.code: good for good in goods_in(shelf, gallery)}
    for good in goods.values():
        yield link.product(good), product_page(shelf, good, link).encode()
        for size in photos.SIZES if good.photo else ():
            path = photos.path_of(photo_folder, good.photo, size)
            if path.is_file():
                yield link.photo(good, size), path.read_bytes()
    for name in (STYLE, ICON):
        yield link.static(name), (Path(current_app.static_folder or "") / name).read_bytes()


def zipped(shelf: PublicShelf, photo_folder: Path) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in dict(files(shelf, photo_folder)).items():
            archive.writestr(name, content)
    return target.getvalue()


def write(shelf: PublicShelf, photo_folder: Path, folder: Path) -> int:
    """Write the files into `folder`, which is made where it is not there; how many they were."""
    folder.mkdir(parents=True, exist_ok=True)
    found = dict(files(shelf, photo_folder))
    for name, content in found.items():
        (folder / name).write_bytes(content)
    return len(found)
