"""The course language: files to dataclasses and back, with every problem at its line and column."""
