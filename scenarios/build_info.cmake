# Writes build_info.cpp; touches it only when something changed, so that nothing is rebuilt in vain.
# The commit is git's, where SOURCE is a repository's own folder and not just somewhere in another one; else that of the
# source archive, which git wrote into commit.txt when it made the archive.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD --show-prefix
                OUTPUT_VARIABLE answer ERROR_QUIET RESULT_VARIABLE failed)
set(dirty false)
file(READ ${SOURCE}/scenarios/packaging/commit.txt archived)
if(NOT failed AND answer MATCHES "^\n([0-9a-f]+)")
  set(commit ${CMAKE_MATCH_1})
  execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
                  OUTPUT_VARIABLE changes ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(changes)
    set(dirty true)
  endif()
elseif(archived MATCHES "^([0-9a-f]+)")
  string(SUBSTRING ${CMAKE_MATCH_1} 0 12 commit)
else()
  set(commit "no commit")
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
