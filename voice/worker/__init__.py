"""Children that may crash or hang without taking the server with them."""

from voice.worker.pool import (
    FIRST_SHARE,
    Worker,
    WorkerDiedError,
    WorkerOptions,
    WorkerPool,
    child_environment,
)

__all__ = [
    "FIRST_SHARE",
    "Worker",
    "WorkerDiedError",
    "WorkerOptions",
    "WorkerPool",
    "child_environment",
]
