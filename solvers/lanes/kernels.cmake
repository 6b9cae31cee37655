# osteoflare_add_kernels(TARGET GENERATOR KERNEL...)
#
# Runs GENERATOR (a program that writes KERNEL_kernel.hpp for each KERNEL into the folder it is given) and compiles each
# kernel into the library TARGET, once per instruction set. Which of them runs is decided when the program runs; the header
# "FOLDER/kernels/TARGET.hpp" (FOLDER: where this is called) declares the engines of each kernel as KERNEL_engines.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(OSTEOFLARE_INSTRUCTION_SETS avx512 avx2 portable)
else()
  set(OSTEOFLARE_INSTRUCTION_SETS portable)
endif()
# Scheduled for a machine with such registers, instead of for any: 2 % faster on Zen 4, and no other instructions.
set(OSTEOFLARE_FLAGS_avx512 -mavx512f -mavx512dq -mavx512vl -mavx2 -mfma -mtune=icelake-server)
set(OSTEOFLARE_FLAGS_avx2 -mavx2 -mfma)
set(OSTEOFLARE_FLAGS_portable "")

# osteoflare_add_per_instruction_set(TARGET TEMPLATE STEM): the sources STEM_INSTRUCTIONSET.cpp, made of TEMPLATE, which finds
# ${INSTRUCTION_SET} and the caller's variables.
function(osteoflare_add_per_instruction_set target template stem)
  foreach(INSTRUCTION_SET IN LISTS OSTEOFLARE_INSTRUCTION_SETS)
    set(source ${stem}_${INSTRUCTION_SET}.cpp)
    configure_file(${template} ${source} @ONLY)
    target_sources(${target} PRIVATE ${source})
    set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${OSTEOFLARE_FLAGS_${INSTRUCTION_SET}}")
  endforeach()
  # gcc 12 takes its own intrinsics' undefined registers for uninitialised ones (its bug 105593).
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endfunction()
function(osteoflare_add_kernels target generator)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  set(headers ${ARGN})
  list(TRANSFORM headers PREPEND ${folder}/)
  list(TRANSFORM headers APPEND _kernel.hpp)
  add_custom_command(OUTPUT ${headers}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${generator} ${folder}
    DEPENDS ${generator} COMMENT "Writing kernels" VERBATIM)
  add_library(${target} STATIC ${headers})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  set(declarations "#pragma once\n\n#include \"solvers/lanes/lane_problem.hpp\"\n\n#include <array>\n\n")
  string(APPEND declarations "namespace osteoflare::kernels {\n\n")
  foreach(KERNEL IN LISTS ARGN)
    osteoflare_add_per_instruction_set(${target} ${PROJECT_SOURCE_DIR}/solvers/lanes/engine.cpp.in ${folder}/${KERNEL})
    set(engines "")
    foreach(INSTRUCTION_SET IN LISTS OSTEOFLARE_INSTRUCTION_SETS)
      string(APPEND declarations "extern const solvers::lanes::LaneEngine ${KERNEL}_${INSTRUCTION_SET};\n")
      list(APPEND engines "&${KERNEL}_${INSTRUCTION_SET}")
    endforeach()
    list(LENGTH engines count)
    list(JOIN engines ", " engines)
    string(APPEND declarations "inline constexpr std::array<const solvers::lanes::LaneEngine*, ${count}> "
      "${KERNEL}_engines = {${engines}};\n\n")
  endforeach()
  file(RELATIVE_PATH where ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${where}/kernels/${target}.hpp CONTENT "${declarations}} // namespace osteoflare::kernels\n" @ONLY)
endfunction()
