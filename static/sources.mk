# Sources of static.
