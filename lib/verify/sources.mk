# Sources and tests of lib/verify.
