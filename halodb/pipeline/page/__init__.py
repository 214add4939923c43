"""What a library's report looks like: `report.html` for people, and tables for a terminal."""

from halodb.pipeline.page.terminal import report_tables
from halodb.pipeline.page.write import PAGE_FILE, rewrite_report, write_page

__all__ = ["PAGE_FILE", "report_tables", "rewrite_report", "write_page"]
