"""Printed documents: HTML faces in, PDF/A out."""
