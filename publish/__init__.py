"""SQLite to people: the Datasette plugin, its pages, plots and formats."""
