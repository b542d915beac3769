"""Proving a figure and declaring it: packs, late notas, submissions, verdicts and the Berita Acara."""
