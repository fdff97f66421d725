"""One attribute of a study a file: design, species, size, duration, exposure, condition, findings."""
