"""What goes on in a room while people are in it: its timer, its call, and what is shown for a moment."""
