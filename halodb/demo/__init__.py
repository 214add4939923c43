"""The demo: a small real library of well-known natural products, from parents to answers."""

from halodb.demo.build import QUESTIONS, DemoReport, example_smiles, run_demo

__all__ = ["QUESTIONS", "DemoReport", "example_smiles", "run_demo"]
