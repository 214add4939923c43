"""Columns of shards."""

from __future__ import annotations

import pyarrow as pa

PRODUCT_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("smiles", pa.string(), nullable=False),  # canonical: the key
        pa.field("parent_row", pa.int64(), nullable=False),  # row of the input, 0-based
        pa.field("site", pa.int32(), nullable=False),  # atom of the parent's SMILES, 0-based
    ]
)

POOLED_SCHEMA = PRODUCT_SCHEMA.append(pa.field("rule", pa.int32(), nullable=False))  # place in the job's rules

REJECT_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("parent_row", pa.int64(), nullable=False),
        pa.field("smiles", pa.string()),  # the parent as the input has it
        pa.field("site", pa.int32()),  # null where the whole parent is rejected
        pa.field("reason", pa.string(), nullable=False),
    ]
)
