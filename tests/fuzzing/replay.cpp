// Feeds every reader with the corpus of its name, without libFuzzer: what ever broke one must not break it again.

#include "fuzzing/targets.hpp"
#include "scenarios/reading/library_tables.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

using namespace osteoflare::fuzzing;
namespace fs = std::filesystem;

namespace {

/// Whether the reader bore it.
bool replay(const Target& target, const fs::path& file)
{
    const std::string input = osteoflare::scenarios::read_text(file);
    try {
        target.read(input);
        return true;
    } catch (const std::exception& error) {
        std::printf("%s: %s\n", file.c_str(), error.what());
    } catch (...) {
        std::printf("%s: something that is no exception\n", file.c_str());
    }
    return false;
}

} // namespace

/// replay CORPUS
int main(int n_arguments, char** arguments)
{
    std::size_t n_files = 0, n_broken = 0;
    for (const Target& target : targets()) {
        const fs::path folder = fs::path(n_arguments > 1 ? arguments[1] : "") / target.name;
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder)) {
            files.push_back(entry.path());
        }
        std::ranges::sort(files);
        for (const fs::path& file : files) {
            std::fprintf(stderr, "%s\n", file.c_str()); // the last one tells who crashed
            n_broken += replay(target, file) ? 0 : 1;
        }
        n_files += files.size();
        if (files.empty()) {
            std::printf("%s: there is nothing to feed it with\n", folder.c_str());
            return 1;
        }
    }
    std::printf("%zu inputs for %zu readers: %zu broke one\n", n_files, targets().size(), n_broken);
    return n_broken == 0 ? 0 : 1;
}
