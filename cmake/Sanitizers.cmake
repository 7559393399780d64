# RUSTCHAIN_SANITIZE=address,undefined (or thread) builds everything with these sanitizers.
set(RUSTCHAIN_SANITIZE "" CACHE STRING "Sanitizers, separated by commas")
add_library(rustchain_sanitizers INTERFACE)
if(RUSTCHAIN_SANITIZE)
  target_compile_options(rustchain_sanitizers INTERFACE -fsanitize=${RUSTCHAIN_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(rustchain_sanitizers INTERFACE -fsanitize=${RUSTCHAIN_SANITIZE})
endif()
