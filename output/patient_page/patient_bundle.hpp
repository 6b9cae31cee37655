#pragma once

#include <string_view>

/// What the build made of the patient's page: script, style, and the drawing (skeleton.svg).
namespace osteoflare::output {

std::string_view patient_script();
std::string_view patient_style();
std::string_view skeleton();

} // namespace osteoflare::output
