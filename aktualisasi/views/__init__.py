"""The pages of the aktualisasi, by who opens them: author, reader, reviewer, guide."""
