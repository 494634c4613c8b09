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
endfunction()
