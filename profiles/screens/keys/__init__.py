"""The keys screen: which applications may reach the workspace, and what each of them may do."""
