"""A product on a sticker, in true millimetres and whole printer dots."""
