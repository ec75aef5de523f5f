"""How each matrix is stored and multiplied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping


@dataclass(frozen=True)
class Precision:
    """How a matrix is stored and multiplied.

    `bits` 32: floats. `bits` 8 or 4: MatMulNBits in blocks. `bits` 0: dynamic INT8 with codes in -limit ... limit, whose
    input has one scale, or, `by_row`, is first brought to a largest magnitude of 1 in every row.
    """

    bits: int
    block: int = 0
    limit: int = 127
    by_row: bool = False


class Recipe:
    """Precision by the name of the matrix. Measured: docs/decisions/002-stt-precision.md."""

    def __init__(self, rules: Mapping[str, Precision]) -> None:
        """`rules`: beginning of a name ("decoder/self_attention") to precision; the longest that fits counts.

        Names are those of the CTranslate2 file without the layer: "encoder/ffn/linear_1".
        """
        self._rules = dict(rules)

    def precision(self, name: str) -> Precision:
        parts = [part for part in name.split("/") if not part.startswith("layer_")]
        for count in range(len(parts), 0, -1):
            rule = self._rules.get("/".join(parts[:count]))
            if rule is not None:
                return rule
        raise KeyError(f"The recipe says nothing about {name}. Add a rule for {parts[0]}.")
