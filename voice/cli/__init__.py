"""The command line: one file a command, and nothing that another surface would need too."""
