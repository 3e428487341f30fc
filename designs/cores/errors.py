"""What can be wrong with a core, as a user can mend it."""

from __future__ import annotations


class CoreError(Exception):
    """A core that cannot be loaded; the message names the core and what is missing."""


class CoreFileError(CoreError):
    """A file that does not declare a core; the message names file and key, a line each."""


class CoreSourceError(CoreError):
    """Sources that are not there, or not the ones that were declared."""
