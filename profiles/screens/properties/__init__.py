"""The properties screen: what a workspace knows about its profiles, and the rules of each property."""
