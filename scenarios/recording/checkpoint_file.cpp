#include "scenarios/recording/checkpoint_file.hpp"

#include "output/descriptor.hpp"
#include "output/format_version.hpp"
#include "output/part_file.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

namespace osteoflare::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view opening = "osteoflare checkpoint 1\n";
constexpr const char* advice = "start afresh with --force";

std::string_view text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

fs::path checkpoint_of(const fs::path& results)
{
    return fs::path(results.string() + ".checkpoint");
}

bool goes_on_from(const fs::path& checkpoint, bool resume, bool overwrite)
{
    std::error_code ignored;
    fs::remove(checkpoint.string() + ".part", ignored);
    const bool is_begun = fs::exists(checkpoint);
    if (is_begun && !resume && !overwrite) {
        throw output::FileError(checkpoint, "holds a run that was interrupted", "it would be lost",
                                "go on with it with --resume, or start afresh with --force");
    }
    return is_begun && resume;
}

void write_checkpoint(const fs::path& path, const output::Digest& study, std::span<const std::byte> state)
{
    const auto owner = std::as_bytes(std::span(study));
    output::Checksum sum;
    sum.add(owner);
    sum.add(state);
    const output::Digest digest = sum.digest();
    output::PartFile part(path, true);
    part.append(opening);
    part.append(text_of(std::as_bytes(std::span(digest))));
    part.append(text_of(owner));
    part.append(text_of(state));
    part.take_name();
}

std::vector<std::byte> read_checkpoint(const fs::path& path, const output::Digest& study)
{
    const output::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto size = file.number() < 0 ? std::nullopt : output::file_size(file.number());
    std::vector<std::byte> bytes(size ? static_cast<std::size_t>(*size) : 0);
    if (!size || !output::read_at(file.number(), 0, bytes)) {
        throw output::FileError(path, "cannot be read", output::system_reason(errno), advice);
    }
    output::refuse_later(path, text_of(bytes), opening);
    constexpr std::size_t head = opening.size() + 2 * sizeof(output::Digest);
    if (bytes.size() < head || text_of(bytes).substr(0, opening.size()) != opening) {
        refuse_checkpoint(path, "it does not begin like a checkpoint");
    }
    const auto digest_at = [&](std::size_t place) {
        output::Digest digest;
        std::copy_n(reinterpret_cast<const unsigned char*>(bytes.data() + place), digest.size(), digest.begin());
        return digest;
    };
    constexpr std::size_t content = opening.size() + sizeof(output::Digest);
    if (output::checksum(std::span<const std::byte>(bytes).subspan(content)) != digest_at(opening.size())) {
        refuse_checkpoint(path, "its checksum does not fit");
    }
    if (digest_at(content) != study) {
        throw output::FileError(path, "is of another run", "scenario, options or program have changed since",
                                std::string(advice) + ", or choose another name with -o");
    }
    return {bytes.begin() + static_cast<std::ptrdiff_t>(head), bytes.end()};
}

void refuse_checkpoint(const fs::path& path, const std::string& why)
{
    throw output::FileError(path, "is damaged", why, advice);
}

} // namespace osteoflare::scenarios
