from typing import TypeVar

from typing_extensions import dataclass_transform

_T = TypeVar("_T")

@dataclass_transform(frozen_default=True)
def record(cls: type[_T]) -> type[_T]: ...
