"""Records: what workers make of molecules one by one, an SD entry or a fingerprint, in the order of the rows."""

from halodb.records.maker import Maker, Row
from halodb.records.spool import Spool, write_spool
from halodb.records.work import Failure, Records, make_records

__all__ = ["Failure", "Maker", "Records", "Row", "Spool", "make_records", "write_spool"]
