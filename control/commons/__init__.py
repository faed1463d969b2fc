"""What needs no store: version, time, languages, and the words programs share."""
