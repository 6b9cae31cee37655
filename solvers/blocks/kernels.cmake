# osteoflare_add_block_kernels(TARGET GENERATOR SYSTEM)
#
# As osteoflare_add_kernels, for a system of blocks with a border: GENERATOR writes SYSTEM_block_kernel.hpp and
# SYSTEM_border_kernel.hpp; the header "FOLDER/kernels/TARGET.hpp" declares the engines as SYSTEM_engines.
function(osteoflare_add_block_kernels target generator system)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  set(SYSTEM ${system})
  set(BLOCK ${system}_block)
  set(BORDER ${system}_border)
  set(headers ${folder}/${BLOCK}_kernel.hpp ${folder}/${BORDER}_kernel.hpp)
  add_custom_command(OUTPUT ${headers}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${generator} ${folder}
    DEPENDS ${generator} COMMENT "Writing kernels of blocks" VERBATIM)
  add_library(${target} STATIC ${headers})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  osteoflare_add_per_instruction_set(${target} ${PROJECT_SOURCE_DIR}/solvers/blocks/engine.cpp.in ${folder}/${SYSTEM})
  set(declarations "")
  set(engines "")
  foreach(INSTRUCTION_SET IN LISTS OSTEOFLARE_INSTRUCTION_SETS)
    string(APPEND declarations "extern const solvers::blocks::BlockEngine ${SYSTEM}_${INSTRUCTION_SET};\n")
    list(APPEND engines "&${SYSTEM}_${INSTRUCTION_SET}")
  endforeach()
  list(LENGTH engines count)
  list(JOIN engines ", " engines)
  file(RELATIVE_PATH where ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${where}/kernels/${target}.hpp @ONLY
       CONTENT "#pragma once\n\n#include \"solvers/blocks/block_problem.hpp\"\n\n#include <array>\n\nnamespace osteoflare::kernels {\n\n${declarations}inline constexpr std::array<const solvers::blocks::BlockEngine*, ${count}> ${SYSTEM}_engines = {${engines}};\n\n} // namespace osteoflare::kernels\n")
endfunction()
