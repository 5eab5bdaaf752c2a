# Sources of fcgi.
