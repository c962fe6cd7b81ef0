"""The imports screen: a file is uploaded, its columns are mapped, the outcome is previewed, and it runs."""
