"""Inputs: Parquet files of parents, `<class>-<k>X/products.parquet`, and the slices of rows that units read."""

from halodb.inputs.input import Input, open_input
from halodb.inputs.names import InputName, parse_input_name
from halodb.inputs.slices import read_numbered, read_smiles

__all__ = ["Input", "InputName", "open_input", "parse_input_name", "read_numbered", "read_smiles"]
