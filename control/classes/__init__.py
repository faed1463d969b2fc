"""Classes: made and opened by mentors, registered for with points, and reviewed by who was there."""
