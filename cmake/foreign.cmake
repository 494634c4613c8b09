# The libraries that every user of tend must link too: for our own build, and installed for find_package(tend). Their headers are
# named in one folder each (tools/rooms_check), never in ours. Sets tend_missing, the list of missing libraries.
set(tend_missing "")
find_package(Threads REQUIRED)
find_package(ZLIB QUIET)
find_package(LibArchive QUIET)
find_package(OpenSSL QUIET)
find_package(SQLite3 QUIET)
find_package(tomlplusplus QUIET)   # only headers on some systems, a library on others
find_package(PkgConfig QUIET)
foreach(library turbojpeg spng tiff webp)
  string(REGEX REPLACE "^(turbojpeg|webp)$" "lib\\1" module ${library})
  string(REPLACE tiff libtiff-4 module ${module})
  if(PkgConfig_FOUND AND NOT TARGET PkgConfig::${library})
    pkg_check_modules(${library} QUIET IMPORTED_TARGET ${module})
  endif()
  if(NOT TARGET PkgConfig::${library})
    list(APPEND tend_missing ${module})
  endif()
endforeach()

# PostgreSQL as a store of studies is optional: without libpq, a study on a server is an error that names the remedy.
if(PkgConfig_FOUND AND NOT TARGET PkgConfig::libpq)
  pkg_check_modules(libpq QUIET IMPORTED_TARGET libpq)
endif()

# find_package(dnnl) is not used: Debian's version requires OpenCL, which nothing here uses.
find_path(TEND_DNNL_INCLUDE dnnl.hpp)
find_library(TEND_DNNL_LIBRARY dnnl)
mark_as_advanced(TEND_DNNL_INCLUDE TEND_DNNL_LIBRARY)
if(TEND_DNNL_INCLUDE AND TEND_DNNL_LIBRARY AND NOT TARGET tend_dnnl)
  add_library(tend_dnnl UNKNOWN IMPORTED)
  set_target_properties(tend_dnnl PROPERTIES IMPORTED_LOCATION ${TEND_DNNL_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${TEND_DNNL_INCLUDE}
                        INTERFACE_LINK_LIBRARIES gomp)  # its number of threads is set to one
endif()
foreach(library tend_dnnl ZLIB::ZLIB LibArchive::LibArchive OpenSSL::Crypto SQLite::SQLite3 tomlplusplus::tomlplusplus)
  if(NOT TARGET ${library})
    list(APPEND tend_missing ${library})
  endif()
endforeach()
