"""Photos of products: made safe and small when they come in, and kept as files under the name of their content.

What a camera or a stranger sent is never kept: its picture is read with limits, drawn anew and written as WebP, so
that nothing but the picture goes on (no place it was taken, no second file within it).
"""

import os
import tempfile
import threading
import warnings
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from pos.catalog import services
from pos.catalog.models import Product
from pos.db import atomic
from pos.errors import N_, PosError
from pos.units import services as units
from pos.units.services import Person

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 12 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000
MOST_OF_JPEG = 50_000_000  # read at a fraction of its size, which takes little memory
TOO_LARGE = N_("Foto ini terlalu besar: paling banyak 50 juta piksel, PNG dan WebP 25 juta.")
NO_PICTURE = N_("Ini bukan foto JPEG, PNG atau WebP.")
DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N")  # pixels of 16 bits, as some scanners write them
_reading = threading.Lock()  # a large picture takes much memory while it is read: never two at a time
SIZES = {"besar": (960, 960), "kecil": (160, 160)}  # pixels: at most, and exactly (cut to a square)


def set_photo(person: Person, product_id: int, folder: Path, data: bytes | None) -> Product:
    """Give a product of the person's scope the photo in `data`, or none. Old photos stay: others may show them still.

    Raises `PosError` (422, at `photo`) when it is no picture that can be used.
    """
    services.product_for(person, product_id)
    name = keep(folder, data) if data is not None else ""
    with atomic():
        product = services.product_for(person, product_id)
        if product.photo != name:
            units.log("product.photo", product.name, person, product.maker_id, product=product.id, photo=name[:12])
            product.photo = name
            product.version = services.next_version()
    return product


def keep(folder: Path, data: bytes, sizes: dict[str, tuple[int, int]] = SIZES) -> str:
    """Write the picture in `data` in each of `sizes` into `folder`; the name they go by."""
    return keep_picture(folder, read(data, sizes["besar"]), sizes)


def keep_picture(folder: Path, picture: Image.Image, sizes: dict[str, tuple[int, int]] = SIZES) -> str:
    """`keep` of what was read already."""
    made = {size: _webp(picture, size, box) for size, box in sizes.items()}
    name = sha256(made["besar"]).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    for size, content in made.items():
        write(path_of(folder, name, size), content)
    return name


def path_of(folder: Path, name: str, size: str) -> Path:
    return folder / f"{name}-{size}.webp"


def read(data: bytes, box: tuple[int, int]) -> Image.Image:
    """The picture in `data`, upright, at least `box` pixels where it has them; else `PosError` at `photo`."""
    if len(data) > LARGEST_FILE:
        raise _refused(N_("Foto ini lebih dari 12 MB. Kecilkan dahulu."))
    try:
        with _reading, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=FORMATS)
            most = MOST_OF_JPEG if picture.format in ("JPEG", "MPO") else MOST_PIXELS
            if picture.width * picture.height > most:
                raise _refused(TOO_LARGE)
            picture.draft("RGB", box)  # a JPEG is read at a fraction of its size where that is enough
            return _upright(_reduced(picture, box))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _refused(TOO_LARGE) from bomb
    except UnidentifiedImageError as unknown:
        raise _refused(NO_PICTURE) from unknown
    except (OSError, ValueError, SyntaxError, EOFError) as broken:
        raise _refused(N_("Foto ini rusak atau tidak lengkap. Ambil lagi.")) from broken


def _reduced(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """With plain colours, and brought near `box` before more is done with each of its pixels."""
    if picture.mode in DEEP:
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode in ("1", "P", "PA"):
        picture = picture.convert("RGBA")
    times = max(picture.size) // (2 * max(box))
    return picture.reduce(times) if times > 1 else picture


def _upright(picture: Image.Image) -> Image.Image:
    """As it is seen: turned the way the camera was held, on white where it is transparent."""
    turned = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGB", turned.size, "white")
    paper.paste(turned, mask=turned.getchannel("A"))
    return paper


def _webp(picture: Image.Image, size: str, box: tuple[int, int]) -> bytes:
    if size == "kecil":
        small = ImageOps.fit(picture, box)
    else:
        small = picture.copy()
        small.thumbnail(box)
    out = BytesIO()
    small.save(out, "WEBP", quality=78, method=6)
    return out.getvalue()


def write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anything speaks of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(path)


def _refused(reason: str) -> PosError:
    return PosError("Foto tidak disimpan.", fields={"photo": reason})
