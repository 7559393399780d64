# With the C library linked in, the program needs nothing of the system and starts sooner: nothing is loaded and
# nothing has to be found. Where that can't be done, it is linked as usual.
if(NOT RUSTCHAIN_STATIC OR NOT RUSTCHAIN_STATIC_LIBC OR RUSTCHAIN_SANITIZE OR NOT CMAKE_BUILD_TYPE STREQUAL "Release"
   OR NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  return()
endif()
if(NOT yaml_library MATCHES "^yaml$|\\.a$" OR NOT zlib_archive OR NOT re2_library MATCHES "\\.a$")
  message(STATUS "Not everything can be linked in: the C library isn't, either")
  return()
endif()

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LINK_OPTIONS -static)
check_cxx_source_compiles("#include <nss.h>
int main() { return __nss_configure_lookup(\"hosts\", \"files dns\"); }" rustchain_static_libc)
unset(CMAKE_REQUIRED_LINK_OPTIONS)
if(NOT rustchain_static_libc)
  return()
endif()

target_link_options(rustchain PRIVATE -static)
# The linker warns of functions that load modules of the name services; src/platform/name_services_linux.cpp
# sees to it that they don't.
include(CheckLinkerFlag)
check_linker_flag(CXX -Wl,--no-warnings rustchain_linker_can_be_quiet)
if(rustchain_linker_can_be_quiet)
  target_link_options(rustchain PRIVATE -Wl,--no-warnings)
endif()
set_source_files_properties(src/platform/name_services_linux.cpp PROPERTIES COMPILE_DEFINITIONS
                            RUSTCHAIN_STATIC_LIBC)
