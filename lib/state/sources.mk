# Sources and tests of lib/state.
