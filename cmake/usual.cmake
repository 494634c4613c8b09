# The options of every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "kind of build" FORCE)
  set(CMAKE_CXX_FLAGS_RELEASE -O2 CACHE STRING "invariants stay checked: no NDEBUG" FORCE)
endif()

# For code that is compiled once and run once, or only parses, calls and prints.
set(TEND_LIGHT $<$<CONFIG:Release>:-O1>)
if(TEND_SANITIZE)
  set(TEND_LIGHT -O0)
endif()

# -Wextra includes -Wmissing-field-initializers, which reports incompletely filled structs. A field with a default in its struct
# (`= 0`, `= {}`) may be left out of a designated initializer; a field without one must be named wherever the struct is filled.
# GCC 12 warns of nothing else there, so a field that may be left out needs its `= {}` even if its type has a default.
set(TEND_WARNINGS -Wall -Wextra)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)   # tools/fuzz; clang 14 has no constant __builtin_fmaf and not all of GCC's pragmas
  # omp.h is a header of GCC, with an attribute that clang does not know.
  execute_process(COMMAND g++ -print-file-name=include OUTPUT_VARIABLE gcc_headers OUTPUT_STRIP_TRAILING_WHITESPACE)
  list(APPEND TEND_WARNINGS -Wno-unknown-pragmas -Wno-invalid-constexpr -idirafter ${gcc_headers} "-D__malloc__(...)=__malloc__")
endif()

find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Sloppiness is limited to what precompiled headers need.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# sanitize(TARGET PUBLIC|PRIVATE): adds the sanitizers of TEND_SANITIZE, if there are any.
function(sanitize target scope)
  if(TEND_SANITIZE)
    target_compile_options(${target} ${scope} -fsanitize=${TEND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    if(TEND_SANITIZE MATCHES "address.*undefined")   # addresses of all accesses are checked already; compiling takes 30 % less time
      target_compile_options(${target} ${scope} -fno-sanitize=null,object-size)
    endif()
    if(scope STREQUAL PUBLIC)
      target_link_options(${target} ${scope} -fsanitize=${TEND_SANITIZE})
    endif()
  endif()
endfunction()
