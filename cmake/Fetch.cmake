# Downloads what find_package didn't find, when RUSTCHAIN_FETCH_DEPS is ON: pinned versions, checked by SHA-256.
# OpenSSL and zlib are the system's in any case: they want its security updates.
include(FetchContent)
set(FETCHCONTENT_QUIET ON)
set(CMAKE_POLICY_VERSION_MINIMUM 3.5)  # libyaml 0.2.5 asks for less than CMake 4 grants

foreach(package IN LISTS missing)
  if(package STREQUAL libyaml-dev)
    set(BUILD_TESTING OFF CACHE BOOL "" FORCE)
    set(BUILD_SHARED_LIBS OFF CACHE BOOL "" FORCE)
    FetchContent_Declare(yaml
      URL https://github.com/yaml/libyaml/releases/download/0.2.5/yaml-0.2.5.tar.gz
      URL_HASH SHA256=c642ae9b75fee120b2d96c712538bd2cf283228d2337df2cf2988e3c02678ef4)
    FetchContent_MakeAvailable(yaml)
    set(yaml_library yaml)
  elseif(package STREQUAL libcli11-dev)
    FetchContent_Declare(CLI11
      URL https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.2.tar.gz
      URL_HASH SHA256=f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a)
    FetchContent_MakeAvailable(CLI11)
  elseif(package STREQUAL nlohmann-json3-dev)
    FetchContent_Declare(nlohmann_json
      URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
      URL_HASH SHA256=d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
    FetchContent_MakeAvailable(nlohmann_json)
  elseif(package STREQUAL libgtest-dev)
    set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
    FetchContent_Declare(googletest
      URL https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz
      URL_HASH SHA256=8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7)
    FetchContent_MakeAvailable(googletest)
  else()
    message(FATAL_ERROR "Missing: ${package}; it isn't downloaded, install it with the system's package manager")
  endif()
endforeach()
