# Installs the build into a fresh folder, builds the consumer's project against it and runs it.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(result)
    message(FATAL_ERROR "${ARGN} failed:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G Ninja -D CMAKE_CXX_COMPILER=${COMPILER} -D "CMAKE_CXX_FLAGS=${FLAGS}"
    -D CMAKE_PREFIX_PATH=${WORK}/installed)
run(${CMAKE_COMMAND} --build ${WORK}/build)
set(ENV{OSTEOFLARE_LIBRARY} ${WORK}/installed/share/osteoflare/library)
run(${WORK}/build/consumer)
if(NOT output MATCHES "onset on day 50\\.8[78]")
  message(FATAL_ERROR "the consumer printed: ${output}")
endif()
unset(ENV{OSTEOFLARE_LIBRARY})
# The installed program finds the library that was installed with it.
run(${WORK}/installed/bin/osteoflare list genotypes)
