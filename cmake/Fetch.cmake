# Downloads what find_package didn't find, when RUSTCHAIN_FETCH_DEPS is ON: pinned versions, checked by SHA-256.
# OpenSSL and zlib are the system's in any case: they want its security updates.
include(FetchContent)
set(FETCHCONTENT_QUIET ON)
set(CMAKE_POLICY_VERSION_MINIMUM 3.5)  # yaml-cpp 0.8.0 asks for less than CMake 4 grants

foreach(package IN LISTS missing)
  if(package STREQUAL libyaml-cpp-dev)
    set(YAML_CPP_BUILD_TESTS OFF CACHE BOOL "" FORCE)
    set(YAML_CPP_BUILD_TOOLS OFF CACHE BOOL "" FORCE)
    FetchContent_Declare(yaml-cpp
      URL https://github.com/jbeder/yaml-cpp/archive/refs/tags/0.8.0.tar.gz
      URL_HASH SHA256=fbe74bbdcee21d656715688706da3c8becfd946d92cd44705cc6098bb23b3a16)
    FetchContent_MakeAvailable(yaml-cpp)
    set(rustchain_yaml_fetched ON)
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
