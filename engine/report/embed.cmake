# SPDX-License-Identifier: GPL-3.0-or-later
# Writes a file into a C array with a closing NUL: cmake -DIN=style.css -DOUT=style.c -DNAME=dj_report_style -P embed.cmake
file(READ ${IN} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "#include \"engine/report/style.h\"\n\nconst unsigned char ${NAME}[] = {\n${bytes}0x00};\n")
