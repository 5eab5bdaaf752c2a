# Sources and tests of lib/engine/mysql.
