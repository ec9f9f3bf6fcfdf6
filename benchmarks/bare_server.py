"""The reference of asking.py: a Flask route that always gives back the bytes of one file."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from uvicorn import Server

from voice.cli.session import settings_from
from voice.server.listener import bind, url
from voice.server.run import server_config


def main() -> None:
    """Serve in the way of `voice serve`, behind the same front."""
    settings = settings_from(quiet=False)
    reply = Path("reply").read_bytes()
    app = Flask("bare")

    @app.post("/ask")
    def ask() -> Response:
        request.get_data()
        return Response(reply, mimetype="application/json")

    listener = bind(settings)
    print(url(listener), flush=True)
    Server(server_config(app, settings)).run(sockets=[listener])


if __name__ == "__main__":
    main()
