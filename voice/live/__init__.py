"""Talk at the microphone: listen, reply aloud, listen again."""
