# Sources and tests of lib/url.
