"""What chatd decides, apart from the wires: no Trio, no clock, no environment. Inputs go in, verdicts come out."""
