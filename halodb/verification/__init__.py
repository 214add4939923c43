"""Verification: whether results hold what their manifests say, to the last row."""

from halodb.verification.job import SAMPLE, verify_job
from halodb.verification.keys import key_problems, look_at_keys
from halodb.verification.verdict import JobVerdict
from halodb.verification.verify import VerifyReport, verify

__all__ = ["SAMPLE", "JobVerdict", "VerifyReport", "key_problems", "look_at_keys", "verify", "verify_job"]
