"""The server: Flask routes behind a small ASGI front that reads whole bodies."""
