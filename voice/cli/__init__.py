"""The command line: commands, and nothing that another surface would need too."""
