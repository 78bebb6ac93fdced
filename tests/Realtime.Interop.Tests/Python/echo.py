"""Echoes lines: the smallest peer, for the tests of the helper itself."""
import sys

print("ready", *sys.argv[1:])
for line in sys.stdin:
    if line.strip() == "quit":
        sys.exit(3)
    print("echo " + line.rstrip("\n"))
