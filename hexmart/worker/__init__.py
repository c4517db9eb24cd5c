"""The worker: delivers events to their subscribers and sweeps what is due, each plugin's beside the others'."""

from hexmart.worker.care import BUDGET
from hexmart.worker.deliveries import LEASE
from hexmart.worker.worker import Worker

__all__ = ["BUDGET", "LEASE", "Worker"]
