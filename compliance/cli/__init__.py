"""The command line: reads options, calls the pipeline, prints, sets the exit status."""
