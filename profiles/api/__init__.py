"""The doors of applications, a package per protocol: it translates, calls an operation, translates back."""
