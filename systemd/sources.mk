# Sources of systemd.
