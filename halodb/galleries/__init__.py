"""The gallery: molecules to leaf through, search, sort, filter and pick, in one file that needs no network."""

from halodb.galleries.gallery import GalleryReport, gallery

__all__ = ["GalleryReport", "gallery"]
