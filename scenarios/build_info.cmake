# Writes build_info.cpp; touches it only when something changed, so that nothing is rebuilt in vain.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
                OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
set(dirty false)
if(failed)
  set(commit "no commit")
else()
  execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
                  OUTPUT_VARIABLE changes ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(changes)
    set(dirty true)
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "scenarios/build_info.hpp"

namespace osteoflare::build {

const std::string_view version = "@VERSION@";
const std::string_view commit = "@commit@";
const std::string_view compiler = "@COMPILER@";
const std::string_view instruction_set = "@INSTRUCTION_SET@";
const std::string_view model_hash = "@MODEL_HASH@";
const bool dirty = @dirty@;

} // namespace osteoflare::build
]])
