#include "scenarios/recording/team.hpp"

#include <mpi.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

namespace osteoflare::scenarios {
namespace {

constexpr int question_tag = 1, answer_tag = 2;
constexpr std::int64_t nothing = -1;

/// What a process tells the first one: what it has done since, and whether it asks for more or goes home.
struct Question {
    std::int64_t done = 0, failed = 0, goes_home = 0;
};

} // namespace

struct Team::State {
    int rank = 0, size = 1;
    int n_away = 0; ///< processes that the first has not yet seen go home
    std::mutex mutex;
    bool is_home = false;
};

Team::Team() : state_(std::make_unique<State>())
{
    int provided = 0;
    // The first process speaks from one thread, the others from one thread at a time.
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &state_->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &state_->size);
    state_->n_away = state_->size - 1;
}

Team::~Team()
{
    if (state_->rank == 0) {
        serve([] { return std::nullopt; }, [](std::size_t, std::size_t) {}, [] { return true; });
    } else {
        go_home(0, 0);
    }
    MPI_Finalize();
}

std::size_t Team::rank() const
{
    return static_cast<std::size_t>(state_->rank);
}

std::size_t Team::size() const
{
    return static_cast<std::size_t>(state_->size);
}

void Team::serve(const Next& next, const Tell& tell, const std::function<bool()>& finished)
{
    while (state_->n_away > 0 || !finished()) {
        int is_there = 0;
        MPI_Status status;
        MPI_Iprobe(MPI_ANY_SOURCE, question_tag, MPI_COMM_WORLD, &is_there, &status);
        if (is_there == 0) {
            std::this_thread::sleep_for(std::chrono::microseconds(200)); // the core belongs to a computing thread
            continue;
        }
        Question question;
        MPI_Recv(&question, 3, MPI_INT64_T, status.MPI_SOURCE, question_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        tell(static_cast<std::size_t>(question.done), static_cast<std::size_t>(question.failed));
        if (question.goes_home != 0) {
            --state_->n_away;
            continue;
        }
        const auto block = next();
        const std::int64_t answer = block ? static_cast<std::int64_t>(*block) : nothing;
        MPI_Send(&answer, 1, MPI_INT64_T, status.MPI_SOURCE, answer_tag, MPI_COMM_WORLD);
    }
}

std::optional<std::size_t> Team::ask(std::size_t done, std::size_t failed)
{
    const std::scoped_lock lock(state_->mutex);
    const Question question{static_cast<std::int64_t>(done), static_cast<std::int64_t>(failed), 0};
    MPI_Send(&question, 3, MPI_INT64_T, 0, question_tag, MPI_COMM_WORLD);
    std::int64_t answer = nothing;
    MPI_Recv(&answer, 1, MPI_INT64_T, 0, answer_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return answer == nothing ? std::nullopt : std::optional(static_cast<std::size_t>(answer));
}

void Team::go_home(std::size_t done, std::size_t failed)
{
    if (std::exchange(state_->is_home, true)) {
        return;
    }
    const Question question{static_cast<std::int64_t>(done), static_cast<std::int64_t>(failed), 1};
    MPI_Send(&question, 3, MPI_INT64_T, 0, question_tag, MPI_COMM_WORLD);
}

void Team::give_up(int exit_code)
{
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    std::abort();
}

} // namespace osteoflare::scenarios
