// Says, for each test, which mutants it runs and in which a value changes: to the file that OSTEOFLARE_TRACE names.
#include "catch.hpp"

#include <chrono>
#include <cstdio>
#include <string>

namespace {

class Tracer : public Catch::TestEventListenerBase {
public:
    using TestEventListenerBase::TestEventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo&) override
    {
        for (unsigned char& bits : mutation::seen) {
            bits &= mutation::made;
        }
        begin_ = std::chrono::steady_clock::now();
    }

    void testCaseEnded(const Catch::TestCaseStats& stats) override
    {
        const char* name = std::getenv("OSTEOFLARE_TRACE");
        std::FILE* file = name != nullptr ? std::fopen(name, "a") : nullptr;
        if (file == nullptr) {
            return;
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
        std::fprintf(file, "%d\t%.4f\t%s\t", stats.totals.assertions.allOk() ? 1 : 0, took.count(),
                     stats.testInfo.name.c_str());
        for (unsigned id = 0; id < mutation::most; ++id) {
            if (mutation::seen[id] != 0) {
                std::fprintf(file, "%u:%u ", id, static_cast<unsigned>(mutation::seen[id]));
            }
        }
        std::fprintf(file, "\n");
        std::fclose(file);
    }

private:
    std::chrono::steady_clock::time_point begin_;
};

} // namespace

CATCH_REGISTER_LISTENER(Tracer)
