# SPDX-License-Identifier: GPL-3.0-or-later
# Writes what the program's sources come to: cmake -DROOT=<source tree> -DOUT=sources.c -P sources.cmake
# Every file counts that the behaviour of the program rests on and that a settings bundle does not hold; names are
# relative and sorted, so the same sources give the same value on every machine.
set(files)
foreach(folder engine indexer config app)
  file(GLOB_RECURSE found RELATIVE ${ROOT} ${ROOT}/${folder}/*.c ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cc
       ${ROOT}/${folder}/*.def ${ROOT}/${folder}/*.css ${ROOT}/${folder}/*.js)
  list(APPEND files ${found})
endforeach()
list(SORT files)
set(all "")
foreach(file ${files})
  file(SHA256 ${ROOT}/${file} hash)
  string(APPEND all "${hash} ${file}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 16 hash)
file(WRITE ${OUT} "#include \"app/build_identity.h\"\n\nconst char dj_build_sources[] = \"${hash}\";\n")
