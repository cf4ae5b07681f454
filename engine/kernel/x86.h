/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that x86 variants share, and what the processor and the operating system allow; private to this folder. */
#ifndef DJ_KERNEL_X86_H
#define DJ_KERNEL_X86_H

#include "engine/kernel/variant.h"

bool dj_x86_has_avx2(void);
bool dj_x86_has_avxvnni(void);
bool dj_x86_has_vnni(void);
/* Asks the operating system for the tile registers; once granted they belong to the whole process. */
bool dj_x86_has_amx(void);

void dj_avx2_head(const uint8_t *head, uint64_t tile_bytes, uint32_t n_tiles, const DjHeadJob *jobs, uint32_t n_jobs);
uint32_t dj_avx2_filter_lex(const uint32_t *lex, uint32_t n, uint32_t at_least, uint16_t *places);
void dj_avx2_maxima(const uint32_t *lex, uint32_t n, uint32_t *maxima);
uint32_t dj_avx2_filter_total(const uint32_t *lex, const int32_t *dot, uint32_t n, float a, float b, float c,
                              const float *threshold, uint16_t *places);
void dj_avx2_sketch_sums(const uint8_t *sketches, const uint32_t *docs, uint32_t n, const int8_t *need, uint32_t dim,
                         int32_t *sums);

void dj_avx512_scatter(uint32_t *lex, const DjPosting *lists, uint32_t n_lists);
void dj_avx512_head(const uint8_t *head, uint64_t tile_bytes, uint32_t n_tiles, const DjHeadJob *jobs, uint32_t n_jobs);
uint32_t dj_avx512_filter_lex(const uint32_t *lex, uint32_t n, uint32_t at_least, uint16_t *places);
void dj_avx512_maxima(const uint32_t *lex, uint32_t n, uint32_t *maxima);
uint32_t dj_avx512_filter_total(const uint32_t *lex, const int32_t *dot, uint32_t n, float a, float b, float c,
                                const float *threshold, uint16_t *places);
int32_t dj_avx512_dot(const int8_t *x, const int8_t *y, uint32_t dim);
void dj_avx512_sketch_sums(const uint8_t *sketches, const uint32_t *docs, uint32_t n, const int8_t *need, uint32_t dim,
                           int32_t *sums);

#endif
