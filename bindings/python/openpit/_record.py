"""Frozen dataclasses that cost little to define.

``dataclasses`` takes longer to import, and each of its classes longer to make, than all of openpit. A record behaves as
a frozen dataclass does, and is one to whoever asks ``dataclasses``; only then that module is imported.
"""


def record(cls):
    """Makes a class with annotated fields a frozen dataclass: compared, hashed and printed by value."""
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    cls.__match_args__ = cls._field_names = names
    cls.__init__ = _initializer(cls, names, defaults)
    cls.__repr__ = _repr
    cls.__eq__ = _equal
    cls.__hash__ = _hash
    cls.__setattr__ = _refuse_assignment
    cls.__delattr__ = _refuse_deletion
    cls.__dataclass_params__ = DataclassAttribute("__dataclass_params__", cls)
    cls.__dataclass_fields__ = DataclassAttribute("__dataclass_fields__", cls)
    return cls


def _initializer(cls, names, defaults):
    parameters = ", ".join(f"{name}=defaults['{name}']" if name in defaults else name for name in names)
    lines = [f"def __init__(self, {parameters}):", "    fields = self.__dict__"]
    lines += [f"    fields['{name}'] = {name}" for name in names]
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    scope = {"defaults": defaults}
    exec("\n".join(lines), scope)
    scope["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return scope["__init__"]


def _values(self):
    return tuple([getattr(self, name) for name in self.__match_args__])


def _repr(self):
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({fields})"


def _equal(self, other):
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self):
    return hash(_values(self))


def _refuse_assignment(self, name, value):
    if _is_frozen(self, name):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _refuse_deletion(self, name):
    if _is_frozen(self, name):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _is_frozen(self, name):
    """Everything of a record itself; of a subclass, which may have attributes of its own, the fields."""
    return "_field_names" in type(self).__dict__ or name in self._field_names


class DataclassAttribute:
    """What dataclasses keeps in a class: made when it is first asked for, from a dataclass with the same fields.

    `renamed` says which fields have another name in it.
    """

    def __init__(self, name, cls, renamed=None):
        self.name = name
        self.cls = cls
        self.renamed = renamed or {}
        self.value = None

    def __get__(self, instance, cls):
        if self.value is None:
            self.value = getattr(self._make_twin(), self.name)
        return self.value

    def _make_twin(self):
        import dataclasses

        fields = []
        for name, annotation in self.cls.__annotations__.items():
            default = (dataclasses.field(default=self.cls.__dict__[name]),) if name in self.cls.__dict__ else ()
            fields.append((self.renamed.get(name, name), annotation, *default))
        return dataclasses.make_dataclass(self.cls.__name__, fields, frozen=True)


class Deferred:
    """A module that only annotations name, and that is imported once somebody evaluates them."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        return getattr(__import__(self._name), attribute)
