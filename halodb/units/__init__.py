"""Units: slices of an input's rows, the grain of scheduling, retry and resume; a unit with a receipt is done."""

from halodb.units.cost import Costs, equal_costs, estimate_costs
from halodb.units.receipt import (
    JobReceipt,
    Receipt,
    ShardRecord,
    load_made,
    load_receipts,
    read_receipt,
    receipt_file,
    write_receipt,
)
from halodb.units.unit import Unit, cut, remaining

__all__ = [
    "Costs",
    "JobReceipt",
    "Receipt",
    "ShardRecord",
    "Unit",
    "cut",
    "equal_costs",
    "estimate_costs",
    "load_made",
    "load_receipts",
    "read_receipt",
    "receipt_file",
    "remaining",
    "write_receipt",
]
