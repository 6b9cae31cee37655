// Says, for each test, which mutants it runs and in which a value changes: to the file that OSTEOFLARE_TRACE names.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include "catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <string>

namespace {

class Tracer : public Catch::TestEventListenerBase {
public:
    using TestEventListenerBase::TestEventListenerBase;

    void testRunStarting(const Catch::TestRunInfo&) override
    {
        // What is initialised before main concerns every test.
        std::copy(std::begin(mutation::seen), std::end(mutation::seen), std::begin(before_));
    }

    void testCaseStarting(const Catch::TestCaseInfo&) override
    {
        std::copy(std::begin(before_), std::end(before_), std::begin(mutation::seen));
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
    unsigned char before_[mutation::most] = {};
    std::chrono::steady_clock::time_point begin_;
};

} // namespace

CATCH_REGISTER_LISTENER(Tracer)
