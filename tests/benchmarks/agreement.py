"""How far the fast methods are from others on random cases, in parts of the sum of the products' magnitudes.

The cases are those of the tests. PyTorch computes them in float64; its borders and paddings are laid
out by hand where its functions have no argument for them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.ops import arguments, jit
from convstudio.core.ops.methods import Method, only
from tests.benchmarks.peers import missing
from tests.core.ops import agreement, cases
from tests.core.ops.cases import Case

Exact = NDArray[np.float64]
MAKERS: dict[str, Callable[[], SearchStrategy[Case]]] = {
    "conv2d": cases.convolutions,
    "conv2d, machine code": cases.convolutions,
    "conv2d, large kernels": cases.large_convolutions,
    "large, machine code": cases.large_convolutions,
    "conv_transpose2d": cases.transposed_convolutions,
    "max_pool2d": cases.max_pools,
    "avg_pool2d": cases.avg_pools,
    "activate": cases.activations,
    "each pixel": cases.for_each_pixel,
    "resize": cases.resized_planes,
    "dense": cases.dense_layers,
}
PAD_MODES = {
    Border.ZEROS: "constant",
    Border.REFLECT: "reflect",
    Border.REPLICATE: "replicate",
    Border.CIRCULAR: "circular",
}


def measure(*, against_pytorch: int, against_reference: int) -> dict[str, float]:
    """The worst relative error of each operation against each other computation; prints them."""
    others: list[tuple[str, int, Callable[[Case], Exact | None]]] = [
        ("float64 reference", against_reference, _reference)
    ]
    if "PyTorch" not in missing():
        others.insert(0, ("PyTorch in float64", against_pytorch, _pytorch))
    worst: dict[str, float] = {}
    jit.compile_all()
    for other, count, exact in others:
        if count == 0:
            continue
        print(f"\nAgreement with {other}, {count} random cases, worst relative error:")
        for name, make in MAKERS.items():
            kinds = [Method.COMPILED] if "machine code" in name else list(Method)
            with only(*kinds):
                error = _worst(make(), ceil_division(count, len(MAKERS)), exact)
            worst[f"{name}, {other}"] = error
            verdict = "" if error <= agreement.TOLERANCE else f"  OVER {agreement.TOLERANCE:.0e}"
            print(f"{name:24} {error:8.1e}{verdict}", flush=True)
    return worst


def _worst(strategy: SearchStrategy[Case], count: int, exact: Callable[[Case], Exact | None]) -> float:
    """The largest error of `count` cases whose arguments fit together."""
    errors: list[float] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(case: Case) -> None:
        expected = exact(case)
        assume(expected is not None)
        assert expected is not None
        errors.append(agreement.error(agreement.fast(case), expected, agreement.magnitude(case)))

    run()
    return float(np.max(errors))  # a NaN among them is not lost


def _reference(case: Case) -> Exact | None:
    try:
        return agreement.slow(case)
    except ConvStudioError:
        return None


def _pytorch(case: Case) -> Exact | None:
    """The same call of PyTorch in float64; None where it is refused."""
    if _is_refused(case):
        return None
    torch: Any = import_module("torch")
    x = torch.from_numpy(np.array(case.x, np.float64, order="C"))[None]
    weight = case.others[0] if case.name in ("conv2d", "conv_transpose2d", "dense") else None
    weights = None if weight is None else torch.from_numpy(np.array(weight, np.float64, order="C"))
    with torch.inference_mode():
        match case.name:
            case "conv2d":
                out = _convolved(torch, x, weights, case)
            case "conv_transpose2d":
                out = torch.nn.functional.conv_transpose2d(x, weights, **case.options)
            case "dense":
                out = (weights @ x.ravel())[None, :, None, None]
            case "activate":
                out = _activated(torch, x, *case.others)
            case "scale_shift" | "softmax" | "magnitude":
                out = _of_each_pixel(torch, x, case)
            case "resize":
                out = _resized(torch, x, case)
            case "min_pool2d" | "rank_pool2d":
                out = None  # PyTorch has neither
            case _:
                out = _pooled(torch, x, case)
    return None if out is None else np.asarray(out[0].numpy(), np.float64)


def _is_refused(case: Case) -> bool:
    try:
        agreement.fast(case)
    except ConvStudioError:
        return True
    return False


def _pads(case: Case, window: tuple[int, ...]) -> Amounts:
    options = {"dilation": 1, **case.options}
    stride = options["stride"] or Pair.of(window)
    return arguments.amounts(
        options["padding"],
        kernel=Pair.of(window),
        stride=arguments.pair("stride", stride),
        dilation=arguments.pair("dilation", options["dilation"]),
    )


def _convolved(torch: Any, x: Any, weight: Any, case: Case) -> Any:
    options = case.options
    top, bottom, left, right = _pads(case, tuple(weight.shape[2:]))
    sides, border = (left, right, top, bottom), options["border"]
    functional = torch.nn.functional
    padded = functional.pad(x, sides, mode=PAD_MODES[border])
    bias = None if case.others[1] is None else torch.from_numpy(case.others[1])
    moves = {name: options[name] for name in ("stride", "dilation", "groups")}
    return functional.conv2d(padded, weight, bias, **moves)


def _pooled(torch: Any, x: Any, case: Case) -> Any:
    """Pooling, where PyTorch can say it: the same padding on both sides, half the window at most."""
    window = arguments.pair("window", case.others[0])
    top, bottom, left, right = _pads(case, tuple(window))
    if (top, left) != (bottom, right) or 2 * top > window.vertical or 2 * left > window.horizontal:
        return None
    options = {**case.options, "padding": (top, left)}
    return getattr(torch.nn.functional, case.name)(x, tuple(window), **options)


def _activated(torch: Any, x: Any, kind: ActivationKind, slope: float | list[float]) -> Any:
    functional = torch.nn.functional
    plain = {
        ActivationKind.RELU: torch.relu,
        ActivationKind.RELU6: functional.relu6,
        ActivationKind.SELU: functional.selu,
        ActivationKind.GELU: functional.gelu,
        ActivationKind.GELU_TANH: lambda values: functional.gelu(values, approximate="tanh"),
        ActivationKind.SILU: functional.silu,
        ActivationKind.MISH: functional.mish,
        ActivationKind.SOFTPLUS: lambda values: functional.softplus(values, threshold=100),
        ActivationKind.SIGMOID: torch.sigmoid,
        ActivationKind.TANH: torch.tanh,
        ActivationKind.SOFTSIGN: functional.softsign,
        ActivationKind.HARD_SIGMOID: functional.hardsigmoid,
        ActivationKind.HARD_SWISH: functional.hardswish,
        ActivationKind.HARD_TANH: functional.hardtanh,
        ActivationKind.ABSOLUTE: torch.abs,
    }
    if kind in plain:
        return plain[kind](x)
    with_number = {
        ActivationKind.LEAKY_RELU: functional.leaky_relu,
        ActivationKind.PRELU: functional.leaky_relu,
        ActivationKind.ELU: functional.elu,
        ActivationKind.THRESHOLD: lambda values, number: functional.threshold(values, number, 0.0),
        ActivationKind.STEP: lambda values, number: (values > number).double(),
    }
    if isinstance(slope, float):
        return with_number[kind](x, slope)
    planes = [with_number[kind](plane, number) for plane, number in zip(x[0], slope, strict=True)]
    return torch.stack(planes)[None]


def _of_each_pixel(torch: Any, x: Any, case: Case) -> Any:
    match case.name:
        case "softmax":
            return torch.softmax(x, 1)
        case "magnitude":
            first, second = x.chunk(2, dim=1)
            return torch.sqrt(first**2 + second**2)
        case _:
            scale, shift = (torch.tensor(numbers, dtype=torch.float64).reshape(1, -1, 1, 1) for numbers in case.others)
            return x * scale + shift


def _resized(torch: Any, x: Any, case: Case) -> Any:
    """PyTorch computes the places of the nearest pixels in float32, for float32; small ones by another rule."""
    options = dict(case.options)
    mode, is_aligned = str(options.pop("mode")), options.pop("align_corners")
    aligned = {"align_corners": is_aligned} if mode == "bilinear" else {}
    if mode == "nearest":
        return None
    where = {"scale_factor" if name == "factor" else name: value for name, value in options.items()}
    return torch.nn.functional.interpolate(x, mode=mode, **where, **aligned)
