#include "catch.hpp"

#include "solvers/ensemble.hpp"

#include <atomic>
#include <thread>

using namespace osteoflare;

TEST_CASE("a computation that is told to stop ends soon, on all its threads", "[solvers]")
{
    std::atomic<bool> wish = false;
    std::atomic<std::size_t> begun = 0, done = 0;
    const auto compute = [&] {
        const solvers::Stoppable stoppable(&wish);
        solvers::for_each_member(2, 2, [&](std::size_t) {
            ++begun;
            for (std::size_t patience = 10'000'000; begun < 2 && patience > 0; --patience) { // each on its thread
                std::this_thread::yield();
            }
            solvers::for_each_member(1000, 1, [&](std::size_t) { // those inside hear of it, too
                if (++done == 5) {
                    wish = true;
                }
            });
        });
    };
    CHECK_THROWS_AS(compute(), solvers::Stopped);
    CHECK(done < 8);
}

TEST_CASE("whoever is not told to stop goes on, also beside one who is", "[solvers]")
{
    const std::atomic<bool> wish = true;
    const solvers::Stoppable stoppable(&wish);
    CHECK_THROWS_AS(solvers::stop_if_wished(), solvers::Stopped);
    std::size_t done = 0;
    std::thread other([&] { solvers::for_each_member(10, 1, [&](std::size_t) { ++done; }); });
    other.join();
    CHECK(done == 10);
    {
        const solvers::Stoppable nobody(nullptr);
        CHECK_NOTHROW(solvers::stop_if_wished());
        const std::atomic<bool> no = false;
        const solvers::Stoppable not_yet(&no);
        CHECK_NOTHROW(solvers::stop_if_wished());
    }
    CHECK(solvers::stop_wish() == &wish);
}
