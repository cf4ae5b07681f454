# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the expected lists of a folder written by `bench_kernel --dump` with a brute force of its own.

usage: check_dump.py DIR [ROWS]    ROWS needs spread over the file (default: all)

Ends with 0 when they agree, 1 when they differ, 77 where numpy is absent. Nothing of the kernel is used: one array of
sums per need, filled posting by posting, then sorted by sum, best first, and document, lowest first.
"""
import sys

try:
    import numpy as np
except ImportError:
    print("numpy is not installed for this python: skipped")
    sys.exit(77)

TOP = 20


def side(folder, name):
    ptr = np.fromfile(f"{folder}/{name}.ptr.i64", "<i8")
    term = np.fromfile(f"{folder}/{name}.term.i32", "<i4")
    value = np.fromfile(f"{folder}/{name}.value.u8", "u1").astype(np.int64)
    if not np.array_equal(value, np.fromfile(f"{folder}/{name}.value.f32", "<f4")):
        sys.exit(f"{name}: the floats are not the bytes")
    return ptr, term, value


def main():
    folder = sys.argv[1]
    n_terms = int(np.fromfile(f"{folder}/n_terms.i64", "<i8")[0])
    doc_ptr, doc_term, doc_value = side(folder, "docs")
    need_ptr, need_term, need_value = side(folder, "needs")
    n_docs, n_needs = len(doc_ptr) - 1, len(need_ptr) - 1
    ids = np.fromfile(f"{folder}/expected.ids.i32", "<i4").reshape(n_needs, TOP)
    totals = np.fromfile(f"{folder}/expected.totals.i64", "<i8").reshape(n_needs, TOP)

    order = np.argsort(doc_term, kind="stable")
    doc_of = np.repeat(np.arange(n_docs), np.diff(doc_ptr))[order]
    value_of = doc_value[order]
    start = np.searchsorted(doc_term[order], np.arange(n_terms + 1))
    rows = min(int(sys.argv[2]), n_needs) if len(sys.argv) > 2 else n_needs
    for q in np.unique(np.linspace(0, n_needs - 1, rows).astype(int)):
        sums = np.zeros(n_docs, np.int64)
        for i in range(need_ptr[q], need_ptr[q + 1]):
            t = need_term[i]
            sums[doc_of[start[t]:start[t + 1]]] += need_value[i] * value_of[start[t]:start[t + 1]]
        best = np.lexsort((np.arange(n_docs), -sums))[:TOP]
        if not np.array_equal(ids[q, :len(best)], best) or not np.array_equal(totals[q, :len(best)], sums[best]):
            sys.exit(f"need {q}: expected.* says {ids[q]} {totals[q]}, brute force {best} {sums[best]}")
        if (ids[q, len(best):] != -1).any():
            sys.exit(f"need {q}: more than {len(best)} documents")
    print(f"{rows} lists of {n_docs} documents agree")


main()
