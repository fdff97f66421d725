"""Which spans speak of a study, where the markers are, where the reference list is."""
