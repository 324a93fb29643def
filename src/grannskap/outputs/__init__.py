"""What a run leaves behind: tables, the report, and the folder that holds them."""
