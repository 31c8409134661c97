"""Training of the encoder behind the default tagger; the README of ``training`` says how."""
