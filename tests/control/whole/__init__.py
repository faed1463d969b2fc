"""What holds for the whole of control, whatever it serves: found in the table of operations, tried on every one."""
