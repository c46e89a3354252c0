from collections.abc import Mapping
from typing import Any, TypeVar

from typing_extensions import dataclass_transform

_T = TypeVar("_T")

@dataclass_transform(frozen_default=True)
def record(cls: type[_T]) -> type[_T]: ...

class DataclassAttribute:
    name: str
    cls: type
    renamed: Mapping[str, str]
    value: Any
    def __init__(self, name: str, cls: type, renamed: Mapping[str, str] | None = None) -> None: ...
    def __get__(self, instance: object, cls: type | None) -> Any: ...

class Deferred:
    def __init__(self, name: str) -> None: ...
    def __getattr__(self, attribute: str) -> Any: ...
