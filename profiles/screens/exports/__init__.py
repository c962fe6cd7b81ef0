"""Exports: what the file is to be like, and the way to it. The page of the job shows how far it is."""
