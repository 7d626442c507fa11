"""The pages in a browser, a file for each thing that one comes for; `app.py` has the list of them."""
