"""Units: slices of an input's rows, the grain of scheduling, retry and resume; a unit with a receipt is done."""

from halodb.units.cost import Costs, cost_of, equal_costs, estimate_costs
from halodb.units.receipt import JobReceipt, Receipt, ShardRecord, load_made, load_receipts, read_receipt, write_receipt
from halodb.units.unit import Unit, cut, remaining, usual_rows

__all__ = [
    "Costs",
    "JobReceipt",
    "Receipt",
    "ShardRecord",
    "Unit",
    "cost_of",
    "cut",
    "equal_costs",
    "estimate_costs",
    "load_made",
    "load_receipts",
    "read_receipt",
    "remaining",
    "usual_rows",
    "write_receipt",
]
