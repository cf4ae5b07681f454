# SPDX-License-Identifier: GPL-3.0-or-later
"""scipy's sparse product with top 20 per row, on a folder written by `bench_kernel --dump`.

usage: peer_scipy.py DIR [ROWS]    prints: seconds, processor seconds, rows, columns
Only the first ROWS needs are multiplied (default 500): the dense rows of the product would not fit otherwise.
"""
import sys
import time

import numpy as np
import scipy.sparse as sp


def side(folder, name, n_terms):
    ptr = np.fromfile(f"{folder}/{name}.ptr.i64", "<i8")
    term = np.fromfile(f"{folder}/{name}.term.i32", "<i4")
    value = np.fromfile(f"{folder}/{name}.value.f32", "<f4")
    return sp.csr_matrix((value, term, ptr), shape=(len(ptr) - 1, n_terms))


def main():
    folder = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    n_terms = int(np.fromfile(f"{folder}/n_terms.i64", "<i8")[0])
    docs = side(folder, "docs", n_terms).T.tocsr()
    needs = side(folder, "needs", n_terms)[:rows]
    start, cpu = time.perf_counter(), time.process_time()
    for first in range(0, needs.shape[0], 50):
        product = needs[first:first + 50] @ docs
        for r in range(product.shape[0]):
            values = product.data[product.indptr[r]:product.indptr[r + 1]]
            if len(values) > 20:
                np.argpartition(values, -20)[-20:]
    print(time.perf_counter() - start, time.process_time() - cpu, needs.shape[0], docs.shape[1])


main()
