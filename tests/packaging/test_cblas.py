"""What NumPy calls for its matrices, compiled as for the frozen program, against NumPy's own sums."""

from __future__ import annotations

import ctypes
import shutil
import sys
import tarfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from context import BuildError, Context
from natives import building, eigen

TYPES = {"s": np.float32, "d": np.float64, "c": np.complex64, "z": np.complex128}
ROWS, COLUMNS, AS_IT_IS, TURNED, CONJUGATED, UPPER, LOWER = 101, 102, 111, 112, 113, 121, 122
_EVERY = ("gemm", "gemv", "syrk", "axpy")
NAMES = [p + name for p in TYPES for name in (*_EVERY, *(("dot",) if p in "sd" else ("dotu_sub", "dotc_sub")))]
INT, PLACE = ctypes.c_int, ctypes.c_void_p

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The functions are hidden, as they become part of NumPy: a table tells where each is."""
    if sys.platform != "linux" or shutil.which("c++") is None:
        pytest.skip("it takes Linux and a compiler")
    if not eigen.EIGEN.file.exists():
        pytest.skip(f"it takes {eigen.EIGEN.file}")
    work = tmp_path_factory.mktemp("cblas")
    context = Context(out=work, work=work)
    with tarfile.open(eigen.EIGEN.file) as archive:
        archive.extractall(work, filter="data")
    unpacked = {eigen.EIGEN.name: work / f"eigen-{eigen.EIGEN.version}"}
    eigen.compile_cblas(building.Build(context=context, unpacked=unpacked, prefix=work / "prefix"))
    table = "".join(f"void cblas_{name}(void); void *at_{name}(void) {{ return cblas_{name}; }}\n" for name in NAMES)
    (work / "table.c").write_text(table)
    libraries = work / "prefix" / "lib"
    context.run(["cc", "-fPIC", "-c", "table.c"], cwd=work)
    context.run(["c++", "-shared", "-o", "all.so", "table.o", f"-L{libraries}", "-leigen-cblas"], cwd=work)
    return ctypes.CDLL(str(work / "all.so"))


class Sums:
    """Of one type. Matrices lie in memory with room behind each row (or column)."""

    def __init__(self, library: ctypes.CDLL, p: str) -> None:
        self._library, self._p, self.type = library, p, TYPES[p]
        self.complex = p in "cz"
        self._number = PLACE if self.complex else ctypes.c_float if p == "s" else ctypes.c_double
        self._random = np.random.default_rng(3)
        self._alive: list[Any] = []
        self.tolerance = 2e-3 if p in "sc" else 1e-10

    def call(self, name: str, forms: str, *values: Any, answer: Any = None) -> Any:
        """``forms``: i a number, n a number of the type, m where values lie."""
        at = getattr(self._library, f"at_{self._p}{name}")
        at.restype = PLACE
        kinds = {"i": INT, "n": self._number, "m": PLACE}
        function = ctypes.CFUNCTYPE(answer, *(kinds[form] for form in forms))(at())
        return function(*(self._given(form, value) for form, value in zip(forms, values, strict=True)))

    def _given(self, form: str, value: Any) -> Any:
        if form == "n" and self.complex:
            value = np.array([value], self.type)
        if isinstance(value, np.ndarray):
            self._alive.append(value)
            return value.ctypes.data
        return value

    def some(self, *shape: int) -> Any:
        values = self._random.standard_normal(shape)
        return (values + 1j * self._random.standard_normal(shape) if self.complex else values).astype(self.type)

    def laid(self, matrix: Any, order: int) -> Any:
        lines = matrix if order == ROWS else matrix.T
        made = self.some(lines.shape[0], lines.shape[1] + 3)
        made[:, :-3] = lines
        return made

    def read(self, laid: Any, order: int) -> Any:
        return laid[:, :-3] if order == ROWS else laid[:, :-3].T

    def same(self, got: Any, wanted: Any) -> None:
        np.testing.assert_allclose(got, wanted, rtol=self.tolerance, atol=self.tolerance)


@pytest.fixture(params=TYPES)
def sums(library: ctypes.CDLL, request: pytest.FixtureRequest) -> Sums:
    return Sums(library, request.param)


SHAPES = ((1, 1, 1), (3, 5, 7), (80, 201, 33), (17, 1, 64), (1, 40, 9))
FACTORS = ((1.0, 0.0), (2.5, 1.0), (0.5, -2.0))


def turned(matrix: Any, how: int) -> Any:
    """What is handed over where ``matrix`` is meant, and the other way round."""
    return matrix if how == AS_IT_IS else matrix.T if how == TURNED else matrix.conj().T


@pytest.mark.long
@pytest.mark.parametrize("order", [ROWS, COLUMNS])
@pytest.mark.parametrize("a_is", [AS_IT_IS, TURNED, CONJUGATED])
@pytest.mark.parametrize("b_is", [AS_IT_IS, TURNED, CONJUGATED])
def test_matrix_times_matrix(sums: Sums, order: int, a_is: int, b_is: int) -> None:
    for rows, columns, inner in SHAPES:
        for alpha, beta in FACTORS:
            a, b, c = sums.some(rows, inner), sums.some(inner, columns), sums.some(rows, columns)
            wanted = alpha * (a @ b) + (beta * c if beta else 0)
            x, y = sums.laid(turned(a, a_is), order), sums.laid(turned(b, b_is), order)
            z = sums.laid(np.full_like(c, np.nan) if beta == 0 else c, order)
            sizes = (order, a_is, b_is, rows, columns, inner)
            strides = x.shape[1], y.shape[1], z.shape[1]
            sums.call("gemm", "iiiiiinmiminmi", *sizes, alpha, x, strides[0], y, strides[1], beta, z, strides[2])
            sums.same(sums.read(z, order), wanted)


@pytest.mark.long
@pytest.mark.parametrize("order", [ROWS, COLUMNS])
@pytest.mark.parametrize("how", [AS_IT_IS, TURNED, CONJUGATED])
def test_matrix_times_vector(sums: Sums, order: int, how: int) -> None:
    for rows, columns, _ in SHAPES:
        for alpha, beta in FACTORS:
            a = sums.some(rows, columns)
            x = sums.some(turned(a, how).shape[1] * 2)
            y = sums.some(turned(a, how).shape[0] * 3)
            wanted = y.copy()
            wanted[::3] = alpha * (turned(a, how) @ x[::2]) + (beta * y[::3] if beta else 0)
            laid = sums.laid(a, order)
            sums.call("gemv", "iiiinmiminmi", order, how, rows, columns, alpha, laid, laid.shape[1], x, 2, beta, y, 3)
            sums.same(y, wanted)


@pytest.mark.long
@pytest.mark.parametrize("order", [ROWS, COLUMNS])
@pytest.mark.parametrize("how", [AS_IT_IS, TURNED])
@pytest.mark.parametrize("half", [UPPER, LOWER])
def test_matrix_times_itself_in_half(sums: Sums, order: int, how: int, half: int) -> None:
    for size, inner, _ in SHAPES:
        for alpha, beta in FACTORS:
            a, c = sums.some(size, inner), sums.some(size, size)
            asked = (np.triu if half == UPPER else np.tril)(np.ones((size, size))) > 0
            wanted = np.where(asked, alpha * (a @ a.T) + beta * c, c)
            x, z = sums.laid(turned(a, how), order), sums.laid(c, order)
            sizes = (order, half, how, size, inner)
            sums.call("syrk", "iiiiinminmi", *sizes, alpha, x, x.shape[1], beta, z, z.shape[1])
            sums.same(sums.read(z, order), wanted)


@pytest.mark.long
def test_vectors(sums: Sums) -> None:
    real = ctypes.c_float if sums.type is np.float32 else ctypes.c_double
    for size in (0, 1, 2, 7, 8, 100, 1001):
        for step in (1, 2, -1):
            a, b = sums.some(size * 2 + 1), sums.some(size * 3 + 1)
            x, y = a[:: abs(step)][:size], b[::3][:size]
            x = x[::-1] if step < 0 else x
            products = {"dotu_sub": x * y, "dotc_sub": x.conj() * y} if sums.complex else {"dot": x * y}
            for name, wanted in products.items():
                got = np.zeros(1, sums.type)
                if sums.complex:
                    sums.call(name, "imimim", size, a, step, b, 3, got)
                else:
                    got[0] = sums.call(name, "imimi", size, a, step, b, 3, answer=real)
                sums.same(got[0], wanted.sum())
            added = b.copy()
            added[::3][:size] += 1.5 * x
            sums.call("axpy", "inmimi", size, 1.5, a, step, b, 3)
            sums.same(b, added)


def test_kernels_for_newer_processors_are_never_taken_on_older_ones() -> None:
    eigen.hold_apart("00 T cblas_sgemm_wide\n00 W void EigenWide::scale<float>()\n00 t local\n")
    with pytest.raises(BuildError, match=r"std::swap.* would need AVX2"):
        eigen.hold_apart("00 W void EigenWide::scale<float>()\n00 W void std::swap<float>(float&, float&)\n")
