# unity(TARGET BYTES SOURCE...): compiles the sources of a room together, in groups of about BYTES, because the compiler spends
# most of the time of a file on headers that it shares with others: the library builds in a third of the time. After a change in a
# file, its group is compiled again. Files that list a whole shelf (*_registry.cpp) are compiled separately. Names in the
# anonymous namespaces of one room must therefore differ, and each test file has its own namespace. The compiler reports names
# that do not differ.
function(unity target bytes_of_group)
  set(room "")
  foreach(source IN LISTS ARGN)
    if(source MATCHES "_registry\\.cpp$")
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
      continue()
    endif()
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE place)
    string(REGEX REPLACE "^(tend|tests)/([^/]+)/.*" "\\2" its_room ${place})
    file(SIZE ${source} size)
    if(NOT its_room STREQUAL room)
      set(room ${its_room})
      set(number 1)
      set(taken 0)
    elseif(taken GREATER bytes_of_group)
      set(taken 0)
      math(EXPR number "${number} + 1")
    endif()
    math(EXPR taken "${taken} + ${size}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${room}_${number})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
