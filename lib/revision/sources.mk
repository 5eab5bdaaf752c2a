# Sources and tests of lib/revision.
