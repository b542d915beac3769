"""The icons in use, cut from Bootstrap's sprite and inlined where they stand."""

import re
from importlib import resources

from markupsafe import Markup

ICONS = (
    "upc-scan",
    "pause",
    "box-seam",
    "tags",
    "graph-up",
    "people",
    "diagram-3",
    "printer",
    "receipt",
    "search",
    "check-circle",
    "x-circle",
    "exclamation-triangle",
    "cash-stack",
    "qr-code",
    "bank",
    "download",
    "upload",
    "plus-lg",
    "trash",
    "arrow-left",
    "chevron-right",
    "box-arrow-right",
    "shop",
    "pencil",
    "star-fill",
    "clock-history",
    "easel",
    "tablet",
    "arrow-counterclockwise",
    "whatsapp",
    "share",
    "mortarboard",
    "camera-fill",
    "calendar3",
    "rulers",
    "file-earmark-text",
    "bar-chart-line",
    "truck",
    "clipboard",
)


def inlined() -> dict[str, Markup]:
    """Each icon's SVG by its name; the sprite is read once, when the program starts."""
    sprite = resources.files("flask_bootstrap").joinpath("static/bootstrap5/icons/bootstrap-icons.svg").read_text()
    shapes = dict(re.findall(r'<symbol[^>]* id="([^"]+)">(.*?)</symbol>', sprite, re.S))
    return {
        name: Markup(
            f'<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">{shapes[name]}</svg>'
        )
        for name in ICONS
    }
