# Web pages from their sources: packages of the npm registry as package-lock.json names them (by checksum), and esbuild.
# Nothing is fetched when a page is opened: everything it needs stands in it.
find_program(OSTEOFLARE_NPM npm)
find_program(OSTEOFLARE_ESBUILD esbuild)
if(OSTEOFLARE_NPM AND OSTEOFLARE_ESBUILD)
  set(OSTEOFLARE_CAN_BUNDLE ON)
else()
  set(OSTEOFLARE_CAN_BUNDLE OFF)
endif()
option(OSTEOFLARE_BUNDLE "Put the scripts of pages into the program: needs npm, esbuild and, once, a network" ${OSTEOFLARE_CAN_BUNDLE})
if(OSTEOFLARE_BUNDLE AND NOT OSTEOFLARE_CAN_BUNDLE)
  message(FATAL_ERROR "OSTEOFLARE_BUNDLE needs npm and esbuild: install Debian's packages npm and esbuild, or leave it OFF")
elseif(NOT OSTEOFLARE_BUNDLE)
  message(STATUS "without npm and esbuild: pictures in reports will stand still")
endif()

# Fetches what FOLDER/package-lock.json names, for osteoflare_bundle to find.
function(osteoflare_npm_packages folder)
  set(here ${CMAKE_CURRENT_BINARY_DIR}/${folder})
  add_custom_command(OUTPUT ${here}/node_modules/.package-lock.json
    COMMAND ${CMAKE_COMMAND} -E make_directory ${here}
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/package.json
      ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/package-lock.json ${here}
    COMMAND ${OSTEOFLARE_NPM} ci --prefix ${here} --ignore-scripts --no-audit --no-fund --loglevel=error
    DEPENDS ${folder}/package.json ${folder}/package-lock.json
    COMMENT "Fetching the npm packages of ${folder}" VERBATIM)
endfunction()

# Makes OUTPUT (.js or .css), minified and self-contained, from FOLDER/ENTRY and what that imports. FOLDER may name
# packages of osteoflare_npm_packages(FOLDER). Further arguments go to esbuild.
function(osteoflare_bundle output folder entry)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.js ${folder}/*.css ${folder}/*.json)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${CMAKE_CURRENT_BINARY_DIR}/${folder}/node_modules
      ${OSTEOFLARE_ESBUILD} ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${entry} --bundle --minify --format=iife --target=es2020
      --charset=utf8 --log-level=warning --outfile=${output} ${ARGN}
    DEPENDS ${sources} ${CMAKE_CURRENT_BINARY_DIR}/${folder}/node_modules/.package-lock.json
    COMMENT "Bundling ${folder}/${entry}" VERBATIM)
endfunction()
