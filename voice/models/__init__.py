"""Models on disk: the catalogue of known ones, finding one, checking one."""
