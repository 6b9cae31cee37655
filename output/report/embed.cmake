# Writes OUTPUT, a C++ source that holds texts. HEADER declares a function for each of them; TEXTS is a list of
# NAME=FILE or NAME=FILE|FILE…, whose texts follow each other. A name without a file is an empty text.
set(functions "")
foreach(entry IN LISTS TEXTS)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" none "${entry}")
  set(name ${CMAKE_MATCH_1})
  string(REPLACE "|" ";" files "${CMAKE_MATCH_2}")
  set(text "")
  foreach(file IN LISTS files)
    file(READ ${file} part)
    string(APPEND text "${part}")
  endforeach()
  string(APPEND functions "
std::string_view ${name}()
{
    return R\"bundle(${text})bundle\";
}
")
endforeach()
file(WRITE ${OUTPUT} "// Made by the build from the sources of the page.
#include \"${HEADER}\"

namespace osteoflare::output {
${functions}
} // namespace osteoflare::output
")
