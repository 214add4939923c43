"""Jobs: one input and the rule (or rules) applied to it; where it keeps its files, and what is told of its state."""

from halodb.jobs.directories import JobDirectory, job_directories, load_manifests
from halodb.jobs.job import Job, transform_jobs
from halodb.jobs.lock import writing
from halodb.jobs.manifest import Counts, Manifest, read_manifest, write_manifest
from halodb.jobs.state import State

__all__ = [
    "Counts",
    "Job",
    "JobDirectory",
    "Manifest",
    "State",
    "job_directories",
    "load_manifests",
    "read_manifest",
    "transform_jobs",
    "write_manifest",
    "writing",
]
