# Sources of docs.
