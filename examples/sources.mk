# Sources of examples.
