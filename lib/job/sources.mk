# Sources and tests of lib/job.
