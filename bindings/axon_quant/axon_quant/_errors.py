"""The base of all errors of the package, and their shape: a code and a message that begins with it."""


class AxonError(Exception):
    """The base of every module's error.

    ``args`` are the code and the message, which begins with the code in brackets. One that is made by hand may have a text
    alone, and no code.
    """

    @property
    def code(self) -> str | None:
        """What went wrong, as a name from the module's ``ERROR_CODES``."""
        return self.args[0] if len(self.args) == 2 else None

    @property
    def message(self) -> str | None:
        """What was wrong and what is expected."""
        return self.args[-1] if self.args else None

    def __str__(self) -> str:
        return "" if self.message is None else str(self.message)
