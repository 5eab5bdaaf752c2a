# Sources and tests of lib/engine/postgresql.
