"""Values and arithmetic. Pure: no Qt, no files, no threads, no clock."""
