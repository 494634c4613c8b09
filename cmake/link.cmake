# link_foreign(TARGET): header-only libraries are needed only to build TARGET, the others also by every user that links it.
include(foreign)
if(tend_missing)
  message(FATAL_ERROR "missing: ${tend_missing}; tools/packages.txt lists the Debian packages, ./run installs them")
endif()
find_package(nlohmann_json REQUIRED)

function(link_foreign target)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> tend_dnnl tomlplusplus::tomlplusplus
                        ZLIB::ZLIB LibArchive::LibArchive OpenSSL::Crypto SQLite::SQLite3 PkgConfig::turbojpeg PkgConfig::spng
                        PkgConfig::tiff PkgConfig::webp Threads::Threads)
  if(TARGET PkgConfig::libpq AND TEND_POSTGRESQL)
    target_link_libraries(${target} PRIVATE $<LINK_ONLY:PkgConfig::libpq>)
    file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tend/store/postgresql/*.cpp)   # the only ones that see it
    set_source_files_properties(${files} PROPERTIES COMPILE_DEFINITIONS TEND_HAS_POSTGRESQL INCLUDE_DIRECTORIES "${libpq_INCLUDE_DIRS}")
  endif()
endfunction()
