"""The gallery: molecules to leaf through, search, sort, filter and pick, in one file that needs no network."""

from halodb.gallery.gallery import GalleryReport, gallery

__all__ = ["GalleryReport", "gallery"]
