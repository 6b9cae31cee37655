#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace osteoflare::scenarios {

/// The processes that share a sweep: one, or those that mpirun has started. The first hands out blocks; the others ask
/// for them. Two implementations: team_alone.cpp, and team_mpi.cpp where the program is built with MPI.
class Team {
public:
    /// Joins the team. Throws InputError if several processes were started of a program that is built without MPI.
    Team();
    /// Leaves it; the first process sends the others home before.
    ~Team();
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    std::size_t rank() const; ///< 0 for the first
    std::size_t size() const;

    using Next = std::function<std::optional<std::size_t>()>;
    using Tell = std::function<void(std::size_t done, std::size_t failed)>;

    /// The first: answers the others from `next` and passes on what they have done, until it is `finished` itself and
    /// all others have gone home with their shards closed.
    void serve(const Next& next, const Tell& tell, const std::function<bool()>& finished);

    /// The others: tells what was done since the last question and asks for the next block, from any thread. Nothing
    /// means that there is no more to do.
    std::optional<std::size_t> ask(std::size_t done, std::size_t failed);
    /// The others: all shards are closed. The last members done and failed.
    void go_home(std::size_t done, std::size_t failed);

    /// Ends all processes of the team at once, with this exit code; shards that are closed stay.
    [[noreturn]] void give_up(int exit_code);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace osteoflare::scenarios
