"""What is on the shelf: signed moves, never edited; on hand is their sum."""
