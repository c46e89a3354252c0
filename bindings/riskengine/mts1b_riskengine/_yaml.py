"""YAML as configuration and envelopes use it: plain values, and no key twice."""

from __future__ import annotations

from typing import Any

import yaml

TEXT_MAX = 1 << 20


class _Loader(yaml.SafeLoader):
    pass


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    made: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "a key that is not a text", key_node.start_mark)
        if key in made:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} twice", key_node.start_mark)
        made[key] = loader.construct_object(value_node, deep=True)
    return made


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse(text: str | bytes) -> Any:
    """What `text` says; ValueError with line and column, and without the text itself, when it is no YAML."""
    if len(text) > TEXT_MAX:
        raise ValueError(f"more than {TEXT_MAX} bytes")
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise ValueError(f"{error.problem or 'not YAML'}{where}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise ValueError("not YAML") from None
