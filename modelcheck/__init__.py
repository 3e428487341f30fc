"""Engines that decide safety of circuits, and the checkers that their answers must satisfy."""
