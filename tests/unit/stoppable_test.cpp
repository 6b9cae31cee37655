#include "catch.hpp"

#include "solvers/ensemble.hpp"

#include <atomic>
#include <thread>

using namespace osteoflare;

TEST_CASE("a computation that is told to stop ends soon, on all its threads", "[solvers]")
{
    std::atomic<bool> wish = false;
    std::atomic<std::size_t> done = 0;
    const auto compute = [&] {
        const solvers::Stoppable stoppable(&wish);
        solvers::for_each_member(1000, 2, [&](std::size_t) {
            solvers::for_each_member(1000, 1, [&](std::size_t) { // those inside hear of it, too
                wish = wish || ++done == 5;
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
    }
    CHECK(solvers::stop_wish() == &wish);
}
