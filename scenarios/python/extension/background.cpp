#include "scenarios/python/extension/background.hpp"

#include <utility>

namespace osteoflare::python {

namespace py = pybind11;

void Told::progress(double done, double total, std::size_t failed)
{
    const std::scoped_lock lock(mutex_);
    is_new_ = true;
    done_ = done;
    total_ = total;
    failed_ = failed;
}

void Told::remark(const std::string& text)
{
    const std::scoped_lock lock(mutex_);
    remarks_.push_back(text);
}

void Attendant::pass_on()
{
    std::vector<std::string> remarks;
    bool is_new = false;
    double done = 0, total = 0;
    std::size_t failed = 0;
    {
        const std::scoped_lock lock(told_.mutex_); // not while Python runs, which may take its time
        remarks = std::exchange(told_.remarks_, {});
        is_new = std::exchange(told_.is_new_, false);
        done = told_.done_;
        total = told_.total_;
        failed = told_.failed_;
    }
    for (const std::string& text : remarks) {
        if (!listeners_.remark.is_none()) {
            listeners_.remark(text);
        }
    }
    if (is_new && !listeners_.progress.is_none()) {
        listeners_.progress(done, total, failed);
    }
}

void Attendant::attend(const std::function<bool(std::chrono::milliseconds)>& is_over)
{
    constexpr std::chrono::milliseconds moment{50}, while_stopping{1000};
    for (bool over = false; !over;) {
        over = is_over(moment);
        const py::gil_scoped_acquire lock;
        try {
            if (PyErr_CheckSignals() != 0) {
                throw py::error_already_set();
            }
            pass_on();
        } catch (py::error_already_set&) {
            stop_ = true;
            const py::gil_scoped_release others_may_run;
            while (!is_over(while_stopping)) {
            }
            throw;
        }
    }
}

} // namespace osteoflare::python
