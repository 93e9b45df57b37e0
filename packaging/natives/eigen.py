"""NumPy with Eigen for its matrices, in the place of OpenBLAS: 28 MB less, no threads of its own, and half as quick,
which is quick enough where the largest product takes two milliseconds. Without any such library NumPy would be two
hundred times slower. Eigen has no C interface: what NumPy calls is written below. Decompositions of matrices, which the
program does not use, are NumPy's own (LAPACK lite). The kernels are compiled for every processor, and once more for
those with AVX2."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from context import BuildError

from natives.building import Build, Native, Source

EIGEN = Source(
    name="eigen",
    version="3.4.0",
    url="https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2",
    sha256="b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626",
    licence="MPL-2.0",
    texts=("COPYING.README", "COPYING.MPL2"),
)
_LIBRARY = "eigen-cblas"
_FLAGS = ("-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-fno-exceptions", "-fno-rtti")
_KERNELS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "x86_64": {"any": ("-DHAS_WIDE",), "wide": ("-DWIDE", "-DEigen=EigenWide", "-mavx2", "-mfma")},
}
"""Options by kind of processor, where there is something wider than what all of its kind have. The wider ones have a
namespace of another name, so that none of its functions takes the place of one for every processor."""
_DISPATCH = {"x86_64": ("setup-args=-Dcpu-dispatch=X86_V3", "setup-args=-Ddisable-svml=true")}
"""NumPy's own loops: AVX2, but not AVX-512 as well, which is 3 MB."""

CBLAS = r"""
// The part of CBLAS that NumPy calls, by Eigen, in one thread. Rows come first; the other order is turned round.
#define EIGEN_MPL2_ONLY
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>

#include <complex>

namespace Eigen::cblas {

constexpr int rows_first = 101, columns_first = 102, no_trans = 111, trans = 112, conj_trans = 113, upper = 121;
using Rows = OuterStride<>;
using Steps = InnerStride<>;
template <class T> using Values = Matrix<T, Dynamic, Dynamic, RowMajor>;
template <class T> using In = Map<const Values<T>, 0, Rows>;
template <class T> using Out = Map<Values<T>, 0, Rows>;
template <class T> using InRow = Map<const Matrix<T, Dynamic, 1>, 0, Steps>;
template <class T> using OutRow = Map<Matrix<T, Dynamic, 1>, 0, Steps>;

// What is to be conjugated is copied; of real numbers nothing is.
template <class T> Values<T> given(const In<T> &x, int how) {
    return how == conj_trans ? Values<T>(x.conjugate()) : Values<T>(x);
}

inline int plain(int how) { return how == conj_trans ? trans : how; }

template <class T> const T *first(const T *x, int n, int step) { return step < 0 ? x - Index(n - 1) * step : x; }

template <class T> InRow<T> in(const T *x, int n, int step) { return {first(x, n, step), n, Steps(step)}; }

template <class T> OutRow<T> out(T *x, int n, int step) { return {const_cast<T *>(first(x, n, step)), n, Steps(step)}; }

template <class C, class T> void scale(C &&c, T beta) {
    if (beta == T(0)) c.setZero();
    else if (beta != T(1)) c *= beta;
}

template <class T>
void gemm(int order, int how_a, int how_b, int m, int n, int k, T alpha, const T *a, int lda, const T *b, int ldb,
          T beta, T *c, int ldc) {
    if (order == columns_first) std::swap(a, b), std::swap(lda, ldb), std::swap(how_a, how_b), std::swap(m, n);
    bool ta = how_a != no_trans, tb = how_b != no_trans;
    In<T> A(a, ta ? k : m, ta ? m : k, Rows(lda)), B(b, tb ? n : k, tb ? k : n, Rows(ldb));
    if (NumTraits<T>::IsComplex && (how_a == conj_trans || how_b == conj_trans)) {
        auto x = given(A, how_a), y = given(B, how_b);
        return gemm<T>(rows_first, plain(how_a), plain(how_b), m, n, k, alpha, x.data(), x.cols(), y.data(), y.cols(),
                       beta, c, ldc);
    }
    Out<T> C(c, m, n, Rows(ldc));
    scale(C, beta);
    if (!ta && !tb) C.noalias() += alpha * A * B;
    else if (!tb) C.noalias() += alpha * A.transpose() * B;
    else if (!ta) C.noalias() += alpha * A * B.transpose();
    else C.noalias() += alpha * A.transpose() * B.transpose();
}

template <class T>
void gemv(int order, int how, int m, int n, T alpha, const T *a, int lda, const T *x, int step_x, T beta, T *y,
          int step_y) {
    bool t = (how != no_trans) != (order == columns_first);
    if (order == columns_first) std::swap(m, n);
    In<T> A(a, m, n, Rows(lda));
    if (NumTraits<T>::IsComplex && how == conj_trans) {
        auto copy = given(A, how);
        return gemv<T>(rows_first, t ? trans : no_trans, m, n, alpha, copy.data(), n, x, step_x, beta, y, step_y);
    }
    auto X = in(x, t ? m : n, step_x);
    auto Y = out(y, t ? n : m, step_y);
    scale(Y, beta);
    if (t) Y.noalias() += alpha * A.transpose() * X;
    else Y.noalias() += alpha * A * X;
}

template <class T>
void syrk(int order, int half, int how, int n, int k, T alpha, const T *a, int lda, T beta, T *c, int ldc) {
    bool t = how != no_trans, up = half == upper;
    if (order == columns_first) t = !t, up = !up;
    In<T> A(a, t ? k : n, t ? n : k, Rows(lda));
    Out<T> C(c, n, n, Rows(ldc));
    Values<T> product(n, n);
    if (t) product.noalias() = alpha * A.transpose() * A;
    else product.noalias() = alpha * A * A.transpose();
    for (int row = 0; row < n; ++row) {
        auto part = up ? C.row(row).segment(row, n - row) : C.row(row).segment(0, row + 1);
        scale(part, beta);
        part += up ? product.row(row).segment(row, n - row) : product.row(row).segment(0, row + 1);
    }
}

inline float value(float number) { return number; }
inline double value(double number) { return number; }
template <class T> T value(const T *number) { return *number; }

}  // namespace Eigen::cblas

// Each set of instructions has functions of its own; the plain ones pass on to the wider where the processor has it.
#ifdef WIDE
#define NAME(name) name##_wide
#define PASS_ON(name, ...)
#elif defined(HAS_WIDE)
static const bool wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#define NAME(name) name
#define PASS_ON(name, ...) \
    if (wide) return name##_wide(__VA_ARGS__);
#else
#define NAME(name) name
#define PASS_ON(name, ...)
#endif

#define FUNCTION(result, name, parameters, ...)      \
    extern "C" result name##_wide parameters;        \
    extern "C" result NAME(name) parameters {        \
        PASS_ON(name, __VA_ARGS__)

using namespace Eigen::cblas;

#define FOR_TYPE(p, T, S)                                                                                        \
    FUNCTION(void, cblas_##p##gemm,                                                                              \
             (int order, int ta, int tb, int m, int n, int k, S alpha, const T *a, int lda, const T *b, int ldb, \
              S beta, T *c, int ldc),                                                                            \
             order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)                                        \
        gemm<T>(order, ta, tb, m, n, k, value(alpha), a, lda, b, ldb, value(beta), c, ldc);                      \
    }                                                                                                            \
    FUNCTION(void, cblas_##p##gemv,                                                                              \
             (int order, int t, int m, int n, S alpha, const T *a, int lda, const T *x, int dx, S beta, T *y,    \
              int dy),                                                                                           \
             order, t, m, n, alpha, a, lda, x, dx, beta, y, dy)                                                  \
        gemv<T>(order, t, m, n, value(alpha), a, lda, x, dx, value(beta), y, dy);                                \
    }                                                                                                            \
    FUNCTION(void, cblas_##p##syrk,                                                                              \
             (int order, int half, int t, int n, int k, S alpha, const T *a, int lda, S beta, T *c, int ldc),    \
             order, half, t, n, k, alpha, a, lda, beta, c, ldc)                                                  \
        syrk<T>(order, half, t, n, k, value(alpha), a, lda, value(beta), c, ldc);                                \
    }                                                                                                            \
    FUNCTION(void, cblas_##p##axpy, (int n, S alpha, const T *x, int dx, T *y, int dy), n, alpha, x, dx, y, dy)  \
        out(y, n, dy) += value(alpha) * in(x, n, dx);                                                            \
    }

#define FOR_REAL(p, T)                                                                                     \
    FOR_TYPE(p, T, T)                                                                                      \
    FUNCTION(T, cblas_##p##dot, (int n, const T *x, int dx, const T *y, int dy), n, x, dx, y, dy)          \
        return in(x, n, dx).cwiseProduct(in(y, n, dy)).sum();                                              \
    }

#define FOR_COMPLEX(p, T)                                                                                            \
    FOR_TYPE(p, T, const T *)                                                                                        \
    FUNCTION(void, cblas_##p##dotu_sub, (int n, const T *x, int dx, const T *y, int dy, T *r), n, x, dx, y, dy, r)   \
        *r = in(x, n, dx).cwiseProduct(in(y, n, dy)).sum();                                                          \
    }                                                                                                                \
    FUNCTION(void, cblas_##p##dotc_sub, (int n, const T *x, int dx, const T *y, int dy, T *r), n, x, dx, y, dy, r)   \
        *r = in(x, n, dx).conjugate().cwiseProduct(in(y, n, dy)).sum();                                              \
    }

FOR_REAL(s, float)
FOR_REAL(d, double)
#ifndef WIDE
#undef PASS_ON
#define PASS_ON(name, ...)
FOR_COMPLEX(c, std::complex<float>)
FOR_COMPLEX(z, std::complex<double>)
#endif
"""


def compile_cblas(build: Build) -> Mapping[str, str]:
    """A library that becomes part of NumPy's own."""
    work, libraries = build.prefix.parent, build.prefix / "lib"
    (libraries / "pkgconfig").mkdir(parents=True)
    source = work / "cblas.cpp"
    source.write_text(CBLAS, encoding="utf-8")
    objects = []
    for name, flags in _KERNELS.get(platform.machine(), {"any": ()}).items():
        objects.append(work / f"{name}.o")
        headers = f"-I{build.unpacked[EIGEN.name]}"
        build.run("c++", *_FLAGS, *flags, headers, "-c", source, "-o", objects[-1], cwd=work)
        if name == "wide":
            hold_apart(build.run("nm", "-C", "--defined-only", objects[-1], cwd=work))
    build.run("ar", "rcs", libraries / f"lib{_LIBRARY}.a", *objects, cwd=work)
    (libraries / "pkgconfig" / f"{_LIBRARY}.pc").write_text(
        f"Name: {_LIBRARY}\nDescription: CBLAS by Eigen\nVersion: {EIGEN.version}\n"
        f"Libs: -L{libraries} -l{_LIBRARY} -lstdc++\n"
    )
    found = {"PKG_CONFIG_PATH": str(libraries / "pkgconfig")}
    build.run("pkg-config", "--exists", _LIBRARY, cwd=work, env=found)  # NumPy would do without
    return {"CFLAGS": "-g0", "CXXFLAGS": "-g0"}


def hold_apart(symbols: str) -> None:
    """Of functions that several files have, the linker takes any: those of the wider kernels must be theirs alone."""
    for line in symbols.splitlines():
        _, kind, symbol = line.split(maxsplit=2)
        if kind in "VWu" and "EigenWide" not in symbol:
            raise BuildError(f"{symbol} would need AVX2 on every processor")


def _native(version: str) -> Native:
    return Native(
        distribution="numpy",
        version=version,
        sources=(EIGEN,),
        needs=("c++ (g++)", "ar (binutils)", "pkg-config (pkg-config)"),
        requires=("meson-python==0.22.1", "cython==3.3.1", "ninja==1.13.2"),
        compile=compile_cblas,
        settings=(
            "build-dir=build",  # else it is compiled once for the wheel's metadata and once more for the wheel
            f"setup-args=-Dblas={_LIBRARY}",
            "setup-args=-Dlapack=none",
            "setup-args=-Dallow-noblas=true",
            "setup-args=-Ddisable-intel-sort=true",
            "setup-args=-Ddisable-highway=true",
            "setup-args=-Dtest-simd=",
            *_DISPATCH.get(platform.machine(), ()),
        ),
    )


NATIVES = tuple(_native(version) for version in ("2.4.6", "2.5.5"))
