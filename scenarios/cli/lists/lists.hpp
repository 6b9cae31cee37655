#pragma once

#include "model/description.hpp"
#include "scenarios/cli/lists/listing.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::cli {

/// What `list` can list.
extern const std::vector<std::string> kinds;

/// Whether each model has a list of this kind.
bool is_of_model(const std::string& kind);

/// The models that have lists: those that `run` knows, in their order, and the patient.
std::vector<std::string> listed_models();
inline constexpr std::string_view patient_model = "patient";

/// A list of one of `kinds`; `model` is one of listed_models, and means nothing to lists of all models.
Listing list_of(const std::string& kind, const std::string& model);

/// The columns of a model's quantities; `with_value` if each has a default and an origin.
Listing quantities(const std::vector<model::Description>& entries, bool with_value);

/// The lists of a patient: those of its model, and `sites`, `population`, `regimens` and `drugs`.
Listing list_of_patients(const std::string& kind);

/// How the patient stands in the list of models.
std::vector<std::string> patient_as_model();

} // namespace osteoflare::cli
