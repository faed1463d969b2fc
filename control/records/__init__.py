"""Records: how long people were in which rooms, counted by day and by what the rooms are about."""
