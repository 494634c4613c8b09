# One test program per room: tend/ROOM/**/*_test.cpp -> ROOM_tests, tests/FOLDER/*_test.cpp -> FOLDER_tests, cli/*_test.cpp -> cli_tests.
# Each test has its program's name as label; examples/*.cpp are run too. The house's own tests (tests/house, tests/headers,
# tests/consumer) are labelled "house".
find_package(GTest REQUIRED)
include(GoogleTest)

# Tests are compiled with less optimization because each is compiled once and run once.
function(test_flags target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)   # one kind of code: a precompiled header suits one
  # An EXPECT in an unbraced if is fine; tests that count allocations replace new and delete together.
  target_compile_options(${target} PRIVATE ${TEND_WARNINGS} -Wno-dangling-else -Wno-mismatched-new-delete ${TEND_LIGHT})
  target_compile_definitions(${target} PRIVATE TEND_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TEND_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(TEND_SANITIZE)
    target_compile_definitions(${target} PRIVATE TEND_SANITIZED)
  endif()
  target_link_libraries(${target} PRIVATE tend::tend GTest::gtest nlohmann_json::nlohmann_json)
endfunction()

# All test programs share one precompiled <gtest/gtest.h>.
file(WRITE ${PROJECT_BINARY_DIR}/generated/test_main.cpp.new [[
#include <gtest/gtest.h>
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
]])
configure_file(${PROJECT_BINARY_DIR}/generated/test_main.cpp.new ${PROJECT_BINARY_DIR}/generated/test_main.cpp COPYONLY)
add_library(tend_test_main OBJECT ${PROJECT_BINARY_DIR}/generated/test_main.cpp)
test_flags(tend_test_main)
target_precompile_headers(tend_test_main PRIVATE <gtest/gtest.h> <string> <vector>)

function(test_program name)
  set(files ${ARGN})
  if(TEND_SANITIZE)
    list(FILTER files EXCLUDE REGEX "_allocation_test\\.cpp$")   # they replace operator new, and so do sanitizers
  endif()
  if(files)
    add_executable(${name} ${files} $<TARGET_OBJECTS:tend_test_main>)
    test_flags(${name})
    target_precompile_headers(${name} REUSE_FROM tend_test_main)
    unity(${name} 32768 ${files})
    if(TARGET tend_cli AND name MATCHES "^(cli|flow)_tests$")
      add_dependencies(${name} tend_cli)   # they run the program
    endif()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600 LABELS ${name})
  endif()
endfunction()

file(GLOB rooms RELATIVE ${PROJECT_SOURCE_DIR}/tend CONFIGURE_DEPENDS tend/*)
foreach(room IN LISTS rooms)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS tend/${room}/*_test.cpp)
  test_program(${room}_tests ${files})
endforeach()
foreach(folder every flow bugs mutants)
  file(GLOB files CONFIGURE_DEPENDS tests/${folder}/*.cpp)
  test_program(${folder}_tests ${files})
endforeach()
file(GLOB files CONFIGURE_DEPENDS cli/*_test.cpp)
test_program(cli_tests ${files})
target_sources(cli_tests PRIVATE cli/chart.cpp cli/layer_tables.cpp cli/live_view.cpp cli/report_rows.cpp cli/text.cpp cli/waiting.cpp)   # what the tests of cli call; the rest is tested through the program

# Each example is built and must run to its end.
file(GLOB files CONFIGURE_DEPENDS examples/*.cpp)
foreach(file IN LISTS files)
  get_filename_component(stem ${file} NAME_WE)
  add_executable(example_${stem} ${file})
  target_compile_options(example_${stem} PRIVATE ${TEND_WARNINGS})
  target_link_libraries(example_${stem} PRIVATE tend::tend)
  add_test(NAME example.${stem} COMMAND example_${stem} WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
  set_tests_properties(example.${stem} PROPERTIES LABELS examples TIMEOUT 300)
endforeach()

# The programs of benchmarks/ are built with the tests, so that they keep compiling; scripts build them by name.
if(NOT TEND_SANITIZE)
  file(GLOB files CONFIGURE_DEPENDS benchmarks/*/*.cpp)
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    add_executable(benchmark_${stem} ${file})
    target_compile_options(benchmark_${stem} PRIVATE ${TEND_WARNINGS} -O2)
    target_link_libraries(benchmark_${stem} PRIVATE tend::tend)
  endforeach()
endif()

# house_test(NAME COMMAND...): a script that checks the tree or the build.
function(house_test name)
  add_test(NAME house.${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(house.${name} PROPERTIES LABELS house TIMEOUT 900 COST 100 ENVIRONMENT
    "TEND_BUILD=${PROJECT_BINARY_DIR};CXX=${CMAKE_CXX_COMPILER};CMAKE=${CMAKE_COMMAND};PYTHONDONTWRITEBYTECODE=1")
endfunction()
if(NOT TEND_SANITIZE)
  enable_language(C)
  add_library(torture SHARED tests/torture/shim.c)   # for LD_PRELOAD
  target_link_libraries(torture PRIVATE ${CMAKE_DL_LIBS})
  add_executable(torture_flips tests/torture/flips.cpp)
  test_flags(torture_flips)
  set_target_properties(torture torture_flips PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  file(GLOB scripts CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} tests/house/*_test.py tests/headers/*_test.py tests/consumer/*_test.py)
  foreach(script IN LISTS scripts)
    get_filename_component(stem ${script} NAME_WE)
    house_test(${stem} ${Python3_EXECUTABLE} ${script})
  endforeach()
  # A sample of each torture test; tests/torture/run runs all cases.
  foreach(sample kill=8 signals=6 faults=40 pairs=4 power=24 places=1 flips=600 workers=12 server=6)
    string(REPLACE "=" ";" sample ${sample})
    list(GET sample 0 stem)
    list(GET sample 1 count)
    add_test(NAME torture.${stem} COMMAND ${Python3_EXECUTABLE} tests/torture/${stem}.py --count ${count} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(torture.${stem} PROPERTIES LABELS torture TIMEOUT 300 SKIP_RETURN_CODE 77 ENVIRONMENT
      "TEND_BUILD=${PROJECT_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
  endforeach()
endif()
