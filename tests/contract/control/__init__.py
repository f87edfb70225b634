"""The control app, the faults and the log, in this process and over loopback."""
