"""What the local engines share: the messages between us and an engine's worker, and speech detection."""
