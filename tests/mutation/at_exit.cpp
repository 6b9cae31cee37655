// Says which mutants a program holds that is no test: to the file that OSTEOFLARE_MADE names.
#include <cstdio>

namespace {

struct AtExit {
    ~AtExit()
    {
        const char* name = std::getenv("OSTEOFLARE_MADE");
        if (std::FILE* file = name != nullptr ? std::fopen(name, "a") : nullptr) {
            for (unsigned id = 0; id < mutation::most; ++id) {
                if (mutation::seen[id] != 0) {
                    std::fprintf(file, "%u ", id);
                }
            }
            std::fclose(file);
        }
    }
};

const AtExit at_exit;

} // namespace
