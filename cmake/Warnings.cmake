# The warnings that our own code is held to. -Werror is set by presets and CI, never here: another compiler's new
# warning must not keep a user from building.
option(RUSTCHAIN_WERROR "Turn warnings into errors" OFF)
add_library(rustchain_warnings INTERFACE)
if(MSVC)
  target_compile_options(rustchain_warnings INTERFACE /W4 $<$<BOOL:${RUSTCHAIN_WERROR}>:/WX>)
else()
  target_compile_options(rustchain_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                         -Wno-missing-field-initializers $<$<BOOL:${RUSTCHAIN_WERROR}>:-Werror>)
endif()
