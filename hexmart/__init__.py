"""The shell: command line, web application, worker and settings. Nothing imports it."""
