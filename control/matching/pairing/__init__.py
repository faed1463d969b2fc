"""Random matching: people say where and how they would like company, and whoever fits is brought together two by two."""
