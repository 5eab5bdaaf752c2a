# Sources and tests of lib/transfer.
