# Sources of nginx.
