"""What OpenAI-style clients send and expect, for the routes under /v1/; parse and render only."""
