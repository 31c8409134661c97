"""Stores over HTTP: sending graphs to them (:mod:`kg.remote.push`), asking them (:mod:`kg.remote.endpoint`)."""
