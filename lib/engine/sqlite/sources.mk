# Sources and tests of lib/engine/sqlite.
