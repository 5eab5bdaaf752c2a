# Sources and tests of lib/model.
