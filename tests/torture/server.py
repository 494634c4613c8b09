"""The test of workers.py with the study on a PostgreSQL server, which is restarted in between, as if its machine failed. --count: kills."""
import sys

sys.argv.append("--server")
import workers  # noqa: E402,F401: it runs as it is imported
