# What is installed beside the program, and packages of it: `cpack` in the build folder makes Debian packages of program
# and development files, `cpack --config CPackSourceConfig.cmake` an archive of the sources.
set(packaging ${CMAKE_CURRENT_LIST_DIR})
set(packaged ${PROJECT_BINARY_DIR}/packaging)
find_program(OSTEOFLARE_PACKAGING_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
file(STRINGS ${PROJECT_SOURCE_DIR}/CITATION.cff released REGEX "^date-released:")
string(REGEX REPLACE "^date-released: *" "" released "${released}")

# A manual page, from what --help says.
if(OSTEOFLARE_PACKAGING_PYTHON)
  set(page ${PROJECT_SOURCE_DIR}/docs/reference/command_line.md)
  add_custom_command(OUTPUT ${packaged}/osteoflare.1.gz
    COMMAND ${CMAKE_COMMAND} -E make_directory ${packaged}
    COMMAND ${OSTEOFLARE_PACKAGING_PYTHON} ${packaging}/manual.py $<TARGET_FILE:osteoflare> ${PROJECT_VERSION} ${released}
      ${packaged}/osteoflare.1.gz
    DEPENDS osteoflare ${packaging}/manual.py ${page}
    COMMENT "Writing the manual page" VERBATIM)
  # What the program is made of, as ninja and dpkg know it.
  set(materials "")
  find_program(OSTEOFLARE_DPKG dpkg-query)
  if(CMAKE_GENERATOR STREQUAL "Ninja" AND OSTEOFLARE_DPKG)
    set(materials ${packaged}/osteoflare.spdx.json)
    add_custom_command(OUTPUT ${materials}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${packaged}
      COMMAND ${OSTEOFLARE_PACKAGING_PYTHON} ${packaging}/bill_of_materials.py ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
        $<TARGET_FILE:osteoflare> ${PROJECT_VERSION} ${released} ${materials}
      DEPENDS osteoflare ${packaging}/bill_of_materials.py
      COMMENT "Writing the bill of materials" VERBATIM)
    install(FILES ${materials} DESTINATION ${CMAKE_INSTALL_DATADIR}/osteoflare COMPONENT program OPTIONAL)
  endif()
  add_custom_target(osteoflare_papers ALL DEPENDS ${packaged}/osteoflare.1.gz ${materials})
  install(FILES ${packaged}/osteoflare.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program OPTIONAL)
endif()
install(FILES ${packaging}/completion.bash RENAME osteoflare
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)

# Debian packages.
find_program(OSTEOFLARE_GZIP gzip)
set(maintainer "The Osteoflare developers <developers@osteoflare.invalid>")
if(OSTEOFLARE_GZIP)
  execute_process(COMMAND date -R -u -d ${released} OUTPUT_VARIABLE when OUTPUT_STRIP_TRAILING_WHITESPACE)
  file(CONFIGURE OUTPUT ${packaged}/changelog.Debian @ONLY CONTENT
"osteoflare (@PROJECT_VERSION@-1) unstable; urgency=medium

  * Version @PROJECT_VERSION@: see changelog.gz.

 -- @maintainer@  @when@
")
  configure_file(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${packaged}/changelog COPYONLY)
  execute_process(COMMAND ${OSTEOFLARE_GZIP} -9nkf changelog changelog.Debian WORKING_DIRECTORY ${packaged})
  configure_file(${packaging}/copyright ${packaged}/copyright COPYONLY)
  foreach(package program:osteoflare development:libosteoflare-dev)
    string(REPLACE ":" ";" package ${package})
    list(GET package 0 component)
    list(GET package 1 name)
    install(FILES ${packaged}/copyright ${packaged}/changelog.gz ${packaged}/changelog.Debian.gz
      DESTINATION ${CMAKE_INSTALL_DOCDIR}/../${name} COMPONENT ${component})
  endforeach()
endif()

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # cpack packs what is built
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME osteoflare)
set(CPACK_PACKAGE_VENDOR "The Osteoflare developers")
set(CPACK_PACKAGE_CONTACT "${maintainer}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator of innate-immune bone inflammation")
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME osteoflare)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "gnuplot-nox | gnuplot, fonts-dejavu-core")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "How an imbalance of IL-10 and IL-1beta turns a bone site from healthy to
chronically inflamed, wakes osteoclasts and costs bone, as in chronic
non-bacterial osteomyelitis and its mouse models: for any cross, injury and
treatment that can be written down in a short text file.
.
For research and teaching, never for the care of a person.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libosteoflare-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libboost1.81-dev, libceres-dev, libcairo2-dev, libeigen3-dev, libfmt-dev, libhdf5-dev, libssl-dev, libtomlplusplus-dev, libxxhash-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "Static libraries and headers of Osteoflare's models, solvers, results files
and scenarios, and a package that CMake's find_package(osteoflare) finds.")

# The sources are those of a commit, as git archives it, and say which it was.
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_PACKAGE_FILE_NAME osteoflare-${PROJECT_VERSION})
set(CPACK_SOURCE_INSTALLED_DIRECTORIES "")
set(CPACK_INSTALL_SCRIPTS ${packaging}/source_archive.cmake)
set(CPACK_OSTEOFLARE_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
