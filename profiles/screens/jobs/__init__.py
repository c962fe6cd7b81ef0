"""The jobs screen: what the workers do and did, how far they are, and stopping them."""
