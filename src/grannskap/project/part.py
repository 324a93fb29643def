"""What every table of a project file is: frozen, and without unknown keys."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from grannskap.errors import ProjectError

__all__ = ["Part"]


class Part(BaseModel):
    """A table of the project file: frozen, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _yes_is_no_number(cls, data: Any) -> Any:  # noqa: ANN401
        """Refuse ``true`` where a number belongs: it would be taken for 1."""
        for name, field in cls.model_fields.items():
            value = data.get(field.alias or name) if isinstance(data, dict) else None
            parts = value if isinstance(value, list) else [value]
            if field.annotation is not bool and any(isinstance(one, bool) for one in parts):
                raise ProjectError("true is no value", {"key": field.alias or name})
        return data
