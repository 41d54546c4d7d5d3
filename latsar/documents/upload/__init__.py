"""Uploads in pieces over lines that break: the tus protocol 1.0, core with creation, expiration and termination.

A page hands out a ticket for one target; the pieces are collected here; the form of the page then names the finished
upload instead of carrying a file, and the same service judges it as any other.
"""
