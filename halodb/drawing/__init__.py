"""Drawing: the molecules of a query beside their parents, as a page or a picture."""

from halodb.drawing.draw import DrawReport, draw

__all__ = ["DrawReport", "draw"]
