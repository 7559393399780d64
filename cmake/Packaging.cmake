# What is installed, and the packages that cpack makes: a .deb and a .tar.xz. What the program can tell of itself
# (completions, the man page) it tells when it is installed.
include(GNUInstallDirs)
set(share ${CMAKE_INSTALL_DATADIR}/rustchain)

install(TARGETS rustchain RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.json")
install(DIRECTORY missions DESTINATION ${share} PATTERN __pycache__ EXCLUDE)

set(CPACK_GENERATOR DEB TXZ)
set(CPACK_PACKAGE_NAME rustchain)
set(CPACK_PACKAGE_VENDOR "The rustchain authors")
set(CPACK_PACKAGE_CONTACT "The rustchain authors <rustchain@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Runs missions: YAML files of commands, files, HTTP and model calls")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_CURRENT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES OFF)  # it is linked without symbols
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # of a program that needs nothing: nothing
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
