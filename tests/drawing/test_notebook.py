"""What a notebook shows of a library, an answer and a product, and its bars."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import halodb
from halodb.workers.listener import SILENT
from halodb.workers.progress import Progress

ROOT = Path(__file__).parents[2]


def test_molecules_show_themselves(demo: Path) -> None:
    with halodb.open(demo / "library") as library:
        assert f"{library.rows:,}" in library._repr_html_()
        answer = library.sql("SELECT id, smiles, '<b>' AS text FROM products LIMIT 30")
        text = answer._repr_html_()
        assert text.count("<svg") == 20
        assert "there are more" in text
        assert "<b>" not in text
        assert "<svg" not in library.sql("SELECT class, count(*) FROM products GROUP BY class")._repr_html_()
        assert "C1CC" in library.sql("SELECT 'C1CC' AS smiles")._repr_html_()
    product = halodb.products("Oc1ccccc1")[0]
    assert product._repr_html_().count("<svg") == 1
    assert product.rule in product._repr_html_()


def test_a_bar_is_shown_in_a_kernel_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []

    class Handle:
        def update(self, content: Any) -> None:
            shown.append(content)

    def display(content: Any, display_id: bool) -> Handle:
        shown.append(content)
        return Handle()

    shell = SimpleNamespace(kernel=None, execution_count=1)
    now = Progress("lipid-1X <b>", 1, 4, 10, 20, 2.0, 10**9)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(HTML=str, display=display))
    SILENT.progress(now)
    assert shown == []
    shell.kernel = object()
    SILENT.progress(now)
    SILENT.progress(now)
    assert len(shown) == 2
    assert 'value="1"' in shown[0]
    assert "<b>" not in shown[0]


@pytest.mark.slow
def test_a_real_notebook(demo: Path, tmp_path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    cells = [
        f"import halodb; halodb.gallery({str(demo / 'library')!r}, 'g.html', limit=300, workers=1).molecules",
        f"halodb.open({str(demo / 'library')!r}).sql('SELECT * FROM products LIMIT 3')",
        "halodb.products('Oc1ccccc1')[0]",
    ]
    cells[0] = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {cells[0]}"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [[output.get("data", {}).get("text/html", "") for output in cell.outputs] for cell in notebook.cells]
    assert any("<progress" in text for text in outputs[0])
    assert outputs[1][-1].count("<svg") == 3
    assert outputs[2][-1].count("<svg") == 1
