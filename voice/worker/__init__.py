"""Children that may crash or hang without taking the server with them."""

from voice.worker.pool import (
    Worker,
    WorkerDiedError,
    WorkerOptions,
    WorkerPool,
    child_environment,
)

__all__ = ["Worker", "WorkerDiedError", "WorkerOptions", "WorkerPool", "child_environment"]
