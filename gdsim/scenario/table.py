"""Tables of a scenario file: classes whose annotations say how pydantic-core reads them.

Whoever declares a table must not postpone the evaluation of annotations: they are read as the class is made.
"""

import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Protocol, Self, Union, get_args, get_origin

Schema = dict[str, Any]
"""A core schema of pydantic-core, or a JSON Schema."""

REQUIRED: Any = object()
"""The default of a field that has none."""

_TYPES: Mapping[Any, str] = {bool: "bool", int: "int", float: "float", str: "str", Any: "any"}


class Mark(Protocol):
    """What stands beside a type in ``Annotated`` and changes how it is read, and how it is described."""

    def core(self, schema: Schema, /) -> Schema:
        """Return the core schema of a field so marked; `schema` is that of the type."""

    def described(self, schema: Schema, /) -> Schema:
        """Return the JSON Schema of a field so marked; `schema` is that of the type."""


class Entry:
    """One field of a table: its default, and what editors are told of it. `kind` is its annotation."""

    __slots__ = ("default", "description", "examples", "kind")

    def __init__(self, default: Any, description: str, examples: tuple[object, ...], kind: Any = None) -> None:
        self.default = default
        self.description = description
        self.examples = examples
        self.kind = kind


def entry(default: Any = REQUIRED, *, description: str, examples: Iterable[object] = ()) -> Any:
    """Declare a field of a table; without a default a file must have it."""
    return Entry(default, description, tuple(examples))


class Table:
    """A table of the file: no unknown keys, no guessing of types, finite numbers only, never changed once read.

    Made by hand it takes values unchecked, as code means them; `core_schema` says how a file's are checked.
    """

    # Where pydantic-core puts what it has read; it needs these names.
    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    __pydantic_extra__: dict[str, Any] | None
    __pydantic_fields_set__: set[str]

    entries: ClassVar[Mapping[str, Entry]] = types.MappingProxyType({})
    others: ClassVar[Any] = None
    """The type of keys that have no field of their own, None where there are none."""

    def __init_subclass__(cls, others: Any = None) -> None:
        super().__init_subclass__()
        own = {}
        for name, kind in cls.__annotations__.items():
            declared = cls.__dict__.get(name) or Entry(REQUIRED, "", ())
            own[name] = Entry(declared.default, declared.description, declared.examples, kind)
            if name in cls.__dict__:
                delattr(cls, name)  # it would stand before what was read
        cls.entries = types.MappingProxyType({**cls.entries, **own})
        cls.others = others

    def __init__(self, **values: Any) -> None:
        defaults = {name: each.default for name, each in self.entries.items() if each.default is not REQUIRED}
        _fill(self, {**defaults, **values}, None, set(values))

    @property
    def given(self) -> frozenset[str]:
        """The fields that were given a value; the others have their defaults."""
        return frozenset(self.__pydantic_fields_set__)

    def replaced(self, **values: Any) -> Self:
        """Return the table with other values."""
        made = object.__new__(type(self))
        _fill(made, {**vars(self), **values}, self.__pydantic_extra__, {*self.__pydantic_fields_set__, *values})
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Table):
            return NotImplemented
        return vars(self) == vars(other) and self.__pydantic_extra__ == other.__pydantic_extra__

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        values = {**vars(self), **(self.__pydantic_extra__ or {})}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values.items())})"


def _fill(table: Table, values: dict[str, Any], extra: dict[str, Any] | None, given: set[str]) -> None:
    """Give a table that is being made all it has."""
    object.__setattr__(table, "__dict__", values)
    object.__setattr__(table, "__pydantic_extra__", extra)
    object.__setattr__(table, "__pydantic_fields_set__", given)


def core_schema(kind: Any) -> Schema:
    """Return what pydantic-core is to be told to read a type by."""
    if isinstance(kind, type) and issubclass(kind, Table):
        return _core_table(kind)
    if kind in _TYPES:
        return {"type": _TYPES[kind]}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        schema = core_schema(arguments[0]) if is_read_by_type(kind) else {}
        for mark in arguments[1:]:
            schema = mark.core(schema)
        return schema
    if is_optional(kind):
        return {"type": "nullable", "schema": core_schema(without_none(kind))}
    if origin is dict:
        return {"type": "dict", "keys_schema": core_schema(arguments[0]), "values_schema": core_schema(arguments[1])}
    if origin is tuple:  # a list in the file, hence not strict
        items = [core_schema(arguments[0])]
        return {"type": "tuple", "items_schema": items, "variadic_item_index": 0, "strict": False}
    raise TypeError(f"no way to read {kind!r} from a file")


def _core_table(table: type[Table]) -> Schema:
    fields: Schema = {
        "type": "model-fields",
        "model_name": table.__name__,
        "fields": {name: {"type": "model-field", "schema": _core_entry(each)} for name, each in table.entries.items()},
    }
    config = {"strict": True, "allow_inf_nan": False, "extra_fields_behavior": "forbid"}
    if table.others is not None:
        fields["extras_schema"] = core_schema(table.others)
        config["extra_fields_behavior"] = "allow"
    return {"type": "model", "cls": table, "schema": fields, "config": config}


def _core_entry(each: Entry) -> Schema:
    schema = core_schema(each.kind)
    return schema if each.default is REQUIRED else {"type": "default", "schema": schema, "default": each.default}


def is_read_by_type(kind: Any) -> bool:
    """Whether an annotated type itself says how it is read; where a mark reads by itself, it is for people alone."""
    return not any(getattr(mark, "reads_itself", False) for mark in kind.__metadata__)


def is_optional(kind: Any) -> bool:
    """Whether a type is another one or None."""
    return get_origin(kind) in {Union, types.UnionType} and type(None) in get_args(kind)


def without_none(kind: Any) -> Any:
    """Return the type that is there besides None."""
    return next(argument for argument in get_args(kind) if argument is not type(None))
