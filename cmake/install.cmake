# `cmake --install` and find_package(tend): the library, its headers (also generated ones, no internals of kernels), the program.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

target_include_directories(tend PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS tend EXPORT tend_targets)
if(TARGET tend_cli)
  install(TARGETS tend_cli)
  # The program writes its manual page and its completions itself.
  foreach(words IN ITEMS "man|tend.1|${CMAKE_INSTALL_MANDIR}/man1" "completion bash|tend|${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
                         "completion fish|tend.fish|${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
    string(REPLACE "|" ";" words "${words}")
    list(GET words 0 verb)
    list(GET words 1 file)
    list(GET words 2 folder)
    string(REPLACE " " ";" verb "${verb}")
    set(made ${PROJECT_BINARY_DIR}/generated/share/${file})
    add_custom_command(OUTPUT ${made} COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated/share
                       COMMAND tend_cli ${verb} > ${made} DEPENDS tend_cli VERBATIM)
    list(APPEND shared_files ${made})
    install(FILES ${made} DESTINATION ${folder})
  endforeach()
  add_custom_target(tend_shared_files ALL DEPENDS ${shared_files})
endif()
install(DIRECTORY examples/lecture DESTINATION ${CMAKE_INSTALL_DATADIR}/tend)
set(headers FILES_MATCHING PATTERN "*.h" PATTERN "*_test.h" EXCLUDE PATTERN "test_*.h" EXCLUDE PATTERN onednn EXCLUDE PATTERN postgresql EXCLUDE PATTERN simd EXCLUDE PATTERN reference EXCLUDE)
install(DIRECTORY tend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${headers})
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/tend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${headers})

set(place ${CMAKE_INSTALL_LIBDIR}/cmake/tend)
install(EXPORT tend_targets FILE tend-targets.cmake NAMESPACE tend:: DESTINATION ${place})
configure_package_config_file(cmake/tend-config.cmake.in tend-config.cmake INSTALL_DESTINATION ${place})
write_basic_package_version_file(tend-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/foreign.cmake ${PROJECT_BINARY_DIR}/tend-config.cmake ${PROJECT_BINARY_DIR}/tend-config-version.cmake DESTINATION ${place})
