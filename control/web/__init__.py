"""The web app: its sources in `src/`, and how control serves what `deploy/web.py` built of them."""
