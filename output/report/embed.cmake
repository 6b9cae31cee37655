# Writes OUTPUT, a C++ source that holds the texts of the files SCRIPT, which may be none, and STYLE.
set(script "")
if(SCRIPT)
  file(READ ${SCRIPT} script)
endif()
file(READ ${STYLE} style)
file(WRITE ${OUTPUT} "// Made by the build from the sources of the page.
#include \"output/report/report_bundle.hpp\"

namespace osteoflare::output {

std::string_view report_script()
{
    return R\"bundle(${script})bundle\";
}

std::string_view report_style()
{
    return R\"bundle(${style})bundle\";
}

} // namespace osteoflare::output
")
