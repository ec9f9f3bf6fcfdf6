"""Audio in and out: decode, find speech, play."""
