#pragma once

#include "scenarios/patient_page/life.hpp"

#include <string>

namespace osteoflare::scenarios::patients {

/// What the page's pictures are drawn from, as JSON (output/patient_page/page.js reads it). Days count since the child
/// has been followed. Marrow oedema, pain and VAS are in hundredths, CRP is in tenths of mg/L.
std::string page_data(const Trial& trial, const Life& life);

} // namespace osteoflare::scenarios::patients
