"""The questions municipalities ask of learning: how far, who is behind, since when. It only reads."""
