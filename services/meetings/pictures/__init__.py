"""Pictures for screens: how rooms are taken, where people sit, codes to scan; each SVG stands by itself."""
