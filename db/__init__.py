"""Records to SQLite: one dictionary of columns, views, a build that replaces the file in one step."""
