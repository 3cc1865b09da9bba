"""A code to scan, as a picture."""

import io

import segno


def draw_code(content: str, *, title: str) -> str:
    """The QR code as one SVG document; error correction M, with the quiet zone of ISO/IEC 18004."""
    drawn = io.BytesIO()
    segno.make_qr(content, error="m").save(drawn, kind="svg", xmldecl=False, scale=8, border=4, title=title)
    return drawn.getvalue().decode()
