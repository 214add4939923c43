"""Units: slices of an input's rows, the grain of scheduling, retry and resume; a unit with a receipt is done."""

from halodb.units.receipt import JobReceipt, Receipt, ShardRecord, load_receipts, write_receipt
from halodb.units.unit import Unit, cut, remaining

__all__ = [
    "JobReceipt",
    "Receipt",
    "ShardRecord",
    "Unit",
    "cut",
    "load_receipts",
    "remaining",
    "write_receipt",
]
