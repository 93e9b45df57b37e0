"""The library's face: the names that ``import debabelizer`` offers, thin over the engine."""
