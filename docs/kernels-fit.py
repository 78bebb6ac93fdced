"""Fits the polynomials of Realtime.Models/Kernels: python3 docs/kernels-fit.py (numpy, scipy).

Minimax by Lawson's iteration: least squares on Chebyshev nodes, weights multiplied by the errors until all peaks are equal. Coefficients for
float32 are rounded one by one from the constant up, and those above are fitted again to what is left."""

import numpy as np
from numpy.polynomial import Polynomial, chebyshev
from scipy.special import log_ndtr


def nodes(low, high, count=4000):
    return (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(count) + 0.5) / count)


def minimax(x, f, weight, degree, low, high, rounds):
    basis = chebyshev.chebvander((2 * x - low - high) / (high - low), degree)
    share = np.full(len(x), 1 / len(x))
    best = (np.inf, None)
    for _ in range(rounds):
        w = np.sqrt(share) * weight
        c = np.linalg.lstsq(basis * w[:, None], f * w, rcond=None)[0]
        error = np.abs(weight * (basis @ c - f))
        if error.max() < best[0]:
            best = (error.max(), c)
        share *= error
        share /= share.sum()
    power = chebyshev.Chebyshev(best[1], domain=[low, high]).convert(kind=Polynomial, domain=[-1, 1], window=[-1, 1])
    return best[0], power.coef


def in_float32(x, f, weight, degree, low, high):
    rest, fixed = f.copy(), []
    for k in range(degree + 1):
        _, c = minimax(x, rest / x**k, weight * np.abs(x) ** k, degree - k, low, high, 200)
        fixed.append(np.float32(c[0]))
        rest = rest - float(fixed[-1]) * x**k
    return np.abs(weight * rest).max(), fixed


def show(name, error, coefficients):
    print(f"{name}: error {error:.2g}, from the constant up: {', '.join(repr(float(c)) for c in coefficients)}")


# (e^r - 1) / r, |r| <= ln 2 / 2: relative error of e^r.
x = nodes(-0.3467, 0.3467)
show("exp", *in_float32(x, np.expm1(x) / x, np.abs(x) / np.exp(x), 4, -0.3467, 0.3467))

# (2^r - 1) / r, |r| <= 1/2: relative error of 2^r.
x = nodes(-0.5, 0.5)
show("exp2", *in_float32(x, np.expm1(x * np.log(2)) / x, np.abs(x) / 2**x, 4, -0.5, 0.5))

# log2(2 P(-y)) / y, P the normal distribution, y in [0, 7]: the larger error of erf(y / sqrt 2) and of GELU(y).
x = nodes(0, 7, 6000)
weight = np.log(2) * x * np.exp(log_ndtr(-x)) * np.maximum(x, 2)
show("normal tail", *in_float32(x, (log_ndtr(-x) / np.log(2) + 1) / x, weight, 7, 0, 7))

# sin(2 pi f) / f and cos(2 pi f) as polynomials of f^2, |f| <= 1/8, in double: absolute errors.
f = nodes(0, 0.12501)
show("sin", *minimax(f * f, np.sin(2 * np.pi * f) / f, f, 3, 0, 0.12501**2, 600))
show("cos", *minimax(f * f, np.cos(2 * np.pi * f), np.ones_like(f), 4, 0, 0.12501**2, 600))
