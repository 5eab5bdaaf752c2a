# Tests of the command.
